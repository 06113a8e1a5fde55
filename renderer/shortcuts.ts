import { commands } from './commands.ts';
import { keysOfPress } from './keys/press.ts';
import { isElement, isTyping } from './keys/typing.ts';
import { focusCanvas } from './panes.ts';
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
  if (!isElement(target)) return false;
  if (isTyping(target)) {
    if (endsTyping(event, target)) {
      target.blur();
      if (!isInDialog(target)) focusCanvas();
    }
    const isHeld = event.ctrlKey || event.metaKey;
    return isHeld ? keysOfText.test(event.key) : !isNoText(event);
  }
  const isControl = target.closest('button, a, input, select, [role=dialog], [role=option]');
  return isControl !== null && keysOfControls.test(event.key) && !event.ctrlKey;
}

/** Keys that type nothing. Where Alt and a digit type a sign, as on a Mac, the key is that sign. */
function isNoText({ key, altKey }: KeyboardEvent): boolean {
  return /^F\d+$/.test(key) || (altKey && /^\d$/.test(key));
}

/**
 * Escape, and Enter in a line of its own; a form's Enter is for the form. The next keys are
 * commands.
 */
function endsTyping({ key }: KeyboardEvent, field: HTMLElement): boolean {
  const isLine = field.matches('input:not(form input)') && !isInDialog(field);
  return key === 'Escape' || (key === 'Enter' && isLine);
}

function isInDialog(field: HTMLElement): boolean {
  return field.closest('[role=dialog]') !== null;
}
