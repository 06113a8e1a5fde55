import { FocusTarget } from './editor/focus-target.ts';

/** Selectors of the parts of the window in reading order, for quick keyboard access. */
const paneSelector = '[data-pane]';
const focusableSelector =
  'button:not(:disabled, [tabindex="-1"]), input:not(:disabled), select, textarea, [tabindex="0"]';

export const canvasFocus = new FocusTarget();

/** Puts the focus on the canvas, where a project is open and has an image. */
export function focusCanvas(): void {
  canvasFocus.focus();
}

/** Moves the focus to the next or previous part of the window, around the ends. */
export function walkPanes(step: 1 | -1): void {
  const panes = Array.from(document.querySelectorAll<HTMLElement>(paneSelector));
  const current = panes.findIndex((pane) => pane.contains(document.activeElement));
  const start = current < 0 && step < 0 ? 0 : current;
  for (let distance = 1; distance <= panes.length; distance++) {
    const pane = panes.at((start + step * distance) % panes.length)!;
    const entry =
      pane.tabIndex === 0
        ? pane
        : (pane.querySelector<HTMLElement>('[aria-current=true], [aria-selected=true]') ??
          pane.querySelector<HTMLElement>(focusableSelector));
    entry?.focus();
    if (pane.contains(document.activeElement)) return;
  }
}
