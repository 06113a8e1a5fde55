import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxIou } from '../../../../../core/geometry/box.ts';
import { encodeRle } from '../../../../../core/geometry/rle.ts';
import type { PromptMark } from '../../../../../core/prompt.ts';
import { answerMask } from '../../../../../models/answer/mask-pixels.ts';
import { worthOffering } from '../../../../../models/answer/alternatives.ts';
import { chooseMask } from '../../../../../models/families/sam/answer/choose.ts';
import { withoutRepetitions } from '../../../../../models/families/sam/answer/everything.ts';
import { pointedRegion } from '../../../../../models/families/sam/answer/region-prompt.ts';
import { startMask } from '../../../../../models/families/sam/answer/start-mask.ts';
import { stepsOf } from '../../../../../models/families/sam/answer/steps.ts';
import {
  frameOf,
  mapOfPhoto,
  placeInFrame,
} from '../../../../../models/families/sam/network/frame.ts';

const image = { width: 200, height: 150 };
const config = { side: 128, fit: 'pad' } as Parameters<typeof frameOf>[1];
const click = (x: number, y: number, positive = true): PromptMark => ({
  kind: 'point',
  at: [x, y],
  positive,
});
const corners = { kind: 'corners' } as const;
const takesMasks = { input: 'mask_input', flag: 'has_mask_input', side: 32 };
const steps = (marks: PromptMark[], mask: typeof takesMasks | null = takesMasks) =>
  stepsOf(pointedRegion({ marks }, image), { mask, boxes: corners }, frameOf(image, config));

function square(left: number, top: number, side: number) {
  const data = Uint8Array.from({ length: image.width * image.height }, (_, index) => {
    const [x, y] = [index % image.width, Math.floor(index / image.width)];
    return x >= left && x < left + side && y >= top && y < top + side ? 1 : 0;
  });
  return encodeRle({ ...image, data });
}
const candidate = (left: number, top: number, side: number, score: number) => ({
  rle: square(left, top, side),
  area: side ** 2,
  bbox: [left, top, side, side] as [number, number, number, number],
  score,
});

describe('the steps to a mask', () => {
  it('add one click after another where the decoder takes an earlier mask, else all at once', () => {
    const marks = [click(9, 9), click(20, 20, false), click(30, 9)];
    expect(steps(marks).map(({ prompt }) => prompt.points.length)).toEqual([1, 2, 3]);
    expect(steps(marks, null).map(({ prompt }) => prompt.points.length)).toEqual([3]);
  });

  it('begin with the box, and never with a click that says only what is not meant', () => {
    const box: PromptMark = { kind: 'box', box: [5, 5, 40, 40] };
    expect(steps([click(9, 9, false), box]).map(({ prompt }) => prompt.points.length)).toEqual([
      0, 1,
    ]);
    const late = steps([click(20, 20, false), click(9, 9)]);
    expect(late.map(({ prompt }) => prompt.points.length)).toEqual([2]);
  });

  it('take three places of a stroke at a time', () => {
    const points = Array.from({ length: 7 }, (_, x): [number, number] => [10 + x, 20]);
    const [only, ...others] = steps([{ kind: 'scribble', points, width: 3, positive: true }]);
    expect(others).toEqual([]);
    expect(only!.prompt.points.map(({ at }) => at[0])).toEqual([11, 13, 15]);
  });
});

describe('a drawn mask as a start', () => {
  it('comes back from its low-resolution logits, in every shape of photo', () => {
    const frame = frameOf(image, config);
    const map = startMask(square(40, 30, 64), frame, 32);
    const part = { left: 0, top: 0, ...image };
    const { area, bbox } = answerMask({ map: mapOfPhoto(map, frame), part }, image, 0.5);
    expect(Math.abs(area - 64 ** 2) / 64 ** 2).toBeLessThan(0.1);
    for (const [index, wanted] of [40, 30, 64, 64].entries()) {
      expect(Math.abs(bbox[index]! - wanted)).toBeLessThanOrEqual(4);
    }
  });
});

describe('a place in the frame of the network', () => {
  it('lies in the scaled photo exactly where it lies in the photo', () => {
    const length = fc.integer({ min: 1, max: 5000 });
    const fit = fc.constantFrom('pad' as const, 'stretch' as const, 'free' as const);
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(length, length, fit, share, share, (width, height, kind, x, y) => {
        const frame = frameOf({ width, height }, { ...config, fit: kind });
        const [inX, inY] = placeInFrame([x * width, y * height], frame);
        expect(inX).toBeCloseTo(x * frame.scaled.width, 6);
        expect(inY).toBeCloseTo(y * frame.scaled.height, 6);
        expect(frame.scaled.width).toBeLessThanOrEqual(frame.covered.width);
        expect(frame.scaled.height).toBeLessThanOrEqual(frame.covered.height);
      }),
    );
  });
});

describe('the choice among masks', () => {
  const scores = [0.9, 0.2, 0.8, 0.4].map((score) => ({ score }));
  const point = { at: [1, 1] as [number, number], positive: true };

  it('leaves the mask for clear prompts out where one click asks, and takes it otherwise', () => {
    const open = { points: [point], box: null, previous: null };
    expect(chooseMask(scores, open, true)).toEqual({ best: 2, others: [1, 3] });
    expect(chooseMask(scores, { ...open, points: [point, point] }, true)).toEqual({
      best: 0,
      others: [1, 2, 3],
    });
    expect(chooseMask(scores, open, false)).toEqual({ best: 0, others: [1, 2, 3] });
  });

  it('offers beside it what shows something else, largest first', () => {
    const chosen = candidate(10, 10, 20, 0.9);
    const [whole, part] = [candidate(0, 0, 100, 0.5), candidate(12, 12, 5, 0.6)];
    const empty = { ...candidate(0, 0, 0, 0.7), area: 0 };
    const offered = worthOffering(chosen, [part, chosen, empty, whole]);
    expect(offered.map(({ area }) => area)).toEqual([whole.area, part.area]);
  });
});

describe('repetitions among all masks', () => {
  const masks = fc.array(
    fc
      .tuple(
        fc.integer({ min: 0, max: 90 }),
        fc.integer({ min: 0, max: 90 }),
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
      )
      .map(([left, top, side, score]) => ({
        rle: { size: [1, 1] as [number, number], counts: '' },
        area: 1,
        bbox: [left, top, side, side] as [number, number, number, number],
        score,
      })),
    { maxLength: 12 },
  );

  it('go, the better of two is kept, and what is left does not overlap', () => {
    fc.assert(
      fc.property(masks, (given) => {
        const kept = withoutRepetitions(given, 0.7);
        expect(kept.map(({ score }) => score)).toEqual(
          kept.map(({ score }) => score).toSorted((a, b) => b - a),
        );
        const shrunk = ([x, y, w, h]: (typeof kept)[number]['bbox']) =>
          [x, y, w - 1, h - 1] as (typeof kept)[number]['bbox'];
        for (const mask of given) {
          const better = kept.filter(({ score }) => score >= mask.score);
          const isCovered = better.some(
            ({ bbox }) => boxIou(shrunk(bbox), shrunk(mask.bbox)) > 0.7,
          );
          expect(kept.includes(mask) || isCovered).toBe(true);
        }
      }),
    );
  });
});
