import type { HandlersOf } from '../../session.ts';

export const settingsHandlers: HandlersOf<'settings'> = {
  'settings.get': (_, { settings }) => settings.read(),
  'settings.set': (input, { settings }) => settings.write(input),
};
