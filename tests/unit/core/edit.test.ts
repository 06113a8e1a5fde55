import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partOperations, type PartOperation } from '../../../core/geometry/boolean.ts';
import {
  combineGeometries,
  fillHoles,
  moveGeometry,
  placeGeometry,
  splitGeometry,
  toMask,
  toPolygon,
} from '../../../core/geometry/edit.ts';
import { encodeRleAt, rleOfStroke, rleOfTracedPart } from '../../../core/geometry/placed-rle.ts';
import { rasterizeParts, rasterizeScribble } from '../../../core/geometry/raster.ts';
import { geometryArea, geometryRle } from '../../../core/geometry/region.ts';
import {
  decodeRle,
  decodeRleBox,
  encodeRle,
  rleArea,
  rleExclude,
  rleIntersect,
  rleSubtract,
  rleUnion,
} from '../../../core/geometry/rle.ts';
import type { Bitmap, Part, Point, Rle } from '../../../core/geometry/shapes.ts';
import { traceMask } from '../../../core/geometry/trace.ts';
import type { Geometry } from '../../../core/records.ts';
import { bitmapFromRows, bitmapPairs, bitmaps } from './bitmaps.ts';

const onMasks: Readonly<Record<PartOperation, (a: Rle, b: Rle) => Rle>> = {
  union: rleUnion,
  subtract: rleSubtract,
  intersect: rleIntersect,
  exclude: rleExclude,
};

const someBitmap = bitmaps().filter(({ data }) => data.includes(1));
const maskOf = (bitmap: Bitmap): Geometry => ({ kind: 'mask', rle: encodeRle(bitmap) });
const square = (x: number, y: number, side: number): Part => ({
  outer: [x, y, x + side, y, x + side, y + side, x, y + side],
  holes: [],
});
const donut: Part = { ...square(5, 5, 30), holes: [[15, 15, 15, 25, 25, 25, 25, 15]] };

describe('pixels at a place in an image', () => {
  test('make the mask that they were cut from', () => {
    fc.assert(
      fc.property(someBitmap, (bitmap) => {
        const rle = encodeRle(bitmap);
        expect(encodeRleAt(decodeRleBox(rle)!, bitmap.width, bitmap.height)).toEqual(rle);
      }),
    );
  });

  test('make the mask of an image that holds them there and no other pixel', () => {
    const place = fc.integer({ min: -16, max: 24 });
    const side = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(bitmaps(), place, place, side, side, (bitmap, left, top, width, height) => {
        const whole = new Uint8Array(width * height);
        for (let row = 0; row < height; row++) {
          for (let column = 0; column < width; column++) {
            const [x, y] = [column - left, row - top];
            const isInside = x >= 0 && y >= 0 && x < bitmap.width && y < bitmap.height;
            whole[row * width + column] = isInside ? bitmap.data[y * bitmap.width + x]! : 0;
          }
        }
        expect(encodeRleAt({ bitmap, left, top }, width, height)).toEqual(
          encodeRle({ width, height, data: whole }),
        );
      }),
    );
  });

  test('draw a traced part as the whole image would', () => {
    fc.assert(
      fc.property(someBitmap, (bitmap) => {
        const { width, height } = bitmap;
        for (const part of traceMask(bitmap)) {
          expect(rleOfTracedPart(part, width, height)).toEqual(
            encodeRle(rasterizeParts([part], width, height)),
          );
        }
      }),
    );
  });

  test('draw a stroke as the whole image would', () => {
    const eighths = fc.integer({ min: -80, max: 240 }).map((value) => value / 8);
    const points = fc.array(fc.tuple(eighths, eighths), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 12 }), (stroke: Point[], strokeWidth) => {
        expect(rleOfStroke(stroke, strokeWidth, 24, 17)).toEqual(
          encodeRle(rasterizeScribble(stroke, strokeWidth, 24, 17)),
        );
      }),
    );
  });
});

