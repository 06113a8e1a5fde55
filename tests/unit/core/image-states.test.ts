import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canBeSaid, hasTaughtRegions, stateAfter } from '../../../core/image-states.ts';
import { imageStates } from '../../../core/records.ts';
import { makeImage } from './datasets.ts';

test('what was said of an image holds until its regions contradict it', () => {
  const after = (state: (typeof imageStates)[number], regions: number) =>
    stateAfter(makeImage('a', 4, 4, { state }), regions, 0);
  expect(imageStates.map((state) => [state, after(state, 0), after(state, 2)])).toEqual([
    ['untouched', 'untouched', 'untouched'],
    ['to-check', 'to-check', 'to-check'],
    ['reviewed-empty', 'reviewed-empty', 'to-check'],
    ['done', 'to-check', 'done'],
  ]);
});

test('an image with words alone can be done, but is no negative by that', () => {
  const image = makeImage('a', 4, 4, { state: 'done' });
  expect(stateAfter(image, 0, 1)).toBe('done');
  expect(hasTaughtRegions(image, 0)).toBe(false);
});

test('no change of regions makes a negative or a done image', () => {
  const states = fc.constantFrom(...imageStates);
  fc.assert(
    fc.property(states, fc.nat({ max: 3 }), fc.nat({ max: 2 }), (state, regions, items) => {
      const next = stateAfter(makeImage('a', 4, 4, { state }), regions, items);
      expect(canBeSaid(next, regions, items)).toBe(true);
      if (next !== state) expect(next).toBe('to-check');
    }),
  );
});
