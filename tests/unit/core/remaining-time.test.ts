import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RemainingTime } from '../../../core/remaining-time.ts';

test('steady work takes what is left at its rate', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 500 }),
      fc.integer({ min: 1, max: 60_000 }),
      (total, stepMs) => {
        const time = new RemainingTime(0);
        for (let done = 1; done < total; done++) {
          const left = time.note(done, total, done * stepMs);
          if (done * stepMs < 2000) expect(left).toBeNull();
          else expect(left).toBeCloseTo((total - done) * stepMs, 3);
        }
        expect(time.note(total, total, total * stepMs)).toBeNull();
      },
    ),
  );
});

test('work that becomes thirteen times slower is judged by its new rate soon', () => {
  const time = new RemainingTime(0);
  let nowMs = 0;
  for (let done = 1; done <= 1000; done++) time.note(done, 2000, (nowMs += 100));
  let left: number | null = null;
  for (let done = 1001; done <= 1020; done++) left = time.note(done, 2000, (nowMs += 1300));
  expect(left).toBeCloseTo(980 * 1300, -4);
});

test('steps that are rarer than the window are not taken for a standstill', () => {
  const time = new RemainingTime(0);
  for (let done = 1; done <= 10; done++) time.note(done, 20, done * 60_000);
  expect(time.note(10, 20, 10 * 60_000 + 30_000)).toBeGreaterThan(600_000);
});

test('another part of the work is judged anew', () => {
  const time = new RemainingTime(0);
  for (let done = 1; done <= 100; done++) time.note(done, 100, done * 1000);
  expect(time.note(0, 1_000_000, 100_000)).toBeNull();
  expect(time.note(1000, 1_000_000, 102_000)).toBeCloseTo(2 * 999_000);
});

test('a first step that was prepared does not promise that the others are as fast', () => {
  const time = new RemainingTime(0);
  expect(time.note(1, 12, 90)).toBeNull();
  expect(time.note(2, 12, 3090)).toBeCloseTo(10 * 1545);
});

test('nothing is told before the first step, or without a total', () => {
  const time = new RemainingTime(0);
  expect(time.note(0, 10, 5000)).toBeNull();
  expect(time.note(5, null, 6000)).toBeNull();
});
