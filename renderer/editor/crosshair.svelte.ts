import type { Point } from '../../core/geometry/shapes.ts';
import { toScreen } from './camera.ts';
import { clampPoint, type Size } from './tools/bounds.ts';
import type { ToolId, ToolMachine, ToolPointer } from './tools/tool.ts';
import type { View } from './view.svelte.ts';

/** One press of an arrow key, on the screen; zooming in makes it finer, down to one image pixel. */
const stepPx = 4;
const largeStep = 10;
/** The crosshair stays this far from the edge of the canvas. */
const marginPx = 32;

/** Tools whose gesture is a drag: one press begins it, another one ends it. */
const dragTools: ReadonlySet<ToolId> = new Set(['box', 'rectangle', 'scribble', 'brush', 'eraser']);

type Held = Pick<ToolPointer, 'shift' | 'alt' | 'ctrl'>;

/** What the crosshair works on; an editor. */
interface Target {
  readonly imageSize: Size;
  readonly machine: ToolMachine;
  readonly view: View;
}

/** A pointer that keys move: all that a mouse does on the canvas can be done with it. */
export class Crosshair {
  /** In image pixels; null until keys are used, and after the mouse is. */
  at = $state.raw<Point | null>(null);
  /** Whether it was moved since it was used last; Enter is for finishing and accepting when it was not. */
  isMoved = false;
  /** What it did last, for those who do not see it. */
  lastPlaced = $state.raw<{ readonly at: Point; readonly isPressed: boolean } | null>(null);
  readonly #target: Target;

  constructor(target: Target) {
    this.#target = target;
  }

  hide(): void {
    this.at = null;
    this.isMoved = false;
  }

  /** Moves by steps to the right and down; shows it in the middle of what is seen first. */
  move([right, down]: Point, isLarge: boolean): void {
    const { view, imageSize, machine } = this.#target;
    const step = Math.max(1, Math.round(stepPx / view.camera.scale)) * (isLarge ? largeStep : 1);
    const [x, y] = this.at ?? this.#middle();
    const at = clampPoint([x + right * step, y + down * step], imageSize);
    this.at = at;
    this.isMoved = true;
    this.#keepInSight(at);
    machine.pointerMove(this.#pointer(at, { shift: false, alt: false, ctrl: false }));
  }

  /** Does what a click does, or begins or ends what a drag does. */
  place(held: Held): void {
    const { machine, imageSize } = this.#target;
    const at = this.at ?? this.#middle();
    this.at = at;
    this.isMoved = false;
    if (machine.isPressed) {
      machine.pointerUp(this.#pointer(at, held));
    } else {
      // The far edges lie outside, where no click can begin.
      const { width, height } = imageSize;
      const inside = clampPoint(at, { width: width - 1, height: height - 1 });
      machine.pointerDown(this.#pointer(inside, held));
      // A vertex that was taken hold of is dragged, everything else under the select tool is clicked.
      const isDrag = dragTools.has(machine.tool.id) || machine.path === 'select.reshaping';
      if (!isDrag) machine.pointerUp(this.#pointer(inside, held));
    }
    this.lastPlaced = { at, isPressed: machine.isPressed };
  }

  #middle(): Point {
    const { view, imageSize } = this.#target;
    const { scale, x, y } = view.camera;
    const { width, height } = view.viewport;
    const [column, row] = clampPoint(
      [(width / 2 - x) / scale, (height / 2 - y) / scale],
      imageSize,
    );
    return [Math.round(column), Math.round(row)];
  }

  #keepInSight(at: Point): void {
    const { view } = this.#target;
    const { width, height } = view.viewport;
    const [x, y] = toScreen(view.camera, at);
    const missing = (value: number, size: number) =>
      Math.min(Math.max(value, Math.min(marginPx, size / 2)), Math.max(size - marginPx, size / 2)) -
      value;
    view.pan(missing(x, width), missing(y, height));
  }

  #pointer(at: Point, held: Held): ToolPointer {
    return { at, button: 'left', ...held, screenPixel: 1 / this.#target.view.camera.scale };
  }
}
