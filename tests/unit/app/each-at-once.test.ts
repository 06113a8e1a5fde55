import { expect, test } from 'vitest';
import { eachAtOnce } from '../../../app/each-at-once.ts';

test('work is done for each item once, and never for more at once than asked', async () => {
  const done: number[] = [];
  let [running, most] = [0, 0];
  await eachAtOnce([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, ++running);
    await Promise.resolve();
    done.push(item);
    running--;
  });
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test('no further item is begun once the work fails for one', async () => {
  const begun: number[] = [];
  const work = async (item: number): Promise<void> => {
    begun.push(item);
    await Promise.resolve();
    if (item === 2) throw new Error('of 2');
    await new Promise((resolve) => setImmediate(resolve));
  };
  await expect(eachAtOnce([1, 2, 3, 4, 5], 2, work)).rejects.toThrow('of 2');
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual([1, 2]);
});
