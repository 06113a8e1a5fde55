import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refineEdge } from '../../../core/geometry/refine-edge.ts';
import { encodeRle, rleIou } from '../../../core/geometry/rle.ts';
import { traceMask } from '../../../core/geometry/trace.ts';
import type { Bitmap } from '../../../core/geometry/shapes.ts';
import { bitmaps } from './bitmaps.ts';

function paint(
  width: number,
  height: number,
  color: (column: number, row: number) => readonly [number, number, number],
): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      rgba.set([...color(column, row), 255], 4 * (row * width + column));
    }
  }
  return rgba;
}

function disc(side: number, x: number, y: number, radius: number): Bitmap {
  const data = new Uint8Array(side * side);
  for (let index = 0; index < data.length; index++) {
    const [dx, dy] = [(index % side) + 0.5 - x, Math.floor(index / side) + 0.5 - y];
    data[index] = Number(dx * dx + dy * dy <= radius * radius);
  }
  return { width: side, height: side, data };
}

/** Repeatable noise of -1 to 1. */
function noise(column: number, row: number, channel: number): number {
  const value = Math.sin(column * 12.9898 + row * 78.233 + channel * 37.719) * 43758.5453;
  return 2 * (value - Math.floor(value)) - 1;
}

const iou = (a: Bitmap, b: Bitmap) => rleIou(encodeRle(a), encodeRle(b));

describe('refining the edge of a mask', () => {
  const side = 120;
  const truth = disc(side, 60, 60, 35);
  const photo = (noisiness: number) =>
    paint(side, side, (column, row) => {
      const isInside = truth.data[row * side + column] === 1;
      const ground = isInside ? [190, 90, 60] : [110 + row / 3, 120, 130];
      return ground.map((value, channel) => value + noisiness * noise(column, row, channel)) as [
        number,
        number,
        number,
      ];
    });

  test.each([
    ['too small', disc(side, 60, 60, 31)],
    ['too large', disc(side, 60, 60, 39)],
    ['beside it', disc(side, 63, 58, 35)],
  ])('finds the object when the mask is %s', (_, mask) => {
    expect(iou(mask, truth)).toBeLessThan(0.93);
    expect(iou(refineEdge(mask, photo(0), 6), truth)).toBeGreaterThan(0.985);
    expect(iou(refineEdge(mask, photo(12), 6), truth)).toBeGreaterThan(0.96);
  });

  test('leaves a right mask as it is', () => {
    expect(iou(refineEdge(truth, photo(0), 6), truth)).toBeGreaterThan(0.99);
  });

  test('changes nothing where the colours are all alike', () => {
    fc.assert(
      fc.property(bitmaps(), fc.integer({ min: 1, max: 5 }), (mask, radius) => {
        const flat = paint(mask.width, mask.height, () => [90, 120, 60]);
        expect(refineEdge(mask, flat, radius)).toEqual(mask);
      }),
    );
  });

  test('changes no pixel further from the border than it may', () => {
    const colours = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(bitmaps(), colours, fc.integer({ min: 1, max: 3 }), (mask, palette, radius) => {
        const { width, height } = mask;
        const rgba = paint(width, height, (column, row) => {
          const place = ((column * 7 + row * 5) % 4) * 3;
          return [palette[place]!, palette[place + 1]!, palette[place + 2]!];
        });
        const refined = refineEdge(mask, rgba, radius);
        refined.data.forEach((value, index) => {
          if (value === mask.data[index]) return;
          const [column, row] = [index % width, Math.floor(index / width)];
          const isNearOther = mask.data.some(
            (other, place) =>
              other !== mask.data[index] &&
              Math.abs((place % width) - column) <= radius &&
              Math.abs(Math.floor(place / width) - row) <= radius,
          );
          expect(isNearOther).toBe(true);
        });
      }),
    );
  });

  test('makes no islands and no pits', () => {
    const mask = disc(side, 60, 60, 35);
    const speckled = paint(side, side, (column, row) => {
      const isInside = truth.data[row * side + column] === 1;
      const isSpeck =
        Math.hypot(column - 60, row - 20) < 3 || Math.hypot(column - 60, row - 30) < 3;
      return isInside !== isSpeck ? [230, 120, 90] : [60, 70, 80];
    });
    const refined = refineEdge(mask, speckled, 8);
    const parts = traceMask(refined);
    expect(parts).toHaveLength(1);
    expect(parts[0]!.holes).toEqual([]);
  });

  test('goes over the borders of its tiles without a seam', () => {
    const wide = 572;
    const shift = 452;
    const at = (column: number, row: number) => row * wide + column + shift;
    const mask: Bitmap = { width: wide, height: side, data: new Uint8Array(wide * side) };
    const rgba = paint(wide, side, () => [110, 120, 130]);
    const small = photo(0);
    const start = disc(side, 60, 60, 31);
    for (let row = 0; row < side; row++) {
      for (let column = 0; column < side; column++) {
        mask.data[at(column, row)] = start.data[row * side + column]!;
        const pixel = 4 * (row * side + column);
        rgba.set(small.subarray(pixel, pixel + 4), 4 * at(column, row));
      }
    }
    const refined = refineEdge(mask, rgba, 6);
    const cut = truth.data.map(
      (_, index) => refined.data[at(index % side, Math.floor(index / side))]!,
    );
    const alone = refineEdge(start, small, 6);
    expect(iou({ width: side, height: side, data: cut }, alone)).toBeGreaterThan(0.995);
  });
});
