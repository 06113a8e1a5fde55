import fc from 'fast-check';
import { expect, it } from 'vitest';
import { countTicks } from '../../../renderer/dialogs/statistics/count-ticks.ts';

it('marks an axis of counts with at most six whole numbers in even steps from zero', () => {
  expect(countTicks(0)).toEqual([0]);
  expect(countTicks(3)).toEqual([0, 1, 2, 3]);
  expect(countTicks(11)).toEqual([0, 5, 10]);
  expect(countTicks(1000)).toEqual([0, 200, 400, 600, 800, 1000]);
  fc.assert(
    fc.property(fc.nat(1e7), (maximum) => {
      const ticks = countTicks(maximum);
      const step = ticks[1] ?? 1;
      expect(ticks).toEqual(ticks.map((_, index) => index * step));
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect(ticks.at(-1)).toBeLessThanOrEqual(maximum);
      expect(ticks.every(Number.isInteger)).toBe(true);
    }),
  );
});
