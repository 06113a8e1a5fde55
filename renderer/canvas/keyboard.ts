import type { Point } from '../../core/geometry/shapes.ts';
import type { Editor } from '../editor/editor.svelte.ts';

/** The direction of each arrow key: right and down are positive. */
export const arrows: ReadonlyMap<string, Point> = new Map([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, -1]],
  ['ArrowDown', [0, 1]],
]);

/**
 * Lets keys do on the canvas what a pointer does: arrows move the crosshair, Space places when it
 * is let go (held, it moves the image), and so does Enter where the crosshair has come to a new
 * place; otherwise Enter finishes or accepts, as it does without a crosshair. While regions are
 * selected with the select tool, arrows move those; Alt brings the crosshair, Escape puts it away.
 */
export function listenToKeys(element: HTMLElement, editor: Editor): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  /** Whether Space went down here, and did not lead here from elsewhere. */
  let isSpaceHere = false;
  const place = (event: KeyboardEvent) =>
    editor.tools.crosshair.place({ shift: event.shiftKey, alt: event.altKey, ctrl: false });

  element.addEventListener(
    'keydown',
    (event) => {
      const { crosshair } = editor.tools;
      if (event.ctrlKey || event.metaKey) return;
      isSpaceHere = event.key === ' ';
      const direction = arrows.get(event.key);
      const isPlacing = event.key === 'Enter' && crosshair.isMoved;
      const isPuttingAway =
        event.key === 'Escape' &&
        crosshair.at &&
        editor.tools.toolId === 'select' &&
        !editor.machine.isPressed;
      if (direction && event.altKey) crosshair.move(direction, event.shiftKey);
      else if (direction) editor.tools.arrow(direction, event.shiftKey);
      else if (isPlacing && !event.repeat) place(event);
      else if (isPuttingAway) crosshair.hide();
      if (direction || isPlacing || isPuttingAway) event.preventDefault();
    },
    { signal },
  );
  element.addEventListener(
    'keyup',
    (event) => {
      const isPlacing = event.key === ' ' && isSpaceHere && !event.defaultPrevented;
      if (isPlacing && editor.tools.crosshair.at) place(event);
      if (event.key === ' ') isSpaceHere = false;
    },
    { signal },
  );
  window.addEventListener(
    'keyup',
    (event) => {
      if (arrows.has(event.key)) editor.machine.arrowUp();
    },
    { signal },
  );
  // Keys released in another window cause no event here.
  window.addEventListener('blur', () => editor.machine.arrowUp(), { signal });
  // The mouse takes over.
  element.addEventListener('pointermove', () => editor.tools.crosshair.hide(), { signal });
  return () => stop.abort();
}
