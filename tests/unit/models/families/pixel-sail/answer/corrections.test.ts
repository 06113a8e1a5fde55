import { describe, expect, it } from 'vitest';
import { encodeRle, rleArea } from '../../../../../../core/geometry/rle.ts';
import type { PromptMark } from '../../../../../../core/prompt.ts';
import type { ModelConfig, Zoom } from '../../../../../../models/families/pixel-sail/config.ts';
import type { View } from '../../../../../../models/families/pixel-sail/processor/view.ts';
import { buildRegion } from '../../../../../../models/families/pixel-sail/answer/corrections.ts';
import { lookAround } from '../../../../../../models/families/pixel-sail/answer/close-look.ts';
import type { CutMask } from '../../../../../../models/families/pixel-sail/answer/cut-mask.ts';
import type {
  AnswerContext,
  Pass,
  PassRunner,
} from '../../../../../../models/families/pixel-sail/answer/passes.ts';
import { drawRegions } from '../../../../../../models/families/pixel-sail/answer/regions.ts';
import { resizeBilinear } from '../../../../../../models/image/resize.ts';
import { Stopwatch } from '../../../../../../models/answer/stopwatch.ts';
import { tinyConfig } from '../../../../../support/tiny-config.ts';

const image = { key: 'x', width: 64, height: 64, pixels: new Uint8Array(64 * 64 * 3) };
const whole: View = { part: { left: 0, top: 0, width: 64, height: 64 }, size: image };
const zoom: Zoom = { margin: 0, side: 64, mirrored: false, also: [] };

const point = (x: number, y: number, positive = true): PromptMark => ({
  kind: 'point',
  at: [x, y],
  positive,
});

/**
 * A mask of all columns from the first number to the second, from the third to the fourth and so
 * on.
 */
function columnsFrom(...ends: number[]): Extract<PromptMark, { kind: 'mask' }> {
  const data = Uint8Array.from(
    { length: 64 * 64 },
    (_, index) => ends.filter((end) => end <= index % 64).length % 2,
  );
  return { kind: 'mask', rle: encodeRle({ width: 64, height: 64, data }) };
}

const leftHalf = () => columnsFrom(0, 32);

function configWith(corrections: boolean, candidates?: boolean): ModelConfig {
  return tinyConfig({ whole_side: 64, zoom, corrections, candidates });
}

/**
 * Answers every question with everything left of a column, which moves right with each look; of
 * several masks in one answer, each ends half as far as the one before.
 */
function runnerWith(config: ModelConfig, columns: number[]): { runner: PassRunner; asked: Pass[] } {
  const asked: Pass[] = [];
  const run = async function* (_: AnswerContext, pass: Pass) {
    asked.push(pass);
    yield { kind: 'stage', stage: 'mask' };
    const end = columns[Math.min(asked.length, columns.length) - 1]!;
    const { width, height } = pass.view.part;
    const { left } = pass.view.part;
    const count = Math.max(1, pass.answerPrefix.split('[SEG]').length - 1);
    const masks = Array.from({ length: count }, (_, nth) => {
      const logits = Float32Array.from({ length: width * height }, (_, index) =>
        left + (index % width) < end / 2 ** nth ? 8 : -8,
      );
      return { map: { logits, width, height }, isAbsent: false, promptId: 0, label: null };
    });
    return { text: '', masks };
  };
  const remembered = (_context: unknown, _question: unknown, find: () => unknown) => find();
  const pixelsOf: PassRunner['pixelsOf'] = (photo, { part, size }) =>
    resizeBilinear(photo, part, size);
  const runner = { network: { config }, run, remembered, pixelsOf };
  return { runner: runner as unknown as PassRunner, asked };
}

async function built(
  runner: PassRunner,
  marks: PromptMark[],
  negative: PromptMark[] = [],
  photo = image,
): Promise<CutMask> {
  const context = { image: photo, options: {}, stopwatch: new Stopwatch() };
  const answering = buildRegion(runner, context, { positive: marks, negative }, zoom);
  for (;;) {
    const next = await answering.next();
    if (next.done) return next.value;
  }
}

describe('the masks that one click may mean', () => {
  it('all hold it', async () => {
    const context = { image, options: {}, stopwatch: new Stopwatch() };
    const region = { positive: [point(20, 20)], negative: [] };
    const boxes = Array.from({ length: 3 }, () => ({ left: 0, top: 0, width: 64, height: 64 }));
    const { runner } = runnerWith(configWith(false), [64, 32, 8]);
    const answering = lookAround(runner, context, region, boxes, zoom);
    let next = await answering.next();
    while (!next.done) next = await answering.next();
    const masks = [next.value, ...next.value.others!].map(({ rle }) => rleArea(rle));
    expect(masks.toSorted((a, b) => a - b)).toEqual([32 * 64, 64 * 64]);
  });
});

