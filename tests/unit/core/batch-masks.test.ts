import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rasterizeBox } from '../../../core/geometry/raster.ts';
import { encodeRle, rleArea, rleBox, rleUnion } from '../../../core/geometry/rle.ts';
import type { Box, Rle } from '../../../core/geometry/shapes.ts';
import { chooseMasks } from '../../../core/project/batch-masks.ts';

const rleOf = (box: Box) => encodeRle(rasterizeBox(box, 60, 40));
function found(rle: Rle, category: string | null, score: number) {
  return { rle, area: rleArea(rle), bbox: rleBox(rle), score, category };
}
const everything = { minimumScore: 0, overlap: 'all', splitsParts: false } as const;
const best = { ...everything, overlap: 'best' } as const;

describe('the masks that a batch keeps', () => {
  it('give one object the name with the best score, and offer the others', () => {
    const bear = found(rleOf([10, 10, 20, 20]), 'bear', 0.6);
    const dog = found(rleOf([10, 10, 20, 19]), 'dog', 0.9);
    const tree = found(rleOf([40, 0, 10, 30]), 'tree', 0.5);
    expect(chooseMasks([bear, dog, tree], best)).toEqual([
      { ...dog, also: [{ category: 'bear', score: 0.6 }] },
      { ...tree, also: [] },
    ]);
    expect(chooseMasks([bear, dog, tree], everything)).toHaveLength(3);
  });

  it('keep a part beside the whole that it is a part of', () => {
    const person = found(rleOf([10, 0, 20, 40]), 'person', 0.9);
    const hat = found(rleOf([15, 0, 10, 6]), 'hat', 0.5);
    expect(chooseMasks([person, hat], best)).toHaveLength(2);
  });

  it('reach the score that is asked for', () => {
    const scores = [0.2, 0.5, 0.7];
    const masks = scores.map((score, index) => found(rleOf([20 * index, 0, 9, 9]), 'cup', score));
    const chosen = chooseMasks(masks, { ...best, minimumScore: 0.5 });
    expect(chosen.map(({ score }) => score)).toEqual([0.5, 0.7]);
  });

  it('are one for each connected part where parts are split, without specks', () => {
    const rle = [[0, 0, 20, 20] as Box, [30, 0, 20, 30] as Box, [0, 35, 2, 2] as Box]
      .map(rleOf)
      .reduce(rleUnion);
    const chosen = chooseMasks([found(rle, 'boat', 0.8)], { ...everything, splitsParts: true });
    expect(chosen.map(({ area }) => area).toSorted()).toEqual([400, 600]);
    expect(chosen.every(({ score, category }) => score === 0.8 && category === 'boat')).toBe(true);
  });

  it('never cover the same object twice, whatever is found', () => {
    const side = fc.integer({ min: 1, max: 30 });
    const masks = fc.array(
      fc
        .tuple(
          side,
          side,
          side,
          fc.constantFrom('a', 'b'),
          fc.double({ min: 0, max: 1, noNaN: true }),
        )
        .map(([x, width, height, name, score]) => found(rleOf([x, 0, width, height]), name, score)),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(masks, (given) => {
        const once = chooseMasks(given, best);
        expect(chooseMasks(once, best).map(({ rle }) => rle)).toEqual(once.map(({ rle }) => rle));
        if (given.length > 0) {
          const top = Math.max(...given.map(({ score }) => score));
          expect(once.some(({ score }) => score === top)).toBe(true);
        }
      }),
    );
  });
});
