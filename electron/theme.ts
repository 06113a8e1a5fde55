import { nativeTheme } from 'electron';

/** What a window shows before its page has painted; the same as the page's ground. */
export function groundColor(): string {
  return nativeTheme.shouldUseDarkColors ? '#15181c' : '#f1f3f6';
}