describe('whole, part and detail', () => {
  const question = 'Please segment <Prompt0> in this image. Give whole, part and detail.';
  const asksForThem = (asked: readonly Pass[]) => asked.some((pass) => pass.question === question);

  it('are offered for one click by a checkpoint that was taught them', async () => {
    const { runner, asked } = runnerWith(configWith(true, true), [32]);
    const mask = await built(runner, [point(12, 20)]);
    const pass = asked.find((one) => one.question === question);
    expect(pass!.answerPrefix).toBe('whole [SEG] part [SEG] detail [SEG].');
    const offered = mask.others!.map(({ area }) => area / 64);
    expect(offered, 'the whole repeats the answer, the detail lacks the click').toEqual([16]);
  });

  it('are not asked for where marks say more than one click', async () => {
    for (const marks of [[leftHalf()], [leftHalf(), point(12, 20)]]) {
      const { runner, asked } = runnerWith(configWith(true, true), [32]);
      await built(runner, marks);
      expect(asksForThem(asked)).toBe(false);
    }
  });

  it('are not asked of a checkpoint that was not taught them', async () => {
    const { runner, asked } = runnerWith(configWith(true), [32]);
    const mask = await built(runner, [point(12, 20)]);
    expect(asksForThem(asked)).toBe(false);
    expect(mask.others).toEqual([]);
  });
});

describe('drawing a mask with clicks on it', () => {
  it('gives the clicks ids of their own where the checkpoint knows corrections', async () => {
    const region = { positive: [leftHalf(), point(40, 40)], negative: [point(4, 4, false)] };
    const context = { image, options: {} };
    const { prompts, named } = await drawRegions([region], context, whole, configWith(true));
    expect(named).toEqual([{ id: 0, with: 1, not: 2 }]);
    expect(prompts.map(({ id }) => id).toSorted()).toEqual([0, 1, 2]);
    const plain = await drawRegions([region], context, whole, configWith(false));
    expect(plain.named).toEqual([{ id: 0, with: null, not: 1 }]);
  });
});

describe('clicks after the first', () => {
  it('are asked about together with the mask that they correct', async () => {
    const { runner, asked } = runnerWith(configWith(true), [32, 32, 64]);
    const mask = await built(runner, [point(10, 10), point(50, 10)]);
    expect(asked.at(-1)!.question).toBe('Please segment <Prompt0> with <Prompt1> in this image.');
    expect(asked.at(-1)!.held, 'both clicks, which the answer must agree with').toEqual([
      { x: 10 / 51, y: 10 / 64, positive: true },
      { x: 50 / 51, y: 10 / 64, positive: true },
    ]);
    expect(rleArea(mask.rle), 'all of the cut, which ends at the click').toBe(51 * 64);
  });

  it('ask for nothing where the mask agrees with them already', async () => {
    const { runner, asked } = runnerWith(configWith(true), [32]);
    await built(runner, [point(10, 10)], [point(50, 10, false)]);
    expect(
      asked.every(({ question }) => question === 'Please segment <Prompt0> in this image.'),
    ).toBe(true);
  });

  it('beside the object say what it is not', async () => {
    const { runner, asked } = runnerWith(configWith(true), [64, 64, 20]);
    const mask = await built(runner, [point(10, 10)], [point(50, 10, false)]);
    expect(asked.at(-1)!.question).toBe(
      'Please segment <Prompt0> with <Prompt1> but not <Prompt2> in this image.',
    );
    expect(rleArea(mask.rle)).toBe(20 * 64);
  });

  it('are shown alone where a mask says what the object is, and all of them are held', async () => {
    const { runner, asked } = runnerWith(configWith(true), [64, 20]);
    const marks = [columnsFrom(0, 60), point(10, 10)];
    const mask = await built(runner, marks, [point(50, 10, false)]);
    expect(asked.at(-1)!.question).toBe(
      'Please segment <Prompt0> but not <Prompt1> in this image.',
    );
    expect(asked.at(-1)!.held!.map(({ positive }) => positive)).toEqual([true, false]);
    expect(rleArea(mask.rle)).toBe(20 * 64);
  });

  it('beside the object take away what is alike in colour, and nothing else', async () => {
    const { runner, asked } = runnerWith(configWith(true), [5]);
    const columnOf = (index: number) => Math.floor(index / 3) % 64;
    const pixels = image.pixels.map((_, index) => (columnOf(index) < 32 ? 220 : 60));
    const photo = { ...image, key: 'two colours', pixels };
    const marks = [columnsFrom(0, 64)];
    const mask = await built(runner, marks, [point(50, 10, false)], photo);
    expect(mask.rle).toEqual(leftHalf().rle);
    expect(asked, 'what the mask means, and no correction').toHaveLength(1);
  });

  it('beside the object take away a whole part that no click is on, and ask for nothing', async () => {
    const { runner, asked } = runnerWith(configWith(true), [32]);
    const island = columnsFrom(60, 64);
    const both = columnsFrom(0, 32, 60, 64);
    const mask = await built(runner, [both], [point(62, 10, false)]);
    expect(rleArea(mask.rle)).toBe(32 * 64);
    expect(asked).toHaveLength(1);
    const clicked = await built(runner, [both, point(62, 40)], [point(10, 10, false)]);
    expect(clicked.rle, 'the largest part too, where the click is on another').toEqual(island.rle);
  });

  it('correct the mask that a person gave, and not what the model makes of it', async () => {
    const { runner, asked } = runnerWith(configWith(true), [5, 64]);
    await built(runner, [leftHalf(), point(50, 10)]);
    expect(asked.at(-1)!.prompts.find(({ id }) => id === 0)!.area).toBe(32 * 64);
  });
});
