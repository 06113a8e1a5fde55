import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRle, rleBox } from '../../../core/geometry/rle.ts';
import type { Bitmap } from '../../../core/geometry/shapes.ts';
import {
  cropMask,
  maskHas,
  maskRuns,
  outlineSegments,
} from '../../../renderer/editor/mask-runs.ts';

const bitmaps: fc.Arbitrary<Bitmap> = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .chain(([width, height]) =>
    fc
      .array(fc.constantFrom(0, 0, 1), { minLength: width * height, maxLength: width * height })
      .map((values) => ({ width, height, data: Uint8Array.from(values) })),
  );

const at = ({ width, height, data }: Bitmap, x: number, y: number) =>
  x < 0 || y < 0 || x >= width || y >= height ? 0 : data[y * width + x]!;

describe('a mask that is looked into without decoding it', () => {
  it('has the pixels of its bitmap and none around it', () => {
    fc.assert(
      fc.property(bitmaps, (bitmap) => {
        const mask = maskRuns(encodeRle(bitmap));
        for (let y = -1; y <= bitmap.height; y++) {
          for (let x = -1; x <= bitmap.width; x++) {
            expect(maskHas(mask, [x + 0.5, y + 0.5])).toBe(at(bitmap, x, y) === 1);
          }
        }
      }),
    );
  });

  it('is cut to any box, each cell holding how much of it is set', () => {
    const boxes = fc.tuple(
      fc.integer({ min: -2, max: 8 }),
      fc.integer({ min: -2, max: 8 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
    );
    fc.assert(
      fc.property(bitmaps, boxes, fc.constantFrom(1, 2, 4), (bitmap, box, step) => {
        const crop = cropMask(maskRuns(encodeRle(bitmap)), box, step);
        for (let row = 0; row < crop.height; row++) {
          for (let column = 0; column < crop.width; column++) {
            let set = 0;
            for (let pixel = 0; pixel < step * step; pixel++) {
              const x = crop.x + column * step + (pixel % step);
              const y = crop.y + row * step + Math.floor(pixel / step);
              set += at(bitmap, x, y);
            }
            const expected = Math.round((255 * set) / (step * step));
            expect(crop.data[row * crop.width + column]).toBe(expected);
          }
        }
      }),
    );
  });

  it('is cut to its tight box without losing a pixel', () => {
    fc.assert(
      fc.property(bitmaps, (bitmap) => {
        const rle = encodeRle(bitmap);
        const crop = cropMask(maskRuns(rle), rleBox(rle), 1);
        const count = (data: Uint8Array) => data.filter((value) => value > 0).length;
        expect(count(crop.data)).toBe(count(bitmap.data));
      }),
    );
  });

  it('is outlined along every edge between a set and an unset pixel, once', () => {
    fc.assert(
      fc.property(bitmaps, (bitmap) => {
        const drawn: string[] = [];
        for (const [x0, y0, x1, y1] of outlineSegments(maskRuns(encodeRle(bitmap)))) {
          expect(x0 === x1 || y0 === y1).toBe(true);
          for (let y = y0; y < y1; y++) drawn.push(`| ${x0} ${y}`);
          for (let x = x0; x < x1; x++) drawn.push(`- ${x} ${y0}`);
        }
        const edges: string[] = [];
        for (let y = 0; y <= bitmap.height; y++) {
          for (let x = 0; x <= bitmap.width; x++) {
            if (at(bitmap, x, y) !== at(bitmap, x - 1, y)) edges.push(`| ${x} ${y}`);
            if (at(bitmap, x, y) !== at(bitmap, x, y - 1)) edges.push(`- ${x} ${y}`);
          }
        }
        expect(drawn.sort()).toEqual(edges.sort());
      }),
    );
  });
});
