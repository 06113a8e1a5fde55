import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkpointFromPackage } from '../../../../../../models/families/pixel-sail/convert/checkpoint-from-package.ts';
import {
  convertCheckpoint,
  type ConvertOptions,
} from '../../../../../../models/families/pixel-sail/convert/convert.ts';
import { verifyPixelSailPackage } from '../../../../../../models/families/pixel-sail/package.ts';
import { copyCheckpoint } from '../../../../../support/checkpoint.ts';
import {
  channelsFirst,
  largestDifference,
  maskIou,
  recordedSequence,
  runPasses,
  runTextOnly,
  type Passes,
} from '../../../../../support/graph-passes.ts';
import { float32Of, integersOf, readNpz } from '../../../../../support/npz.ts';
import { closeGraphs, openGraphs, type Graphs } from '../../../../../support/onnx-graphs.ts';

const root = resolve(import.meta.dirname, '../../../../../..');
const fixtures = [
  join(root, 'tests/fixtures/parity-small'),
  resolve(root, '../shared/fixtures/parity'),
];

/** Largest differences that float32 explains, from the README of the recorded fixture. */
const tolerances = {
  states: 5e-5,
  hidden: 5e-5,
  logits: 5e-5,
  features: 5e-5,
  queries: 5e-5,
  maskLogits: 3e-4,
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graph-parity-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function convert(checkpoint: string, options: Partial<ConvertOptions>): Promise<string> {
  const target = join(await mkdtemp(join(folder, 'target-')), 'package');
  const required = { precision: 'fp32', id: 'parity', title: 'Parity' } as const;
  await convertCheckpoint(checkpoint, target, { ...required, ...options });
  return target;
}

/** Converts a checkpoint and opens the bare graphs of the package. */
async function convertAndOpen(
  checkpoint: string,
  options: Partial<ConvertOptions>,
): Promise<Graphs> {
  const target = await convert(checkpoint, options);
  return openGraphs(target, await verifyPixelSailPackage(target));
}

for (const fixture of fixtures) {
  const isHere = existsSync(join(fixture, 'expected.npz'));
  if (!isHere) console.log(`Skipped: parity with ${fixture}, which is not here.`);
  describe.skipIf(!isHere)(`the graphs of ${fixture.split('/').at(-1)!}`, () => {
    const arrays = isHere ? readNpz(join(fixture, 'expected.npz')) : new Map();
    const recorded = (): ReturnType<typeof recordedSequence> => recordedSequence(arrays);

    async function pass(graphs: Graphs, prompts: '' | 'novp_'): Promise<Passes> {
      const sequence = recorded();
      const index = integersOf(arrays, `${prompts}prompt_index`).slice(1, sequence.patchCount + 1);
      return runPasses(graphs, sequence, index);
    }

    /** The recorded arrays in the shapes of the graphs' outputs. */
    function expected(graphs: Graphs, prompts: '' | 'novp_', map = ''): Partial<Passes> {
      const {
        hidden_size: width,
        vocab_size: vocabulary,
        mask_dim: channels,
      } = graphs.manifest.config;
      const { patchCount } = recorded();
      const hidden = float32Of(arrays, `${prompts}hidden`);
      const isMapRecorded = prompts === '';
      return {
        states: hidden.slice(width, (patchCount + 1) * width),
        hidden: hidden.slice((patchCount + 2) * width),
        logits: float32Of(arrays, `${prompts}logits`).slice((patchCount + 2) * vocabulary),
        ...(isMapRecorded && {
          features: channelsFirst(float32Of(arrays, `${map}feature_map`), channels),
        }),
        queries: float32Of(arrays, `${prompts}seg_queries`),
        maskLogits: float32Of(arrays, `${prompts}${map}mask_logits`),
      };
    }

    function expectWithinTolerance(found: Passes, wanted: Partial<Passes>): void {
      for (const [stage, values] of Object.entries(wanted) as [keyof Passes, Float32Array][]) {
        const difference = largestDifference(found[stage], values);
        expect(difference, `${stage} of ${String(values.length)} values`).toBeLessThan(
          tolerances[stage],
        );
      }
    }

    describe.each(['plain', 'fused'] as const)('with %s operators in float32', (operators) => {
      let graphs: Graphs;
      beforeAll(async () => {
        graphs = await convertAndOpen(fixture, { operators });
      });
      afterAll(() => closeGraphs(graphs));

      it.each(['', 'novp_'] as const)('match every stage of the run "%s"', async (prompts) => {
        expectWithinTolerance(await pass(graphs, prompts), expected(graphs, prompts));
      });

      it('match text without an image', async () => {
        const logits = await runTextOnly(graphs, integersOf(arrays, 'text_only_input_ids'));
        const difference = largestDifference(logits, float32Of(arrays, 'text_only_logits'));
        expect(difference).toBeLessThan(tolerances.logits);
      });
    });

    it.skipIf(!arrays.has('k2_mask_logits'))('match two upsampling blocks', async () => {
      const checkpoint = await copyCheckpoint(fixture, join(folder, 'two-blocks'), {
        config: (config) => (config['upsample_blocks'] = 2),
        tensors: (tensors) => {
          for (const name of [...tensors.keys()]) {
            if (name.startsWith('upsample_blocks.2.')) tensors.delete(name);
          }
        },
      });
      const graphs = await convertAndOpen(checkpoint, {});
      expectWithinTolerance(await pass(graphs, ''), expected(graphs, '', 'k2_'));
      await closeGraphs(graphs);
    });

    it.each([
      ['fp16', 0.995],
      ['int8', 0.98],
      // Random weights, such as the fixtures', lose far more by four bits than trained ones: see
      // the model's card.
      ['int4', 0.5],
    ] as const)('keep the masks in %s', async (precision, leastIou) => {
      const graphs = await convertAndOpen(fixture, { precision });
      for (const prompts of ['', 'novp_'] as const) {
        const iou = maskIou(
          (await pass(graphs, prompts)).maskLogits,
          expected(graphs, prompts).maskLogits!,
        );
        console.log(
          `${precision} mask IoU ${iou.toFixed(4)} (${fixture.split('/').at(-1)!} ${prompts})`,
        );
        expect(iou).toBeGreaterThanOrEqual(leastIou);
      }
      await closeGraphs(graphs);
    });

    it.each(['int8', 'int4'] as const)(
      'compute in %s what float32 does with the weights as they were rounded',
      async (precision) => {
        const rounded = await convert(fixture, { precision });
        const checkpoint = join(dirname(rounded), 'checkpoint');
        await checkpointFromPackage(rounded, checkpoint);
        const graphs = await openGraphs(rounded, await verifyPixelSailPackage(rounded));
        const exact = await convertAndOpen(checkpoint, {});
        expectWithinTolerance(await pass(graphs, ''), await pass(exact, ''));
        await closeGraphs(graphs);
        await closeGraphs(exact);
      },
    );
  });
}
