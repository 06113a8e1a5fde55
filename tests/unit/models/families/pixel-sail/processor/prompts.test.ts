import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRle } from '../../../../../../core/geometry/rle.ts';
import type { PromptMark } from '../../../../../../core/prompt.ts';
import {
  bitmapBox,
  drawMarks,
  drawPrompt,
  largestFirst,
  markBox,
  markedPatches,
  noPrompt,
  promptIndex,
  signedMarks,
} from '../../../../../../models/families/pixel-sail/processor/prompts.ts';
import type { View } from '../../../../../../models/families/pixel-sail/processor/view.ts';

const image = { width: 64, height: 48 };
const whole: View = { part: { left: 0, top: 0, ...image }, size: image };
const patch = 16;
const point = (x: number, y: number, positive = true): PromptMark => ({
  kind: 'point',
  at: [x, y],
  positive,
});
const box = (x: number, y: number, width: number, height: number): PromptMark => ({
  kind: 'box',
  box: [x, y, width, height],
});

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'no error';
}

describe('drawing marks', () => {
  it('sets one pixel for a point and every touched pixel for a box', () => {
    expect(bitmapBox(drawMarks([point(10.9, 20.2)], image))).toEqual({
      left: 10,
      top: 20,
      width: 1,
      height: 1,
    });
    expect(bitmapBox(drawMarks([box(2.5, 3, 4, 5)], image))).toEqual({
      left: 2,
      top: 3,
      width: 5,
      height: 5,
    });
    expect(bitmapBox(drawMarks([box(7, 7, 0, 0)], image))).toEqual({
      left: 7,
      top: 7,
      width: 1,
      height: 1,
    });
  });

  it('cuts a box at the edge of the image', () => {
    expect(bitmapBox(drawMarks([box(-10, 40, 20, 100)], image))).toEqual({
      left: 0,
      top: 40,
      width: 10,
      height: 8,
    });
  });

  it('unites the marks of a region', () => {
    const drawn = drawMarks([point(1, 1), box(30, 20, 4, 4), point(60, 40)], image);
    expect(bitmapBox(drawn)).toEqual({ left: 1, top: 1, width: 60, height: 40 });
    expect(drawn.data.reduce((sum, pixel) => sum + pixel, 0)).toBe(18);
  });

  it('draws polygons, strokes and masks', () => {
    const polygon: PromptMark = {
      kind: 'polygon',
      parts: [{ outer: [0, 0, 8, 0, 8, 8, 0, 8], holes: [] }],
    };
    expect(bitmapBox(drawMarks([polygon], image))).toEqual({
      left: 0,
      top: 0,
      width: 8,
      height: 8,
    });
    const stroke: PromptMark = {
      kind: 'scribble',
      points: [
        [10, 10],
        [20, 10],
      ],
      width: 4,
      positive: true,
    };
    expect(bitmapBox(drawMarks([stroke], image))?.width).toBeGreaterThan(9);
    const rle = encodeRle(drawMarks([box(3, 4, 5, 6)], image));
    expect(bitmapBox(drawMarks([{ kind: 'mask', rle }], image))).toEqual({
      left: 3,
      top: 4,
      width: 5,
      height: 6,
    });
  });

  it('refuses marks that cover no pixel of the image', () => {
    const outside: PromptMark[] = [
      point(64, 5),
      point(-0.5, 5),
      point(5, 48),
      box(70, 0, 5, 5),
      box(-9, -9, 5, 5),
      { kind: 'scribble', points: [[200, 200]], width: 3, positive: true },
      { kind: 'polygon', parts: [{ outer: [100, 100, 110, 100, 110, 110], holes: [] }] },
    ];
    for (const mark of outside) {
      expect(
        codeOf(() => drawMarks([mark], image)),
        JSON.stringify(mark),
      ).toBe('prompt-outside-image');
    }
  });

  it('refuses a mask of another size', () => {
    const rle = encodeRle({ width: 8, height: 8, data: new Uint8Array(64).fill(1) });
    expect(codeOf(() => drawMarks([{ kind: 'mask', rle }], image))).toBe('invalid-input');
  });

  it('tells what a region is from what it is not', () => {
    const here = point(1, 1);
    const notThere = point(9, 9, false);
    expect(signedMarks({ marks: [notThere, here] })).toEqual({
      positive: [here],
      negative: [notThere],
    });
    expect(codeOf(() => signedMarks({ marks: [notThere] }))).toBe('invalid-input');
  });
});

