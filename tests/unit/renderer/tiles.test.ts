import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Box } from '../../../core/geometry/shapes.ts';
import type { Tile } from '../../../core/image-tiles.ts';
import { parseTileName, tileName } from '../../../core/image-tiles.ts';
import type { Annotation } from '../../../core/records.ts';
import { outlineReachPx } from '../../../renderer/canvas/outline-look.ts';
import type { PaintedShape, FillLook } from '../../../renderer/canvas/painted-shape.ts';
import { RegionTiles, type RegionPainter } from '../../../renderer/canvas/region-tiles.ts';
import { levelFor, tileBox, tilesInBox } from '../../../renderer/canvas/tile-grid.ts';
import { boxAnnotation } from '../../support/annotations.ts';

const image = { width: 4000, height: 3000 };

describe('a grid of tiles', () => {
  const views = fc.tuple(
    fc.integer({ min: -1000, max: 4500 }),
    fc.integer({ min: -1000, max: 3500 }),
    fc.integer({ min: 1, max: 5000 }),
    fc.integer({ min: 1, max: 5000 }),
  );

  it('covers all of the image that is in view, and asks for nothing that is not', () => {
    fc.assert(
      fc.property(views, fc.integer({ min: -1, max: 4 }), ([x, y, width, height], level) => {
        const boxes = tilesInBox([x, y, width, height], level, image).map((tile) =>
          tileBox(tile, image),
        );
        const overlap = (box: Box) =>
          Math.max(Math.min(x + width, image.width, box[0] + box[2]) - Math.max(x, 0, box[0]), 0) *
          Math.max(Math.min(y + height, image.height, box[1] + box[3]) - Math.max(y, 0, box[1]), 0);
        for (const box of boxes) expect(overlap(box)).toBeGreaterThan(0);
        const seen =
          Math.max(Math.min(x + width, image.width) - Math.max(x, 0), 0) *
          Math.max(Math.min(y + height, image.height) - Math.max(y, 0), 0);
        expect(boxes.reduce((sum, box) => sum + overlap(box), 0)).toBe(seen);
      }),
    );
  });

  it('has a pixel for each pixel of the screen, and less than two along a side', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 64, noNaN: true }), (scale) => {
        const pixels = 2 ** -levelFor(scale) / scale;
        expect(pixels).toBeGreaterThan(0.999);
        expect(pixels).toBeLessThan(2);
      }),
    );
  });

  it('names its tiles so that the names can be read', () => {
    const tile = { level: 5, column: 58, row: 3 };
    expect(parseTileName(tileName(tile))).toEqual(tile);
    for (const name of ['full', 'tile-1-2', 'tile-1-2-3-4', 'tile-a-b-c', 'tile-1--2-3']) {
      expect(parseTileName(name)).toBeNull();
    }
  });
});

/** A painter that only writes down what it was asked for. */
class NotedPainter implements RegionPainter<object> {
  readonly asked: { readonly tile: Tile; readonly box: Box }[] = [];
  readonly changes: { readonly put: number; readonly gone: number }[] = [];
  held = 0;

  change(put: readonly PaintedShape[], gone: readonly string[]): void {
    this.changes.push({ put: put.length, gone: gone.length });
  }

  async paint(tile: Tile, _size: unknown, box: Box): Promise<object> {
    this.asked.push({ tile, box });
    await Promise.resolve();
    this.held += 1;
    return {};
  }

  forget(): void {
    this.held -= 1;
  }
}

function lookAt(annotations: readonly Annotation[], look: Partial<FillLook> = {}): FillLook {
  return {
    annotations,
    colorOf: () => '#ff0000',
    patternOf: () => 'plain',
    opacity: 0.4,
    ...look,
  };
}

const whole: Box = [0, 0, image.width, image.height];

/** A look at all of an image of 5,000 regions at its exact level, painted. */
async function paintedTiles() {
  const annotations = Array.from({ length: 5000 }, (_, index) =>
    boxAnnotation([(index % 100) * 40, Math.floor(index / 100) * 60, 30, 30], index),
  );
  const painter = new NotedPainter();
  const tiles = new RegionTiles(painter, () => undefined);
  tiles.reset(image);
  tiles.show(lookAt(annotations));
  tiles.look(whole, 0);
  const settled = () => vi.waitFor(() => expect(tiles.isSettled).toBe(true));
  await settled();
  painter.asked.length = 0;
  painter.changes.length = 0;
  return { annotations, painter, tiles, settled };
}

