/// <reference lib="esnext.float16" />
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelConfig } from '../../../../../../models/families/pixel-sail/config.ts';
import {
  convertCheckpoint,
  type ConvertOptions,
} from '../../../../../../models/families/pixel-sail/convert/convert.ts';
import { checkpointFromPackage } from '../../../../../../models/families/pixel-sail/convert/checkpoint-from-package.ts';
import type { PixelSailManifest } from '../../../../../../models/families/pixel-sail/manifest.ts';
import {
  copyCheckpoint,
  decodeSafetensors,
  encodeSafetensors,
  normalNumbers,
  rawTensor,
  writeRandomCheckpoint,
} from '../../../../../support/checkpoint.ts';
import {
  largestDifference,
  maskIou,
  runPasses,
  type Recorded,
} from '../../../../../support/graph-passes.ts';
import { closeGraphs, openGraphs, type Graphs } from '../../../../../support/onnx-graphs.ts';

const fixture = resolve(import.meta.dirname, '../../../../../fixtures/parity-small');
const required = { precision: 'fp32', id: 'sizes', title: 'Sizes' } as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graph-sizes-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function convert(
  checkpoint: string,
  options: Partial<ConvertOptions> = {},
): Promise<[string, PixelSailManifest]> {
  const target = join(await mkdtemp(join(folder, 'target-')), 'package');
  return [target, await convertCheckpoint(checkpoint, target, { ...required, ...options })];
}

async function convertAndOpen(
  checkpoint: string,
  options: Partial<ConvertOptions>,
): Promise<Graphs> {
  return openGraphs(...(await convert(checkpoint, options)));
}

/** Noise as an image of the given grid, then a few words with two `[SEG]`. */
function noiseSequence(rows: number, columns: number, patchSize = 16): Recorded {
  const count = rows * columns;
  const cells = Array.from(
    { length: count },
    (_, i) => [1 + Math.floor(i / columns), 1 + (i % columns)] as const,
  );
  const words = [65, 270, 66, 265, 67, 265, 68];
  const after = Array.from({ length: words.length + 1 }, (_, i) => Math.max(rows, columns) + 1 + i);
  return {
    patches: Float32Array.from({ length: count * 3 * patchSize ** 2 }, normalNumbers(5)),
    patchCount: count,
    grid: [rows, columns],
    tokens: [259, ...cells.map(() => 260), 263, ...words],
    rows: [0, ...cells.map(([row]) => row), ...after],
    columns: [0, ...cells.map(([, column]) => column), ...after],
    segPositions: [count + 5, count + 7],
  };
}

const nano: Partial<ModelConfig> = {
  hidden_size: 256,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 64,
  intermediate_size: 704,
  mask_dim: 128,
  upsample_blocks: 2,
  tie_word_embeddings: true,
};

const shapes: [string, Partial<ModelConfig>][] = [
  ['the nano width', nano],
  [
    'one key-value head, four blocks, a derived head width and its own head',
    {
      hidden_size: 48,
      num_hidden_layers: 2,
      num_attention_heads: 3,
      num_key_value_heads: 1,
      head_dim: undefined as never,
      intermediate_size: 100,
      mask_dim: 20,
      upsample_blocks: 4,
      tie_word_embeddings: false,
    },
  ],
  [
    'as many key-value heads as heads, wider than the hidden size, and another patch size',
    {
      hidden_size: 40,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      num_key_value_heads: 2,
      head_dim: 64,
      intermediate_size: 50,
      mask_dim: 8,
      upsample_blocks: 1,
      patch_size: 8,
      rms_norm_eps: 1e-5,
    },
  ],
];

describe.each(shapes)('a network with %s', (name, sizes) => {
  let checkpoint: string;
  const sequence = noiseSequence(6, 8, sizes.patch_size);
  const prompts = Array.from({ length: sequence.patchCount }, (_, i) => (i % 7 === 0 ? i % 3 : -2));
  beforeAll(async () => {
    checkpoint = await writeRandomCheckpoint(fixture, join(folder, name), sizes);
  });

  it('gives the same numbers with plain and with fused operators', async () => {
    const plain = await convertAndOpen(checkpoint, { operators: 'plain' });
    const fused = await convertAndOpen(checkpoint, { operators: 'fused' });
    const [a, b] = [
      await runPasses(plain, sequence, prompts),
      await runPasses(fused, sequence, prompts),
    ];
    for (const stage of [
      'states',
      'hidden',
      'logits',
      'features',
      'queries',
      'maskLogits',
    ] as const) {
      expect(largestDifference(a[stage], b[stage]), stage).toBeLessThan(2e-4);
      expect(
        b[stage].some((value) => Math.abs(value) > 0.1),
        stage,
      ).toBe(true);
    }
    await Promise.all([plain, fused].map(closeGraphs));
  });

  it('keeps its masks under int8', async () => {
    const exact = await convertAndOpen(checkpoint, {});
    const quantized = await convertAndOpen(checkpoint, { precision: 'int8' });
    const masks = async (graphs: Graphs): Promise<Float32Array> =>
      (await runPasses(graphs, sequence, prompts)).maskLogits;
    expect(maskIou(await masks(quantized), await masks(exact))).toBeGreaterThanOrEqual(0.98);
    await Promise.all([exact, quantized].map(closeGraphs));
  });
});

