import type { Point } from '../../core/geometry/shapes.ts';
import { toImage } from '../editor/camera.ts';
import type { Editor } from '../editor/editor.svelte.ts';
import type { ToolPointer } from '../editor/tools/tool.ts';

const zoomPerWheelPixel = 0.0015;

/**
 * Turns pointer and wheel events into camera moves and tool events in image coordinates. Space and the middle
 * button move the image whatever the tool does.
 */
export function listenToPointer(element: HTMLElement, editor: Editor): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let panning: Point | null = null;
  let isSpaceDown = false;

  const screenPoint = (event: MouseEvent): Point => {
    const bounds = element.getBoundingClientRect();
    return [event.clientX - bounds.left, event.clientY - bounds.top];
  };
  const toolPointer = (event: PointerEvent): ToolPointer => ({
    at: toImage(editor.view.camera, screenPoint(event)),
    button: event.button === 2 ? 'right' : 'left',
    shift: event.shiftKey,
    alt: event.altKey,
    screenPixel: 1 / editor.view.camera.scale,
  });

  element.addEventListener(
    'pointerdown',
    (event) => {
      element.setPointerCapture(event.pointerId);
      if (event.button === 1 || isSpaceDown) {
        event.preventDefault();
        panning = [event.clientX, event.clientY];
      } else if (editor.document.image) {
        editor.machine.pointerDown(toolPointer(event));
      }
    },
    { signal },
  );
  element.addEventListener(
    'pointermove',
    (event) => {
      if (panning) {
        editor.view.pan(event.clientX - panning[0], event.clientY - panning[1]);
        panning = [event.clientX, event.clientY];
      } else if (editor.document.image) {
        editor.machine.pointerMove(toolPointer(event));
      }
    },
    { signal },
  );
  element.addEventListener(
    'pointerup',
    (event) => {
      if (panning) panning = null;
      else if (editor.document.image) editor.machine.pointerUp(toolPointer(event));
    },
    { signal },
  );
  element.addEventListener(
    'pointercancel',
    () => {
      panning = null;
      editor.machine.cancel();
    },
    { signal },
  );
  element.addEventListener('pointerleave', () => editor.regions.hover(null), { signal });
  element.addEventListener('dblclick', () => editor.machine.finish(), { signal });
  element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      editor.view.zoom(Math.exp(-event.deltaY * lines * zoomPerWheelPixel), screenPoint(event));
    },
    { signal, passive: false },
  );
  const setSpace = (isDown: boolean) => (event: KeyboardEvent) => {
    if (event.code !== 'Space' || (isDown && document.activeElement !== element)) return;
    if (isDown) event.preventDefault();
    isSpaceDown = isDown;
    element.classList.toggle('panning', isDown);
  };
  window.addEventListener('keydown', setSpace(true), { signal });
  window.addEventListener('keyup', setSpace(false), { signal });
  return () => stop.abort();
}
