import type { Point } from '../../core/geometry/shapes.ts';
import { toScreen } from './camera.ts';
import { clampPoint, type Size } from './tools/bounds.ts';
import type { ToolMachine, ToolPointer } from './tools/tool.ts';
import type { View } from './view.svelte.ts';

/** One press of an arrow key, on the screen; zooming in makes it finer, down to one image pixel. */
const stepPx = 4;
const largeStep = 10;
/** The crosshair stays this far from the edge of the canvas. */
const marginPx = 32;

type Held = Pick<ToolPointer, 'shift' | 'alt' | 'ctrl'>;

/** The tools that the crosshair moves a pointer for. */
interface Tools {
  readonly imageSize: Size;
  readonly machine: ToolMachine;
}

/** A pointer that keys move: all that a mouse does on the canvas can be done with it. */
export class Crosshair {
  /** In image pixels; null until keys are used, and after the mouse is. */
  at = $state.raw<Point | null>(null);
  /**
   * Whether it was moved since it was used last; Enter is for finishing and accepting when it was
   * not.
   */
  isMoved = false;
  /** The last action, for screen readers. */
  lastPlaced = $state.raw<{ readonly at: Point; readonly isPressed: boolean } | null>(null);
  readonly #tools: Tools;
  readonly #view: View;

  constructor(tools: Tools, view: View) {
    this.#tools = tools;
    this.#view = view;
  }

  hide(): void {
    this.at = null;
    this.isMoved = false;
  }

  /** Moves by steps to the right and down; shows it in the middle of what is seen first. */
  move([right, down]: Point, isLarge: boolean): void {
    const { imageSize, machine } = this.#tools;
    const step =
      Math.max(1, Math.round(stepPx / this.#view.camera.scale)) * (isLarge ? largeStep : 1);
    const [x, y] = this.at ?? this.#middle();
    const at = clampPoint([x + right * step, y + down * step], imageSize);
    this.at = at;
    this.isMoved = true;
    this.#keepInSight(at);
    machine.pointerMove(this.#pointer(at, { shift: false, alt: false, ctrl: false }));
  }

  /** Does what a click does, or begins or ends what a drag does. */
  place(held: Held): void {
    const { machine, imageSize } = this.#tools;
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
      const { id, dragStates } = machine.tool;
      const isDrag = dragStates.some((state) => machine.path === `${id}.${state}`);
      if (!isDrag) machine.pointerUp(this.#pointer(inside, held));
    }
    this.lastPlaced = { at, isPressed: machine.isPressed };
  }

  #middle(): Point {
    const { scale, x, y } = this.#view.camera;
    const { width, height } = this.#view.viewport;
    const [column, row] = clampPoint(
      [(width / 2 - x) / scale, (height / 2 - y) / scale],
      this.#tools.imageSize,
    );
    return [Math.round(column), Math.round(row)];
  }

  #keepInSight(at: Point): void {
    const view = this.#view;
    const { width, height } = view.viewport;
    const [x, y] = toScreen(view.camera, at);
    const missing = (value: number, size: number) =>
      Math.min(Math.max(value, Math.min(marginPx, size / 2)), Math.max(size - marginPx, size / 2)) -
      value;
    view.pan(missing(x, width), missing(y, height));
  }

  #pointer(at: Point, held: Held): ToolPointer {
    return { at, button: 'left', ...held, screenPixel: 1 / this.#view.camera.scale };
  }
}
