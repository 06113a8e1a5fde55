import { nativeTheme } from 'electron';
import { settingsSchema } from '../app/api/settings.ts';

/** Lets menus, dialogs and the frame be light or dark as the settings say, whenever they pass by. */
export function followTheme(method: string, answer: unknown): void {
  const settings =
    method === 'settings.set'
      ? answer
      : method === 'settings.get'
        ? (answer as { settings: unknown }).settings
        : undefined;
  const parsed = settingsSchema.safeParse(settings);
  if (parsed.success) nativeTheme.themeSource = parsed.data.theme;
}

/** What a window shows before its page has painted; the same as the page's ground. */
export function groundColor(): string {
  return nativeTheme.shouldUseDarkColors ? '#15181c' : '#f1f3f6';
}
