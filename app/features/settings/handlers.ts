import { personOf } from '../../../core/project/person.ts';
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
    if (window === undefined || !windows.linkedPerson(window)) {
      const written = await settings.write(input);
      windows.setPerson(personOf(written.person));
      return written;
    }
    const { person } = await settings.peek();
    const written = await settings.write({ ...input, person });
    const own = personOf(input.person) ?? windows.linkedPerson(window)!;
    windows.rename(window, own);
    return { ...written, person: own.name };
  },
};
