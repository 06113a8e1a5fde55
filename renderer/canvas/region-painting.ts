import { AppError } from '../../core/errors.ts';
import { enclosesPixels } from '../../core/geometry/region.ts';
import type { Box } from '../../core/geometry/shapes.ts';
import { tileSide, type Tile } from '../../core/image-tiles.ts';
import { cropMask, maskRuns } from '../editor/mask-runs.ts';
import { SpatialIndex } from '../editor/spatial-index.ts';
import { maskPath, vectorPath } from './geometry-path.ts';
import { tintMask } from './mask-bitmap.ts';
import { outlineLines, outlineReachPx, strokeLines } from './outline-look.ts';
import type { PaintedShape } from './painted-shape.ts';
import { patternFill } from './pattern-fill.ts';
import { isLong, type Sight } from './thinned-ring.ts';
import { tileStep } from './tile-grid.ts';

type Context = OffscreenCanvasRenderingContext2D;

/**
 * Fills regions on parts of tiles: polygons exactly, masks at the resolution of the tile. Runs in
 * a worker.
 */
export class RegionPainting {
  readonly #index = new SpatialIndex<PaintedShape>();
  readonly #paths = new WeakMap<PaintedShape, Path2D>();
  #opacity = 1;

  change(put: readonly PaintedShape[], gone: readonly string[], opacity: number): void {
    this.#index.change(put, gone);
    this.#opacity = opacity;
  }

  /**
   * @param box in pixels of the tile
   * @returns null when no region reaches into the box
   */
  paint(tile: Tile, [x, y, width, height]: Box): ImageBitmap | null {
    const step = tileStep(tile);
    const left = (tile.column * tileSide + x) * step;
    const top = (tile.row * tileSide + y) * step;
    const seen: Box = [left, top, width * step, height * step];
    const reach = outlineReachPx * step;
    const shapes = this.#index
      .inBox([seen[0] - reach, seen[1] - reach, seen[2] + 2 * reach, seen[3] + 2 * reach])
      .sort(byDrawingOrder);
    if (shapes.length === 0) return null;

    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true })!;
    context.setTransform(1 / step, 0, 0, 1 / step, -left / step, -top / step);
    context.imageSmoothingEnabled = false;
    for (const shape of shapes) {
      try {
        context.globalAlpha = this.#opacity;
        if (shape.geometry.kind === 'mask') fillMask(context, shape, seen, step);
        else this.#fillVector(context, shape, step);
        context.globalAlpha = 1;
        const outline = this.#outlineOf(shape, { screenPixel: step, view: seen });
        strokeLines(context, outline, outlineLines(shape.color, false), step);
      } catch (thrown) {
        // One damaged mask must not hide the others; checking the project names it.
        if (!(thrown instanceof AppError)) throw thrown;
      }
    }
    return canvas.transferToImageBitmap();
  }

  #outlineOf(shape: PaintedShape, sight: Sight): Path2D {
    const { geometry } = shape;
    if (geometry.kind !== 'mask' && isLong(geometry)) return vectorPath(geometry, sight);
    return this.#pathOf(shape);
  }

  /** The exact outline, made once. */
  #pathOf(shape: PaintedShape): Path2D {
    let path = this.#paths.get(shape);
    if (!path) {
      const { geometry } = shape;
      path = geometry.kind === 'mask' ? maskPath(maskRuns(geometry.rle)) : vectorPath(geometry);
      this.#paths.set(shape, path);
    }
    return path;
  }

  #fillVector(context: Context, shape: PaintedShape, step: number): void {
    if (!enclosesPixels(shape.geometry)) return;
    context.fillStyle = fillOf(context, shape, step);
    context.fill(this.#pathOf(shape), 'evenodd');
  }
}

function byDrawingOrder(a: PaintedShape, b: PaintedShape): number {
  return a.zOrder - b.zOrder || (a.id < b.id ? -1 : 1);
}

function fillOf(
  context: Context,
  { pattern, color }: PaintedShape,
  step: number,
): string | CanvasPattern {
  return pattern === 'plain' ? color : patternFill(context, pattern, color, step);
}

function fillMask(context: Context, shape: PaintedShape, seen: Box, step: number): void {
  const { geometry, bbox, color, pattern } = shape;
  if (geometry.kind !== 'mask') return;
  const box = overlapOf(bbox, seen);
  if (!box) return;
  const cell = Math.max(step, 1);
  const crop = cropMask(maskRuns(geometry.rle), box, cell);
  if (crop.width === 0 || crop.height === 0) return;
  const place = [crop.x, crop.y, crop.width * cell, crop.height * cell] as const;
  const bitmap = tintMask(crop, color);
  if (pattern === 'plain') {
    context.drawImage(bitmap, ...place);
    return;
  }
  // The pattern keeps its size on the screen, so it is laid over the mask at the tile's resolution.
  const { width, height } = context.canvas;
  const layer = new OffscreenCanvas(width, height);
  const pen = layer.getContext('2d', { willReadFrequently: true })!;
  pen.setTransform(context.getTransform());
  pen.imageSmoothingEnabled = false;
  pen.drawImage(bitmap, ...place);
  pen.globalCompositeOperation = 'source-in';
  pen.fillStyle = patternFill(pen, pattern, color, step);
  pen.fillRect(...place);
  context.save();
  context.resetTransform();
  context.drawImage(layer, 0, 0);
  context.restore();
}

function overlapOf(a: Box, b: Box): Box | null {
  const [x, y] = [Math.max(a[0], b[0]), Math.max(a[1], b[1])];
  const right = Math.min(a[0] + a[2], b[0] + b[2]);
  const bottom = Math.min(a[1] + a[3], b[1] + b[3]);
  return right > x && bottom > y ? [x, y, right - x, bottom - y] : null;
}
