import type { Box } from '../../core/geometry/shapes.ts';
import { tileSide, type Tile } from '../../core/image-tiles.ts';
import { toImage, type Camera } from '../editor/camera.ts';
import type { Size } from '../editor/tools/bounds.ts';
import { outlineReachPx } from './outline-look.ts';

// Regions are painted in tiles too. Theirs have levels below 0, which are magnified.

export function tileKey({ level, column, row }: Tile): string {
  return `${level}/${column}/${row}`;
}

/** Image pixels along the side of one of a level's pixels. */
export function tileStep({ level }: Pick<Tile, 'level'>): number {
  return 2 ** level;
}

/** The size of a tile in its own pixels; those at the right and lower border are cut. */
export function tilePixels(tile: Tile, image: Size): Size {
  const step = tileStep(tile);
  return {
    width: Math.min(Math.ceil(image.width / step) - tile.column * tileSide, tileSide),
    height: Math.min(Math.ceil(image.height / step) - tile.row * tileSide, tileSide),
  };
}

/**
 * The area of a tile in image pixels; at a border it may exceed the image by less than one of its
 * pixels.
 */
export function tileBox(tile: Tile, image: Size): Box {
  const step = tileStep(tile);
  const { width, height } = tilePixels(tile, image);
  const side = tileSide * step;
  return [tile.column * side, tile.row * side, width * step, height * step];
}

/**
 * The coarsest level that has a pixel for each pixel of the screen.
 * @param scale device pixels along the side of an image pixel
 */
export function levelFor(scale: number): number {
  return Math.floor(Math.log2(1 / scale) + 1e-6);
}

/** The level at which the whole image is one tile. */
export function overviewLevel({ width, height }: Size): number {
  return Math.max(Math.ceil(Math.log2(Math.max(width, height) / tileSide)), 0);
}

/** The tiles of a level that overlap a box in image pixels, nearest to its middle first. */
export function tilesInBox([x, y, width, height]: Box, level: number, image: Size): Tile[] {
  const side = tileSide * 2 ** level;
  const [left, top] = [Math.max(x, 0), Math.max(y, 0)];
  const right = Math.min(x + width, image.width);
  const bottom = Math.min(y + height, image.height);
  if (left >= right || top >= bottom) return [];
  const tiles: Tile[] = [];
  for (let row = Math.floor(top / side); row * side < bottom; row++) {
    for (let column = Math.floor(left / side); column * side < right; column++) {
      tiles.push({ level, column, row });
    }
  }
  const distance = (tile: Tile) =>
    Math.hypot(
      (tile.column + 0.5) * side - x - width / 2,
      (tile.row + 0.5) * side - y - height / 2,
    );
  return tiles.sort((a, b) => distance(a) - distance(b));
}

/** The part of the image plane that a viewport shows, in image pixels. */
export function boxInView(camera: Camera, viewport: Size): Box {
  const [x, y] = toImage(camera, [0, 0]);
  return [x, y, viewport.width / camera.scale, viewport.height / camera.scale];
}

/** The tile of the next coarser level that covers a tile. */
export function parentOf({ level, column, row }: Tile): Tile {
  return { level: level + 1, column: column >> 1, row: row >> 1 };
}

/** The tiles of the next finer level that a tile covers. */
export function childrenOf({ level, column, row }: Tile, image: Size): Tile[] {
  return [0, 1, 2, 3]
    .map((part) => ({
      level: level - 1,
      column: 2 * column + (part & 1),
      row: 2 * row + (part >> 1),
    }))
    .filter((tile) => {
      const { width, height } = tilePixels(tile, image);
      return width > 0 && height > 0;
    });
}

/**
 * The part of a tile, in whole pixels of its own, that a region with this box in image pixels
 * touches; null when none.
 */
export function pixelsOfBox(tile: Tile, [x, y, width, height]: Box, image: Size): Box | null {
  const step = tileStep(tile);
  const [left, top] = tileBox(tile, image);
  const size = tilePixels(tile, image);
  const fromX = Math.max(Math.floor((x - left) / step) - outlineReachPx, 0);
  const fromY = Math.max(Math.floor((y - top) / step) - outlineReachPx, 0);
  const toX = Math.min(Math.ceil((x + width - left) / step) + outlineReachPx, size.width);
  const toY = Math.min(Math.ceil((y + height - top) / step) + outlineReachPx, size.height);
  return toX > fromX && toY > fromY ? [fromX, fromY, toX - fromX, toY - fromY] : null;
}

/** The smallest box around two. */
export function unionOf(a: Box, b: Box): Box {
  const [x, y] = [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
  const right = Math.max(a[0] + a[2], b[0] + b[2]);
  const bottom = Math.max(a[1] + a[3], b[1] + b[3]);
  return [x, y, right - x, bottom - y];
}
