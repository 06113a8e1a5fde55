import type { ApplicationParts, HandlersOf } from './parts.ts';

export function settingsHandlers({ settings }: ApplicationParts): HandlersOf<'settings'> {
  return {
    'settings.get': () => settings.read(),
    'settings.set': (input) => settings.write(input),
  };
}
