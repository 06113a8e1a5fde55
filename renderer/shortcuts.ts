import { commands } from './commands.ts';
import { matchesKeys } from './editor/keys.ts';
import type { Studio } from './studio.svelte.ts';

/** Keys that controls use themselves while they have the focus. */
const keysOfControls = new Set(['Enter', 'Tab', ' ', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown']);

/** Runs the command of a key press, unless the press belongs to what has the focus. */
export function runCommandFor(event: KeyboardEvent, studio: Studio): void {
  if (event.isComposing || event.defaultPrevented || studio.dialog || belongsToFocus(event)) return;
  for (const command of commands) {
    const keys = command.keys.find((shortcut) => matchesKeys(event, shortcut));
    if (!keys || !command.isEnabled(studio)) continue;
    event.preventDefault();
    command.run(studio, keys);
    return;
  }
}

function belongsToFocus(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  const isTyping = target.matches('input:not([type=radio], [type=checkbox]), textarea, select');
  if (isTyping) {
    if (event.key === 'Escape') target.blur();
    const isOwnShortcut = !event.ctrlKey && !event.metaKey && !/^F\d+$/.test(event.key);
    return isOwnShortcut || ['a', 'c', 'v', 'x', 'y', 'z'].includes(event.key.toLowerCase());
  }
  const isControl = target.closest('button, a, [role=dialog], [role=option]') !== null;
  return isControl && keysOfControls.has(event.key) && !event.ctrlKey;
}