describe('combining regions', () => {
  test('has the pixels of the operation, whatever the kinds', () => {
    fc.assert(
      fc.property(
        bitmapPairs().filter((pair) => pair.every(({ data }) => data.includes(1))),
        fc.constantFrom(...partOperations),
        fc.boolean(),
        fc.boolean(),
        ([a, b], operation, isAVector, isBVector) => {
          const { width, height } = a;
          const first = isAVector ? toPolygon(maskOf(a)) : maskOf(a);
          const second = isBVector ? toPolygon(maskOf(b)) : maskOf(b);
          const result = combineGeometries(first, [second], operation, width, height);
          const expected = onMasks[operation](encodeRle(a), encodeRle(b));
          if (rleArea(expected) === 0) expect(result).toBeNull();
          else expect(geometryRle(result!, width, height)).toEqual(expected);
          const isVector = isAVector && isBVector;
          if (result) expect(result.kind).toBe(isVector ? 'polygon' : 'mask');
        },
      ),
    );
  });

  test('cuts a hole with a polygon and keeps vectors exact', () => {
    const result = combineGeometries(
      { kind: 'box', box: [5, 5, 30, 30] },
      [{ kind: 'polygon', parts: [square(15.25, 15.5, 10)] }],
      'subtract',
      40,
      40,
    );
    expect(result).toMatchObject({ kind: 'polygon', parts: [{ holes: [expect.any(Array)] }] });
    const [hole] = (result as { parts: Part[] }).parts[0]!.holes;
    expect(new Set(hole)).toEqual(new Set([15.25, 25.25, 15.5, 25.5]));
  });

  test('goes on through all others', () => {
    const boxes = [0, 10, 20].map((x): Geometry => ({ kind: 'box', box: [x, 0, 15, 10] }));
    const united = combineGeometries(boxes[0]!, boxes.slice(1), 'union', 40, 40)!;
    expect(geometryArea(united, 40, 40)).toBe(350);
    const cut = combineGeometries(boxes[0]!, boxes.slice(1), 'subtract', 40, 40)!;
    expect(geometryArea(cut, 40, 40)).toBe(100);
  });
});

describe('moving a region', () => {
  const by = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }));

  test('keeps its pixels and comes back exactly', () => {
    fc.assert(
      fc.property(someBitmap, by, fc.boolean(), (bitmap, [dx, dy], isVector) => {
        const { data } = bitmap;
        const [width, height] = [bitmap.width + 6, bitmap.height + 6];
        const rle = encodeRleAt({ bitmap: { ...bitmap, data }, left: 0, top: 0 }, width, height);
        const mask: Geometry = { kind: 'mask', rle };
        const geometry = isVector ? toPolygon(mask) : mask;
        const moved = moveGeometry(geometry, [dx, dy], width, height);
        expect(geometryRle(moved, width, height)).toEqual(
          encodeRleAt({ bitmap, left: dx, top: dy }, width, height),
        );
        expect(moveGeometry(moved, [-dx, -dy], width, height)).toEqual(geometry);
      }),
    );
  });
});

describe('splitting a region', () => {
  test('shares its pixels out without overlap, and every piece hangs together', () => {
    fc.assert(
      fc.property(someBitmap, fc.boolean(), (bitmap, isVector) => {
        const { width, height } = bitmap;
        const geometry = isVector ? toPolygon(maskOf(bitmap)) : maskOf(bitmap);
        const pieces = splitGeometry(geometry, width, height);
        const areas = pieces.map((piece) => geometryArea(piece, width, height));
        expect(areas).toEqual([...areas].sort((a, b) => b - a));
        expect(areas.reduce((sum, area) => sum + area, 0)).toBe(rleArea(encodeRle(bitmap)));
        const united = pieces
          .map((piece) => geometryRle(piece, width, height))
          .reduce((a, b) => rleUnion(a, b));
        expect(united).toEqual(encodeRle(bitmap));
        for (const piece of pieces) {
          expect(traceMask(decodeRle(geometryRle(piece, width, height)))).toHaveLength(1);
        }
      }),
    );
  });

  test('keeps holes with their part', () => {
    const geometry: Geometry = { kind: 'polygon', parts: [square(36, 36, 3), donut] };
    expect(splitGeometry(geometry, 40, 40)).toEqual([
      { kind: 'polygon', parts: [donut] },
      { kind: 'polygon', parts: [square(36, 36, 3)] },
    ]);
  });

  test('loses no part that is too small for a pixel', () => {
    const speck: Part = { outer: [1, 1, 1.1, 1, 1.1, 1.1], holes: [] };
    const geometry: Geometry = { kind: 'polygon', parts: [speck, donut, square(36, 36, 3)] };
    const [first, second] = splitGeometry(geometry, 40, 40);
    expect(first).toEqual({ kind: 'polygon', parts: [donut, speck] });
    expect(second).toEqual({ kind: 'polygon', parts: [square(36, 36, 3)] });
  });
});

