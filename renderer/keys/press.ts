/**
 * Keys are written as `Ctrl+Alt+Shift+Z`, in this order, with the name that `KeyboardEvent.key`
 * has for them; letters are capitals and the space bar is `Space`. `Ctrl` is the Command key on a
 * Mac.
 */

/** A key press, as much of it as shortcuts look at. */
export interface KeyPress {
  readonly key: string;
  /** The physical key, for layouts that have another character there. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const modifiers = new Set(['Control', 'Meta', 'Alt', 'AltGraph', 'Shift', 'CapsLock', 'Fn']);

/** Signs of a Latin keyboard, for keyboards with other letters. */
const latinSigns: Readonly<Record<string, string>> = {
  Minus: '-',
  Equal: '=',
  BracketLeft: '[',
  BracketRight: ']',
  Semicolon: ';',
  Quote: "'",
  Backquote: '`',
  Backslash: '\\',
  Comma: ',',
  Period: '.',
  Slash: '/',
};

/**
 * The keys that a press can be taken for, the likeliest first: by the character that it makes,
 * then by the place of the key, for Cyrillic letters, for digits that need Shift (AZERTY) and for
 * what Alt makes of letters on a Mac. Empty while only modifiers are down.
 */
export function keysOfPress(press: KeyPress): readonly string[] {
  if (modifiers.has(press.key) || press.key === 'Dead') return placeOf(press);
  const character = press.key === ' ' ? 'Space' : capital(press.key);
  // A sign is what Shift makes of a key, so Shift says nothing more about it.
  const isSign = /^[^\p{L}\p{N}]$/u.test(character);
  const byCharacter = withModifiers(press, character, !isSign);
  return [...new Set([byCharacter, ...placeOf(press)])];
}

function placeOf(press: KeyPress): string[] {
  const letter = /^Key([A-Z])$/.exec(press.code)?.[1];
  const isLatin = /^[A-Za-z]$/.test(press.key);
  if (letter) return isLatin ? [] : [withModifiers(press, letter, true)];
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(press.code)?.[1];
  // Without Num Lock the number pad moves and deletes.
  if (digit) return press.key.length > 1 ? [] : [withModifiers(press, digit, true)];
  const sign = latinSigns[press.code];
  const isForeign = /^\p{L}$/u.test(press.key) && !/^\p{Script=Latin}$/u.test(press.key);
  return sign && isForeign ? [withModifiers(press, sign, false)] : [];
}

function withModifiers(press: KeyPress, key: string, withShift: boolean): string {
  const held = [
    (press.ctrlKey || press.metaKey) && 'Ctrl+',
    press.altKey && 'Alt+',
    withShift && press.shiftKey && 'Shift+',
  ];
  return held.filter(Boolean).join('') + key;
}

function capital(key: string): string {
  return key.length === 1 ? key.toUpperCase() : key;
}

const runsOnMac = navigator.platform.startsWith('Mac');

const shortNames: Readonly<Record<string, string>> = {
  Escape: 'Esc',
  Delete: 'Del',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};
const macModifiers: Readonly<Record<string, string>> = { Ctrl: '⌘', Alt: '⌥', Shift: '⇧' };

/** Keys as they are shown to people: `Ctrl+PgDn`, on a Mac `⌘PgDn`. */
export function shownKeys(keys: string, isMac = runsOnMac): string {
  const { held, key } = splitKeys(keys);
  const name = shortNames[key] ?? key;
  return isMac
    ? held.map((modifier) => macModifiers[modifier]).join('') + name
    : [...held, name].join('+');
}

/** Keys as `aria-keyshortcuts` has them: `Control+PageDown`, on a Mac `Meta+PageDown`. */
export function ariaKeys(keys: string, isMac = runsOnMac): string {
  return keys.replace(/^Ctrl\+/, isMac ? 'Meta+' : 'Control+');
}

function splitKeys(keys: string): { held: string[]; key: string } {
  const parts = keys.endsWith('+')
    ? [...keys.slice(0, -1).split('+').slice(0, -1), '+']
    : keys.split('+');
  return { held: parts.slice(0, -1), key: parts.at(-1)! };
}
