import { personOf } from '../../core/project/person.ts';
import type { ApplicationParts, HandlersOf } from './parts.ts';

export function settingsHandlers({ settings, windows }: ApplicationParts): HandlersOf<'settings'> {
  return {
    'settings.get': async () => {
      const read = await settings.read();
      windows.person = personOf(read.settings.person);
      return read;
    },
    'settings.set': async (input) => {
      const written = await settings.write(input);
      windows.person = personOf(written.person);
      return written;
    },
  };
}
