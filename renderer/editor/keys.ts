/** A key press, as much of it as shortcuts look at. */
export interface KeyPress {
  readonly key: string;
  /** The physical key, for layouts whose letters are not Latin. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/**
 * Whether a press is a shortcut such as `Ctrl+Shift+Z`, `D` or `?`. `Ctrl` is the Command key on a Mac.
 * Shift counts only where the shortcut names it or the key is a letter, since it makes `?` what it is.
 */
export function matchesKeys(press: KeyPress, shortcut: string): boolean {
  const parts = shortcut === '+' ? ['+'] : shortcut.split('+');
  const key = parts.at(-1)!;
  const wants = (modifier: string) => parts.slice(0, -1).includes(modifier);
  if (keyName(press) !== key.toLowerCase()) return false;
  if ((press.ctrlKey || press.metaKey) !== wants('Ctrl')) return false;
  if (press.altKey !== wants('Alt')) return false;
  return press.shiftKey === wants('Shift') || /^[^\p{L}\p{N}]$/u.test(key);
}

function keyName({ key, code }: KeyPress): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  const isForeignLetter = /^[^\p{Script=Latin}]$/u.test(key) && /^\p{L}$/u.test(key);
  if (letter && isForeignLetter) return letter.toLowerCase();
  return key === ' ' ? 'space' : key.toLowerCase();
}
