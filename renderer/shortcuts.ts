import { commands } from './commands.ts';
import { keysOfPress } from './keys/press.ts';
import type { Studio } from './studio.svelte.ts';

/** Keys that controls use themselves while they have the focus. */
const keysOfControls = /^(Enter|Tab| |Arrow.*|Page.*|Home|End)$/;
/** Keys that edit text or move the cursor in it while Ctrl is held. */
const keysOfText = /^([acvxyz]|Arrow.*|Home|End|Backspace|Delete)$/i;

/** Runs the command of a key press, unless the press belongs to what has the focus. */
export function runCommandFor(event: KeyboardEvent, studio: Studio): void {
  if (event.isComposing || event.defaultPrevented || studio.dialog || belongsToFocus(event)) return;
  for (const keys of keysOfPress(event)) {
    const command = commands.find((known) => known.keys.includes(keys));
    if (!command?.isEnabled(studio)) continue;
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
    const isHeld = event.ctrlKey || event.metaKey;
    return isHeld ? keysOfText.test(event.key) : !/^F\d+$/.test(event.key);
  }
  const isControl = target.closest('button, a, input, [role=dialog], [role=option]') !== null;
  return isControl && keysOfControls.test(event.key) && !event.ctrlKey;
}
