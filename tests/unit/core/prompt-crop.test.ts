import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeRleAt } from '../../../core/geometry/placed-rle.ts';
import { rleArea, rleBox } from '../../../core/geometry/rle.ts';
import type { Box } from '../../../core/geometry/shapes.ts';
import { requestInCrop, resultOfCrop } from '../../../core/prompt-crop.ts';
import type { ModelRequest, ModelResult, PromptMark } from '../../../core/prompt.ts';
import { bitmaps } from './bitmaps.ts';

const crop: Box = [10, 20, 30, 40];

function inCrop(mark: PromptMark): PromptMark {
  const request: ModelRequest = { task: 'describe', regions: [{ marks: [mark] }], crop };
  return requestInCrop(request, crop).regions[0]!.marks[0]!;
}

test('marks keep their places in the picture', () => {
  expect(inCrop({ kind: 'point', at: [12.5, 21], positive: false })).toEqual({
    kind: 'point',
    at: [2.5, 1],
    positive: false,
  });
  expect(inCrop({ kind: 'scribble', points: [[10, 20]], width: 3, positive: true })).toMatchObject({
    points: [[0, 0]],
    width: 3,
  });
  expect(
    inCrop({ kind: 'polygon', parts: [{ outer: [10, 20, 15, 20, 10, 30], holes: [] }] }),
  ).toMatchObject({ parts: [{ outer: [0, 0, 5, 0, 0, 10] }] });
});

test('a box is cut to the crop', () => {
  expect(inCrop({ kind: 'box', box: [5, 30, 100, 5] })).toEqual({
    kind: 'box',
    box: [0, 10, 30, 5],
  });
});

test('a mask goes into the crop and comes back', () => {
  const place = fc.integer({ min: 0, max: 16 });
  fc.assert(
    fc.property(bitmaps(), place, place, (bitmap, x, y) => {
      const [left, top, width, height] = crop;
      const rle = encodeRleAt({ bitmap, left: left + x, top: top + y }, 60, 70);
      const mark = inCrop({ kind: 'mask', rle }) as { rle: typeof rle };
      expect(mark.rle).toEqual(encodeRleAt({ bitmap, left: x, top: y }, width, height));
      const candidate = {
        rle: mark.rle,
        area: rleArea(mark.rle),
        bbox: rleBox(mark.rle),
        score: 1,
      };
      const masks = [{ ...candidate, region: 0, label: null, candidates: [candidate] }];
      const result = { answers: [{ text: '', choice: null, masks }] } as unknown as ModelResult;
      const [mask] = resultOfCrop(result, crop, 60, 70).answers[0]!.masks;
      expect(mask).toMatchObject({ rle, bbox: rleBox(rle), area: rleArea(rle) });
      expect(mask!.candidates).toMatchObject([{ rle, bbox: rleBox(rle), area: rleArea(rle) }]);
    }),
  );
});
