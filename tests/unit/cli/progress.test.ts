import { beforeEach, describe, expect, test } from 'vitest';
import { count, duration, table } from '../../../cli/output.ts';
import { Progress } from '../../../cli/progress.ts';

let nowMs = 0;
let written: string[] = [];
const sink = (isTTY: boolean) => ({ isTTY, write: (text: string) => written.push(text) });

beforeEach(() => {
  nowMs = 0;
  written = [];
});

describe('progress', () => {
  test('rewrites one line on a terminal and leaves it clean', () => {
    const progress = new Progress('annotate', sink(true), () => nowMs);
    nowMs = 2000;
    progress.report(1, 11);
    nowMs = 2010;
    progress.report(2, 11);
    nowMs = 4000;
    progress.report(2, 11);
    progress.end();
    expect(written).toEqual([
      '\r\x1b[Kannotate: 1 of 11, 20.0 s left',
      '\r\x1b[Kannotate: 2 of 11, 18.0 s left',
      '\r\x1b[K',
    ]);
  });

  test('writes plain lines elsewhere: the first, one every few seconds, the last once', () => {
    const progress = new Progress('import', sink(false), () => nowMs);
    for (let done = 1; done <= 100; done++) {
      nowMs += 100;
      progress.report(done, 100);
    }
    progress.report(100, 100);
    progress.end();
    expect(written).toEqual([
      'import: 1 of 100\n',
      'import: 51 of 100, 4.9 s left\n',
      'import: 100 of 100\n',
    ]);
  });

  test('counts where the total is not known', () => {
    const progress = new Progress('import', sink(false), () => nowMs);
    progress.report(7, null);
    expect(written).toEqual(['import: 7\n']);
  });
});

describe('words for people', () => {
  test('numbers, times and tables', () => {
    expect([count(1, 'image'), count(2000, 'image'), count(0, 'category', 'categories')]).toEqual([
      '1 image',
      '2,000 images',
      '0 categories',
    ]);
    expect([850, 59_949, 61_000, 3_720_000].map(duration)).toEqual([
      '850 ms',
      '59.9 s',
      '1 min 1 s',
      '1 h 2 min',
    ]);
    expect(
      table([
        ['a', 'bb'],
        ['ccc', 'd'],
      ]),
    ).toBe('a    bb\nccc  d');
  });
});
