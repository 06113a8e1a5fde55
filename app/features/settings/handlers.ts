import { personOf } from '../../../core/project/person.ts';
import { withoutUndefined } from '../../api/without-undefined.ts';
import type { HandlersOf } from '../../session.ts';

export const settingsHandlers: HandlersOf<'settings'> = {
  'settings.get': async (_, { settings, windows, window }) => {
    const read = await settings.read();
    windows.person = personOf(read.settings.person);
    const linked = windows.linkedPerson(window);
    if (!linked) return read;
    return { ...read, settings: { ...read.settings, person: linked.name } };
  },
  // The name of a person who came by a link is theirs alone, not that of this machine.
  'settings.set': async (input, { settings, windows, window }) => {
    const changed = withoutUndefined(input);
    if (window === undefined || !windows.linkedPerson(window)) {
      const written = await settings.change(changed);
      windows.setPerson(personOf(written.person));
      return written;
    }
    const { person, ...ofAll } = changed;
    const written = await settings.change(ofAll);
    const own = personOf(person ?? null) ?? windows.linkedPerson(window)!;
    windows.rename(window, own);
    return { ...written, person: own.name };
  },
};
