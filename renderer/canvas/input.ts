import type { Point } from '../../core/geometry/shapes.ts';
import { toImage } from '../editor/camera.ts';
import type { Editor } from '../editor/editor.svelte.ts';
import type { ToolPointer } from '../editor/tools/tool.ts';
import { HeldKeys } from '../keys/held-keys.ts';
import { Pinch } from './pinch.ts';
import { WheelHand } from './wheel-hand.ts';

const zoomPerWheelPixel = 0.0015;
/** Browsers report a pinch on a trackpad as small turns of a wheel with Ctrl. */
const zoomPerPinchPixel = 0.01;
const mostPinchPixels = 25;
const pixelsPerLine = 16;

/**
 * Turns pointer and wheel events into camera moves and tool events in image coordinates. Space and
 * the middle button move the image whatever the tool does; so do two fingers, on the screen or on a
 * trackpad, and a wheel that is turned sideways.
 */
export function listenToPointer(element: HTMLElement, editor: Editor): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const pinch = new Pinch();
  const hand = new WheelHand();
  let panning: Point | null = null;
  const held = new HeldKeys(window, signal, (isDown) =>
    element.classList.toggle('panning', isDown),
  );

  const screenPoint = (event: MouseEvent): Point => {
    const bounds = element.getBoundingClientRect();
    return [event.clientX - bounds.left, event.clientY - bounds.top];
  };
  const toolPointer = (event: PointerEvent): ToolPointer => ({
    at: toImage(editor.view.camera, screenPoint(event)),
    button: event.button === 2 ? 'right' : 'left',
    shift: event.shiftKey,
    alt: event.altKey,
    ctrl: event.ctrlKey || event.metaKey,
    screenPixel: 1 / editor.view.camera.scale,
  });

  element.addEventListener(
    'pointerdown',
    (event) => {
      element.setPointerCapture(event.pointerId);
      held.use();
      if (event.pointerType === 'touch' && pinch.down(event.pointerId, screenPoint(event))) {
        // The gesture of the first finger did not belong to the tool.
        editor.machine.cancel();
      } else if (event.button === 1 || held.isSpaceDown) {
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
      const move = pinch.move(event.pointerId, screenPoint(event));
      if (move) {
        editor.view.zoom(move.factor, move.at);
        editor.view.pan(...move.by);
      } else if (panning) {
        editor.view.pan(event.clientX - panning[0], event.clientY - panning[1]);
        panning = [event.clientX, event.clientY];
      } else if (editor.document.image && !pinch.isActive) {
        editor.machine.pointerMove(toolPointer(event));
      }
    },
    { signal },
  );
  element.addEventListener(
    'pointerup',
    (event) => {
      const wasPinch = pinch.up(event.pointerId);
      if (panning) panning = null;
      else if (editor.document.image && !wasPinch) editor.machine.pointerUp(toolPointer(event));
    },
    { signal },
  );
  element.addEventListener(
    'pointercancel',
    (event) => {
      pinch.up(event.pointerId);
      panning = null;
      editor.machine.cancel();
    },
    { signal },
  );
  element.addEventListener(
    'pointerleave',
    () => {
      editor.regions.hover(null);
      editor.machine.pointerLeave();
    },
    { signal },
  );
  element.addEventListener('dblclick', () => held.isSpaceDown || editor.machine.finish(), {
    signal,
  });
  element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      held.use();
      const isForBrush = editor.tools.definition.options.includes('brush-size');
      if (event.altKey && isForBrush) {
        editor.tools.options.growBrush(event.deltaY < 0 ? 1 : -1);
        return;
      }
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? pixelsPerLine : 1;
      const [x, y] = [event.deltaX * unit, event.deltaY * unit];
      const isSideways = !event.ctrlKey && Math.abs(x) > Math.abs(y);
      const isPanned = isSideways || hand.isTrackpad(event, event.timeStamp);
      // A real wheel with Ctrl turns further at once than fingers do.
      const turn = event.ctrlKey
        ? Math.min(Math.max(y, -mostPinchPixels), mostPinchPixels) * zoomPerPinchPixel
        : y * zoomPerWheelPixel;
      if (isPanned) editor.view.pan(-x, -y);
      else editor.view.zoom(Math.exp(-turn), screenPoint(event));
    },
    { signal, passive: false },
  );
  return () => stop.abort();
}
