/**
 * Gives a form the focus at once, so that no key is lost, and again after the press on the canvas
 * that brought it here: the browser focuses the canvas when the press is over.
 * @param focus puts the focus where it belongs
 */
export async function keepFocus(focus: () => void): Promise<void> {
  focus();
  await new Promise((resolve) => requestAnimationFrame(resolve));
  if (document.activeElement?.closest('[role=application]')) focus();
}
