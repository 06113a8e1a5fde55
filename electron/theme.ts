import { nativeTheme } from 'electron';

/** Background colour before the first paint; the same as that of the page. */
export function groundColor(): string {
  return nativeTheme.shouldUseDarkColors ? '#15181c' : '#f1f3f6';
}