describe.each(shapes)('a network with %s whose integers are kept', (name, sizes) => {
  const sequence = noiseSequence(6, 8, sizes.patch_size);
  const prompts = Array.from({ length: sequence.patchCount }, () => -2);
  it.each(['int8', 'int4'] as const)(
    'gives nearly the numbers of the same integers widened: %s',
    async (precision) => {
      const made = join(folder, `${name} ${precision}`);
      const checkpoint = await writeRandomCheckpoint(fixture, made, sizes);
      const [target, manifest] = await convert(checkpoint, { precision, integers: 'kept' });
      const widenedAgain = join(folder, `${name} ${precision} widened`);
      await checkpointFromPackage(target, widenedAgain);
      const [kept, widened] = [
        await openGraphs(target, manifest),
        await convertAndOpen(widenedAgain, { operators: 'plain' }),
      ];
      const [a, b] = [
        await runPasses(kept, sequence, prompts),
        await runPasses(widened, sequence, prompts),
      ];
      // A tied head is rounded beside the embeddings, which are not.
      const stages = ['states', 'hidden', 'maskLogits'] as const;
      for (const stage of sizes.tie_word_embeddings ? stages : ([...stages, 'logits'] as const)) {
        const largest = Math.max(...b[stage].map(Math.abs));
        expect(largestDifference(a[stage], b[stage]) / largest, stage).toBeLessThan(0.03);
      }
      await Promise.all([kept, widened].map(closeGraphs));
    },
  );
});

describe('the storage of a checkpoint does not matter', () => {
  const hashOf = (manifest: PixelSailManifest): string =>
    manifest.files.find(({ path }) => path === 'weights.bin')!.sha256;

  it('shards give the same weights as one file', async () => {
    const sharded = await copyCheckpoint(fixture, join(folder, 'sharded'));
    const tensors = [...decodeSafetensors(await readFile(join(fixture, 'model.safetensors')))];
    const weightMap: Record<string, string> = {};
    for (const shard of [0, 1, 2]) {
      const part = tensors.filter((_, i) => i % 3 === shard);
      const file = `model-0000${String(shard + 1)}-of-00003.safetensors`;
      await writeFile(join(sharded, file), encodeSafetensors(new Map(part)));
      for (const [name] of part) weightMap[name] = file;
    }
    await rm(join(sharded, 'model.safetensors'));
    await writeFile(
      join(sharded, 'model.safetensors.index.json'),
      JSON.stringify({ weight_map: weightMap }),
    );
    const [, fromShards] = await convert(sharded);
    const [, fromOne] = await convert(fixture);
    expect(hashOf(fromShards)).toBe(hashOf(fromOne));
  });

  it('float32 gives the same weights as the float16 it was widened from', async () => {
    const widened = await copyCheckpoint(fixture, join(folder, 'widened'), {
      tensors: (tensors) => {
        for (const [name, { dtype, shape, bytes }] of tensors) {
          expect(dtype).toBe('F16');
          const values = new Float32Array(new Float16Array(Uint8Array.from(bytes).buffer));
          tensors.set(name, rawTensor('F32', shape, values));
        }
      },
    });
    const [, fromFloat32] = await convert(widened);
    const [, fromFloat16] = await convert(fixture);
    expect(hashOf(fromFloat32)).toBe(hashOf(fromFloat16));
  });

  it('a tokenizer.json is taken as it is', async () => {
    const own = await copyCheckpoint(fixture, join(folder, 'own-tokenizer'));
    const [first] = await convert(fixture);
    const text = (await readFile(join(first, 'tokenizer.json'), 'utf8')) + '\n';
    await writeFile(join(own, 'tokenizer.json'), text);
    const [target] = await convert(own);
    expect(await readFile(join(target, 'tokenizer.json'), 'utf8')).toBe(text);
  });

  it('a package works where it is moved to', async () => {
    const [target, manifest] = await convert(fixture);
    const moved = join(folder, 'größer ß 🙂', 'package');
    await cp(target, moved, { recursive: true });
    await rm(target, { recursive: true });
    const graphs = await openGraphs(moved, manifest);
    const passes = await runPasses(graphs, noiseSequence(2, 2), [-2, -2, -2, -2]);
    expect(passes.maskLogits.length).toBe(2 * 8 * 8);
    await closeGraphs(graphs);
  });
});
