import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertCheckpoint } from '../../../models/families/pixel-sail/convert/convert.ts';
import type { Precision } from '../../../core/precision.ts';
import { targetSize } from '../../../models/image/resize-rule.ts';
import {
  compareWithFixture,
  describeClosest,
  lowestOverlap,
  outOfTolerance,
  readParityFixture,
  resizeTable,
  writeTwoBlockCheckpoint,
  type ParityFixture,
} from '../../support/parity-fixture.ts';
import { computeParityArrays, computeParityMasks } from '../../support/parity-run.ts';

/**
 * Every recorded stage of the fixtures, in float32. `PIXELSAIL_PARITY_DIR` names another folder of
 * the same layout; the default was recorded with the authors' own code. `patches` is exact to 1e-6
 * although the reference resizes with PIL, because our resize gives PIL's bytes exactly
 * (tests/unit/models/image/resize.test.ts).
 */
const root = resolve(import.meta.dirname, '../../..');
const chosen = process.env['PIXELSAIL_PARITY_DIR'] ?? resolve(root, '../shared/fixtures/parity');
const fixtures = [
  { title: 'the fixture in PIXELSAIL_PARITY_DIR', folder: resolve(root, chosen) },
  { title: 'the small fixture', folder: resolve(root, 'tests/fixtures/parity-small') },
];

/** Milliseconds; enough for a fixture of a large network on a busy machine. */
const timeout = 600_000;

for (const { title, folder } of fixtures) {
  const isPresent = existsSync(join(folder, 'expected.npz'));
  if (!isPresent) console.log(`Skipped: parity with ${title}, because ${folder} does not exist.`);
  describe.skipIf(!isPresent)(`parity with ${title}`, { timeout }, () => {
    checkFixture(folder);
  });
}

function checkFixture(folder: string): void {
  let fixture: ParityFixture;
  let temporary: string;
  let actual: Awaited<ReturnType<typeof computeParityArrays>>;

  beforeAll(async () => {
    fixture = await readParityFixture(folder);
    temporary = await mkdtemp(join(tmpdir(), 'pixel-sail-parity-'));
    actual = await computeParityArrays(fixture, await convert(folder, 'fp32', 'fp32'), 'cpu');
  }, timeout);
  afterAll(() => rm(temporary, { recursive: true, force: true }));

  async function convert(checkpoint: string, precision: Precision, name: string): Promise<string> {
    const target = join(temporary, name);
    await convertCheckpoint(checkpoint, target, { precision, id: 'parity', title: 'Parity' });
    return target;
  }

  it('follows the resize rule for every size in its table', () => {
    for (const [width, height, targetWidth, targetHeight] of resizeTable(folder)) {
      const target = targetSize(
        { width: width!, height: height! },
        { patch: 16, maximumSide: 1024 },
      );
      expect(target).toEqual({ width: targetWidth, height: targetHeight });
    }
  });

  it('matches every recorded stage within its tolerance', () => {
    const rows = compareWithFixture(fixture.expected, actual);
    console.log(`Parity of ${rows.length} arrays; closest: ${describeClosest(rows)}`);
    expect(outOfTolerance(rows)).toEqual([]);
    const compared = rows.map(({ name }) => name);
    const recorded = stages.filter((name) => fixture.expected.has(name));
    expect(recorded).not.toEqual([]);
    expect(compared).toEqual(expect.arrayContaining(recorded));
  });

  it('matches the two-block upsampler where the fixture records it', async (context) => {
    const recorded = ['k2_feature_map', 'k2_mask_logits', 'k2_masks'].filter((name) =>
      fixture.expected.has(name),
    );
    context.skip(recorded.length === 0, 'The fixture records no k2_ arrays.');
    const checkpoint = join(temporary, 'two-blocks');
    await writeTwoBlockCheckpoint(folder, checkpoint);
    const short = await computeParityMasks(fixture, await convert(checkpoint, 'fp32', 'k2'));
    const renamed = new Map([...short].map(([name, values]) => [`k2_${name}`, values]));
    const rows = compareWithFixture(fixture.expected, renamed);
    expect(rows.map(({ name }) => name)).toEqual(recorded);
    expect(outOfTolerance(rows)).toEqual([]);
  });

  it.for([
    ['int8', 0.98],
    ['int4', 0.6],
  ] as const)(
    'keeps the masks with %s weights at an IoU of at least %d',
    async ([precision, least], context) => {
      const masks = fixture.expected.get('masks');
      if (!masks) return context.skip('The fixture records no masks.');
      const rounded = await computeParityMasks(
        fixture,
        await convert(folder, precision, precision),
      );
      const overlap = lowestOverlap(masks, rounded.get('masks')!);
      console.log(`Lowest IoU of a mask with ${precision} weights: ${overlap.toFixed(4)}`);
      expect(overlap).toBeGreaterThanOrEqual(least);
    },
  );
}

/** The arrays that are compared in every fixture that records them. */
const stages = [
  'target_hw',
  'patches',
  'prompt_patch_masks',
  'input_ids',
  'prompt_index',
  'novp_prompt_index',
  'position_ids:h',
  'position_ids:w',
  'hidden:patches',
  'hidden:text',
  'logits:text',
  'novp_hidden:patches',
  'novp_logits:text',
  'feature_map',
  'seg_positions',
  'seg_queries',
  'mask_logits',
  'masks',
  'novp_mask_logits',
  'text_only_input_ids',
  'text_only_logits',
  ...['gen', 'gen_novp', 'gen_prefix'].flatMap((name) =>
    ['prompt_ids', 'new_ids', 'step_logits', 'position_ids', 'seg_queries', 'masks'].map(
      (array) => `${name}_${array}`,
    ),
  ),
] as const;
