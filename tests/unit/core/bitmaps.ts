import fc from 'fast-check';
import type { Bitmap } from '../../../core/geometry/shapes.ts';

/** A bitmap written as rows of 0 and 1. */
export function bitmapFromRows(rows: readonly string[]): Bitmap {
  const width = rows[0]!.length;
  return { width, height: rows.length, data: Uint8Array.from(rows.join(''), Number) };
}

/**
 * Small random masks: noise of any density, so that diagonal contacts, holes and islands all
 * occur.
 */
export function bitmaps(): fc.Arbitrary<Bitmap> {
  return bitmapPairs().map(([bitmap]) => bitmap);
}

/** Two random masks of one size. */
export function bitmapPairs(): fc.Arbitrary<[Bitmap, Bitmap]> {
  const side = fc.integer({ min: 1, max: 14 });
  return fc.tuple(side, side).chain(([width, height]) => {
    const pixels = fc
      .uint8Array({ minLength: width * height, maxLength: width * height })
      .chain((noise) =>
        fc
          .integer({ min: 0, max: 255 })
          .map((density) => noise.map((value) => Number(value < density))),
      );
    const bitmap = pixels.map((data): Bitmap => ({ width, height, data: Uint8Array.from(data) }));
    return fc.tuple(bitmap, bitmap);
  });
}