describe('filling holes', () => {
  test('leaves none and takes nothing away', () => {
    fc.assert(
      fc.property(someBitmap, fc.boolean(), (bitmap, isVector) => {
        const { width, height } = bitmap;
        const geometry = isVector ? toPolygon(maskOf(bitmap)) : maskOf(bitmap);
        const rle = geometryRle(fillHoles(geometry, width, height), width, height);
        const parts = traceMask(decodeRle(rle));
        expect(parts.flatMap(({ holes }) => holes)).toEqual([]);
        expect(rleSubtract(encodeRle(bitmap), rle)).toEqual(
          rleSubtract(encodeRle(bitmap), encodeRle(bitmap)),
        );
      }),
    );
  });

  test('makes one with what lay in the hole', () => {
    const geometry: Geometry = { kind: 'polygon', parts: [donut, square(18, 18, 4)] };
    const filled = fillHoles(geometry, 40, 40) as { parts: Part[] };
    expect(filled.parts).toMatchObject([{ holes: [] }]);
    expect(geometryArea({ kind: 'polygon', parts: filled.parts }, 40, 40)).toBe(900);
  });
});

describe('converting a region', () => {
  test('from a mask to a polygon and back loses no pixel', () => {
    fc.assert(
      fc.property(someBitmap, (bitmap) => {
        const mask = maskOf(bitmap);
        expect(toMask(toPolygon(mask), bitmap.width, bitmap.height)).toEqual(mask);
      }),
    );
  });

  test('from a box has the pixels of the box', () => {
    const box: Geometry = { kind: 'box', box: [3, 4, 10, 7] };
    expect(toMask(toPolygon(box), 20, 20)).toEqual(toMask(box, 20, 20));
    expect(geometryArea(toPolygon(box), 20, 20)).toBe(70);
  });

  test('keeps the picture of a donut', () => {
    const rows = ['11111', '10001', '10101', '10001', '11111'];
    const polygon = toPolygon(maskOf(bitmapFromRows(rows))) as { parts: Part[] };
    expect(polygon.parts).toMatchObject([{ holes: [expect.any(Array)] }, { holes: [] }]);
  });
});

describe('the same place of another image', () => {
  test('holds just the pixels that lie in it', () => {
    const side = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(someBitmap, side, side, fc.boolean(), (bitmap, width, height, isVector) => {
        const geometry = isVector ? toPolygon(maskOf(bitmap)) : maskOf(bitmap);
        const placed = placeGeometry(geometry, width, height);
        const expected = encodeRleAt({ bitmap, left: 0, top: 0 }, width, height);
        if (placed) expect(geometryRle(placed, width, height)).toEqual(expected);
        else expect(rleArea(expected)).toBe(0);
      }),
    );
  });

  test('cuts a box, and leaves one that lies inside as it is', () => {
    expect(placeGeometry({ kind: 'box', box: [5, 5, 30, 30] }, 20, 50)).toEqual({
      kind: 'box',
      box: [5, 5, 15, 30],
    });
    expect(placeGeometry({ kind: 'box', box: [25, 5, 30, 30] }, 20, 50)).toBeNull();
    const polygon: Geometry = { kind: 'polygon', parts: [donut] };
    expect(placeGeometry(polygon, 40, 40)).toBe(polygon);
  });
});
