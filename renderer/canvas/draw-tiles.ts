import type { Box } from '../../core/geometry/shapes.ts';
import type { Tile } from '../../core/image-tiles.ts';
import type { Size } from '../editor/tools/bounds.ts';
import { placeOf, type Screen } from './screen.ts';
import { childrenOf, overviewLevel, parentOf, tileBox, tileStep } from './tile-grid.ts';

/** A tile's picture: null when there is nothing to draw, undefined when there is none yet. */
type Lookup = (tile: Tile) => ImageBitmap | null | undefined;

/** Draws tiles, and what coarser or finer levels have for those that are not there yet. */
export function drawTiles(
  screen: Screen,
  image: Size,
  tiles: readonly Tile[],
  pictureOf: Lookup,
): void {
  for (const tile of tiles) {
    const picture = pictureOf(tile);
    if (picture) drawWhole(screen, image, tile, picture);
    else if (picture === undefined && !drawFiner(screen, image, tile, pictureOf)) {
      drawCoarser(screen, image, tile, pictureOf);
    }
  }
}

function drawWhole(screen: Screen, image: Size, tile: Tile, picture: ImageBitmap): void {
  screen.context.drawImage(picture, ...placeOf(tileBox(tile, image), screen));
}

/** While zooming out: the tiles of the level before, when all of them are there. */
function drawFiner(screen: Screen, image: Size, tile: Tile, pictureOf: Lookup): boolean {
  const children = childrenOf(tile, image).map((child) => [child, pictureOf(child)] as const);
  if (children.some(([, picture]) => picture === undefined)) return false;
  for (const [child, picture] of children) {
    if (picture) drawWhole(screen, image, child, picture);
  }
  return true;
}

/** While zooming in: the part of a coarser tile. */
function drawCoarser(screen: Screen, image: Size, tile: Tile, pictureOf: Lookup): void {
  const top = overviewLevel(image);
  for (let coarser = parentOf(tile); coarser.level <= top; coarser = parentOf(coarser)) {
    const picture = pictureOf(coarser);
    if (picture === undefined) continue;
    const box = tileBox(tile, image);
    if (picture) {
      const part = partOf(box, coarser, image);
      screen.context.drawImage(picture, ...part, ...placeOf(box, screen));
    }
    return;
  }
}

/** A box in image pixels, in the pixels of a tile that holds it. */
function partOf([x, y, width, height]: Box, tile: Tile, image: Size): Box {
  const [left, top] = tileBox(tile, image);
  const step = tileStep(tile);
  return [(x - left) / step, (y - top) / step, width / step, height / step];
}
