import type { Point } from '../../core/geometry/shapes.ts';
import { centred, fit, pan, toImage, zoomAt, type Camera } from './camera.ts';
import { plainInsets, type Insets } from './canvas-insets.ts';
import type { Size } from './tools/bounds.ts';

/**
 * Which image point is in the middle of the canvas, and how many screen pixels an image pixel has.
 */
export interface Place {
  readonly scale: number;
  readonly at: Point;
}

/** How the shown image lies on the canvas. */
export class View {
  camera = $state.raw<Camera>({ scale: 1, x: 0, y: 0 });
  /** Size of the canvas in CSS pixels. */
  viewport = $state.raw<Size>({ width: 0, height: 0 });
  #image: Size | null = null;
  /** Where the image is to lie once the size of the canvas is known. */
  #wanted: Place | null = null;
  #insets: Insets = plainInsets;

  /** Shows another image: whole, or where it lay before. */
  show(image: Size, place: Place | null = null): void {
    this.#image = image;
    this.#wanted = place;
    this.#begin();
  }

  /** Where the image lies; null where all of it is shown. */
  get place(): Place | null {
    if (this.#isFitted) return null;
    return { scale: this.camera.scale, at: [...toImage(this.camera, this.#middle)] };
  }

  get #middle(): Point {
    return [this.viewport.width / 2, this.viewport.height / 2];
  }

  #begin(): void {
    if (!this.#wanted) return this.fit();
    if (this.viewport.width === 0) return;
    const { scale, at } = this.#wanted;
    this.camera = { ...this.camera, scale };
    this.centreAt(at);
    this.#wanted = null;
  }

  /** Keeps an image that is shown whole clear of what lies along the sides of the canvas. */
  reserve(insets: Insets): void {
    const isWhole = this.#isFitted;
    this.#insets = insets;
    if (isWhole) this.fit();
  }

  fit(): void {
    if (this.#image) this.camera = fit(this.#image, this.viewport, this.#insets);
  }

  get #isFitted(): boolean {
    if (!this.#image) return false;
    const fitted = fit(this.#image, this.viewport, this.#insets);
    const { scale, x, y } = this.camera;
    return scale === fitted.scale && x === fitted.x && y === fitted.y;
  }

  showActualSize(): void {
    if (this.#image) this.camera = centred(this.#image, this.viewport, 1, this.#insets);
  }

  zoom(factor: number, at: Point = this.#middle): void {
    this.camera = zoomAt(this.camera, at, factor);
  }

  /** Brings a point of the image, in its pixels, to the middle of the canvas. */
  centreAt(at: Point): void {
    const [x, y] = this.#middle;
    const { scale } = this.camera;
    this.camera = { scale, x: x - at[0] * scale, y: y - at[1] * scale };
  }

  pan(deltaX: number, deltaY: number): void {
    this.camera = pan(this.camera, deltaX, deltaY);
  }

  /**
   * When the size of the canvas changes, an image that was shown whole stays whole; else the
   * middle stays the middle.
   */
  resize(viewport: Size): void {
    const before = this.viewport;
    const isWhole = this.#isFitted;
    this.viewport = viewport;
    if (before.width === 0) this.#begin();
    else if (isWhole) this.fit();
    else this.pan((viewport.width - before.width) / 2, (viewport.height - before.height) / 2);
  }
}