describe('marked patches', () => {
  it('marks a patch when any of its pixels is set', () => {
    const marked = markedPatches(drawMarks([box(15, 15, 2, 2)], image), whole, patch);
    expect([...marked]).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0]);
  });

  it('marks exactly the patch under a point, however much the image shrinks', () => {
    fc.assert(
      fc.property(
        fc.record({
          width: fc.integer({ min: 32, max: 900 }),
          height: fc.integer({ min: 32, max: 900 }),
          x: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
          y: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        }),
        ({ width, height, x, y }) => {
          const view = {
            part: { left: 0, top: 0, width, height },
            size: { width: 32, height: 32 },
          };
          const at = { column: Math.floor(x * width), row: Math.floor(y * height) };
          const drawn = drawMarks([point(at.column, at.row)], { width, height });
          const marked = markedPatches(drawn, view, patch);
          const expected =
            2 * Math.floor((2 * (at.row + 0.5)) / height) +
            Math.floor((2 * (at.column + 0.5)) / width);
          expect(marked.reduce((sum, value) => sum + value, 0)).toBe(1);
          expect(marked[expected]).toBe(1);
        },
      ),
    );
  });

  it('are the same for a single box or point, which is not drawn, as for its drawing', () => {
    const side = fc.integer({ min: 1, max: 300 });
    const place = fc.double({ min: -20, max: 320, noNaN: true });
    const length = fc.double({ min: 0, max: 200, noNaN: true });
    const marks = fc.oneof(
      fc.tuple(place, place).map(([x, y]) => point(x, y)),
      fc.tuple(place, place, length, length).map(([x, y, w, h]) => box(x, y, w, h)),
    );
    const cuts = fc.record({
      size: fc.record({ width: side, height: side }),
      shares: fc.array(fc.double({ min: 0, max: 0.99, noNaN: true }), {
        minLength: 4,
        maxLength: 4,
      }),
      patches: fc.record({
        columns: fc.integer({ min: 1, max: 5 }),
        rows: fc.integer({ min: 1, max: 5 }),
      }),
      mirrored: fc.boolean(),
    });
    fc.assert(
      fc.property(marks, cuts, (mark, { size, shares, patches, mirrored }) => {
        const left = Math.floor(shares[0]! * size.width);
        const top = Math.floor(shares[1]! * size.height);
        const width = 1 + Math.floor(shares[2]! * (size.width - left));
        const height = 1 + Math.floor(shares[3]! * (size.height - top));
        const view: View = {
          part: { left, top, width, height },
          size: { width: patches.columns * patch, height: patches.rows * patch },
          mirrored,
        };
        let drawn;
        try {
          drawn = drawMarks([mark], size);
        } catch {
          expect(codeOf(() => drawPrompt({ id: 0, marks: [mark] }, size, view, patch))).toBe(
            'prompt-outside-image',
          );
          return;
        }
        const found = drawPrompt({ id: 0, marks: [mark] }, size, view, patch);
        expect(found.patches).toEqual(markedPatches(drawn, view, patch));
        expect(found.area).toBe(drawn.data.reduce((sum, pixel) => sum + pixel, 0));
        expect(markBox([mark], size)).toEqual(bitmapBox(drawn));
      }),
      { numRuns: 500 },
    );
  });

  it('sees only what lies in the view', () => {
    const view = {
      part: { left: 32, top: 16, width: 32, height: 32 },
      size: { width: 32, height: 32 },
    };
    expect([...markedPatches(drawMarks([point(10, 10)], image), view, patch)]).toEqual([
      0, 0, 0, 0,
    ]);
    expect([...markedPatches(drawMarks([point(50, 20)], image), view, patch)]).toEqual([
      0, 1, 0, 0,
    ]);
  });
});

describe('prompt index', () => {
  it('writes large prompts first, so that small ones inside them stay visible', () => {
    const small = drawPrompt({ id: 0, marks: [box(0, 0, 16, 16)] }, image, whole, patch);
    const large = drawPrompt({ id: 1, marks: [box(0, 0, 64, 48)] }, image, whole, patch);
    const index = promptIndex(largestFirst([small, large]), 12);
    expect([...index]).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
  });

  it('lets a later prompt override an earlier one, as the reference does', () => {
    const first = { id: 3, patches: Uint8Array.of(1, 1, 0) };
    const second = { id: 5, patches: Uint8Array.of(0, 1, 0) };
    expect([...promptIndex([first, second], 3)]).toEqual([3, 5, noPrompt]);
  });
});
