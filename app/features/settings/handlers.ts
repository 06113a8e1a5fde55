import { personOf } from '../../../core/project/person.ts';
import type { HandlersOf } from '../../session.ts';

export const settingsHandlers: HandlersOf<'settings'> = {
  'settings.get': async (_, { settings, windows }) => {
    const read = await settings.read();
    windows.person = personOf(read.settings.person);
    return read;
  },
  'settings.set': async (input, { settings, windows }) => {
    const written = await settings.write(input);
    windows.person = personOf(written.person);
    return written;
  },
};