describe('the regions on the canvas', () => {
  it('are painted where they are looked at, and not again when they are looked at again', async () => {
    const { painter, tiles } = await paintedTiles();
    tiles.look([100, 100, 500, 500], 0);
    expect(painter.asked).toEqual([]);
    tiles.look([100, 100, 300, 300], -1);
    await vi.waitFor(() => expect(tiles.isSettled).toBe(true));
    expect(painter.asked.map(({ tile }) => tile)).toHaveLength(4);
    expect(painter.asked.every(({ tile }) => tile.level === -1)).toBe(true);
  });

  it('repaint only the box of a region that was deleted', async () => {
    const { annotations, painter, tiles, settled } = await paintedTiles();
    const [x, y, width, height] = annotations[2345]!.bbox;
    tiles.show(lookAt(annotations.toSpliced(2345, 1)));
    await settled();
    expect(painter.changes).toEqual([{ put: 0, gone: 1 }]);
    const exact = painter.asked.filter(({ tile }) => tile.level === 0);
    const area = exact.reduce((sum, { box }) => sum + box[2] * box[3], 0);
    // The box, and the outline around it, wherever a border of tiles runs.
    expect(area).toBeGreaterThanOrEqual(width * height);
    expect(area).toBeLessThanOrEqual((width + 4 * outlineReachPx) * (height + 4 * outlineReachPx));
    for (const { tile, box } of exact) {
      expect(Math.abs(tile.column * 512 + box[0] - x)).toBeLessThanOrEqual(width + outlineReachPx);
      expect(Math.abs(tile.row * 512 + box[1] - y)).toBeLessThanOrEqual(height + outlineReachPx);
    }
  });

  it('repaint where a moved region was and where it is', async () => {
    const { annotations, painter, tiles, settled } = await paintedTiles();
    const moved = boxAnnotation([3700, 2700, 30, 30], 0);
    tiles.show(lookAt(annotations.with(0, { ...moved, id: annotations[0]!.id })));
    await settled();
    const exact = painter.asked.filter(({ tile }) => tile.level === 0).map(({ tile }) => tile);
    expect(exact).toContainEqual({ level: 0, column: 0, row: 0 });
    expect(exact).toContainEqual({ level: 0, column: 7, row: 5 });
    expect(exact).toHaveLength(2);
  });

  it('are left alone by a change that cannot be seen', async () => {
    const { annotations, painter, tiles } = await paintedTiles();
    const renamed = { ...annotations[7]!, attributes: { occluded: true } };
    expect(tiles.show(lookAt(annotations.with(7, renamed)))).toEqual([]);
    expect([painter.changes, painter.asked]).toEqual([[], []]);
  });

  it('are repainted in another colour, and all of them in another opacity', async () => {
    const { annotations, painter, tiles, settled } = await paintedTiles();
    const colorOf = ({ id }: Annotation) => (id === annotations[0]!.id ? '#00ff00' : '#ff0000');
    tiles.show(lookAt(annotations, { colorOf }));
    await settled();
    expect(painter.changes).toEqual([{ put: 1, gone: 0 }]);
    painter.asked.length = 0;
    tiles.show(lookAt(annotations, { colorOf, opacity: 1 }));
    await settled();
    expect(painter.asked.filter(({ tile }) => tile.level === 0)).toHaveLength(8 * 6);
  });

  it('give their memory back when another image is shown', async () => {
    const { painter, tiles } = await paintedTiles();
    expect(painter.held).toBe(8 * 6 + 1);
    tiles.look([0, 0, 10, 10], -6);
    tiles.reset({ width: 100, height: 100 });
    await vi.waitFor(() => expect(painter.held).toBe(0));
  });

  it('show a change that was made while an older one was still being painted', async () => {
    const { annotations, painter, tiles, settled } = await paintedTiles();
    tiles.show(lookAt(annotations.toSpliced(0, 1)));
    tiles.show(lookAt(annotations.toSpliced(0, 2)));
    await settled();
    const first = painter.asked.filter(({ tile }) => tile.level === 0);
    expect(first.map(({ box }) => box[0] + box[2])).toEqual([
      30 + outlineReachPx,
      70 + outlineReachPx,
    ]);
  });
});
