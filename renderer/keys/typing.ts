/** Fields in which letters and Space are text, or choose by the first letter. */
const textFields =
  'input:not([type=radio], [type=checkbox], [type=range], [type=color], [type=file]), textarea, select:not([data-clicked])';

/**
 * Whether keys are text for what has the focus. A list of choices takes letters only where keys
 * led to it.
 */
export function isTyping(target: EventTarget | null): boolean {
  return isElement(target) && target.matches(textFields);
}

/**
 * Notes that a pointer pressed a list of choices. After the click the person goes on with
 * the image, so letters stay commands although the list keeps the focus.
 */
export function noteClick({ target }: Event): void {
  const list = isElement(target) ? target.closest('select') : null;
  list?.setAttribute('data-clicked', '');
  list?.addEventListener('blur', () => list.removeAttribute('data-clicked'), { once: true });
}

/** An element, or what a test has in its place; the window is none. */
export function isElement(target: EventTarget | null): target is HTMLElement {
  return target !== null && 'matches' in target;
}
