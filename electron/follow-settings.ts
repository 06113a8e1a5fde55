import { app, nativeTheme } from 'electron';
import { settingsSchema } from '../app/api/settings.ts';
import { speak } from './texts.ts';

/**
 * Lets menus, dialogs and the frame be light or dark, and the shell's own texts be in the
 * language, as the settings say, whenever they pass by.
 */
export function followSettings(method: string, answer: unknown): void {
  const settings =
    method === 'settings.set'
      ? answer
      : method === 'settings.get'
        ? (answer as { settings: unknown }).settings
        : undefined;
  const parsed = settingsSchema.safeParse(settings);
  if (!parsed.success) return;
  nativeTheme.themeSource = parsed.data.theme;
  speak(parsed.data.language, app.getPreferredSystemLanguages());
}
