import type { Point } from '../../core/geometry/shapes.ts';

/** How two fingers moved the image: first zoomed at a screen point, then moved. */
interface PinchMove {
  readonly factor: number;
  readonly at: Point;
  readonly by: Point;
}

/** Follows touching fingers in screen coordinates; two of them zoom and move the image. */
export class Pinch {
  readonly #fingers = new Map<number, Point>();
  /** Stays while the last finger is still down, so that it does not draw. */
  #isActive = false;

  get isActive(): boolean {
    return this.#isActive;
  }

  /** @returns whether a pinch has begun or goes on */
  down(id: number, at: Point): boolean {
    this.#fingers.set(id, at);
    if (this.#fingers.size === 2) this.#isActive = true;
    return this.#isActive;
  }

  /** @returns null when there is no pinch, or the pointer is not one of its two fingers */
  move(id: number, to: Point): PinchMove | null {
    const from = this.#fingers.get(id);
    if (!from) return null;
    this.#fingers.set(id, to);
    const other = Array.from(this.#fingers).find(([known]) => known !== id)?.[1];
    if (!this.#isActive || !other) return null;
    const before = Math.max(Math.hypot(from[0] - other[0], from[1] - other[1]), 1);
    const after = Math.max(Math.hypot(to[0] - other[0], to[1] - other[1]), 1);
    return {
      factor: after / before,
      at: [(from[0] + other[0]) / 2, (from[1] + other[1]) / 2],
      by: [(to[0] - from[0]) / 2, (to[1] - from[1]) / 2],
    };
  }

  /** @returns whether the finger belonged to a pinch */
  up(id: number): boolean {
    const belonged = this.#fingers.delete(id) && this.#isActive;
    if (this.#fingers.size === 0) this.#isActive = false;
    return belonged;
  }
}
