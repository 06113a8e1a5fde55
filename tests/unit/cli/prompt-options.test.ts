import { Command, InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import {
  addRegionOptions,
  parseBox,
  parseNumbers,
  parsePoint,
  parseScribble,
} from '../../../cli/prompt-options.ts';

async function regionsOf(...words: string[]) {
  const command = new Command().exitOverride();
  const regions = addRegionOptions(command);
  command.parse(words, { from: 'user' });
  return (await regions.read()).map(({ marks }) => marks.map(({ kind }) => kind));
}

describe('regions on the command line', () => {
  test('points and strokes refine one region', async () => {
    const words = ['--point', '1,1', '--scribble', '1,1,5,5', '--point', '9,9,0'];
    expect(await regionsOf(...words)).toEqual([['point', 'scribble', 'point']]);
  });

  test('each box begins a region, and points join the box before them', async () => {
    const words = ['--box', '1,1,5,5', '--box', '8,8,5,5', '--point', '9,9', '--box', '0,0,2,2'];
    expect(await regionsOf(...words)).toEqual([['box'], ['box', 'point'], ['box']]);
  });

  test('--region separates regions of points', async () => {
    const words = ['--point', '1,1', '--region', '--point', '5,5', '--region', '--box', '1,1,2,2'];
    expect(await regionsOf(...words)).toEqual([['point'], ['point'], ['box']]);
  });

  test('nothing pointed at is no region', async () => {
    expect(await regionsOf()).toEqual([]);
  });
});

describe('numbers', () => {
  test('are read with spaces and fractions', () => {
    expect(parseNumbers('1, 2.5,-3')).toEqual([1, 2.5, -3]);
    expect(parseBox('1,2,3.5,4')).toEqual([1, 2, 3.5, 4]);
    expect(parsePoint('3,4,0')).toEqual({ kind: 'point', at: [3, 4], positive: false });
    expect(parsePoint('3,4')).toEqual({ kind: 'point', at: [3, 4], positive: true });
    expect(parseScribble('1,2,3,4')).toMatchObject({
      points: [
        [1, 2],
        [3, 4],
      ],
    });
  });

  test.each([
    ['a word', () => parseNumbers('1,two')],
    ['an empty place', () => parseNumbers('1,,2')],
    ['infinity', () => parseNumbers('1,Infinity')],
    ['a box of three', () => parseBox('1,2,3')],
    ['a box of five', () => parseBox('1,2,3,4,5')],
    ['a flat box', () => parseBox('1,2,3,0')],
    ['a point of one', () => parsePoint('1')],
    ['a point with another label', () => parsePoint('1,2,2')],
    ['a stroke of three numbers', () => parseScribble('1,2,3')],
  ])('%s is refused', (_, parse) => {
    expect(parse).toThrow(InvalidArgumentError);
  });
});
