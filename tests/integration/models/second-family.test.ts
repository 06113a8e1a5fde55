import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { encodeRle, rleArea, rleBox } from '../../../core/geometry/rle.ts';
import type { ModelRequest } from '../../../core/prompt.ts';
import { askModel } from '../../../models/ask-model.ts';
import type { Family } from '../../../models/family.ts';
import type { RgbImage } from '../../../models/image/rgb-image.ts';
import { loadModel } from '../../../models/load-model.ts';
import { encodeModel } from '../../../models/onnx/onnx.ts';
import { graphSchema, manifestSchema } from '../../../models/package/manifest.ts';
import { families, readManifest, verifyPackage } from '../../../models/registry.ts';

/**
 * A family of its own: one graph that adds up the channels of a pixel; what is bright belongs to
 * the mask.
 */
const brightManifestSchema = manifestSchema.extend({
  family: z.literal('bright'),
  config: z.object({ level: z.number() }),
  graphs: z.object({ brightness: graphSchema }),
});

const bright: Family<z.infer<typeof brightManifestSchema>> = {
  id: 'bright',
  manifest: brightManifestSchema,
  tasks: ['segment'],
  graphRoles: ['brightness'],
  runtime: () =>
    Promise.resolve({
      selfTest: () => ({
        run: async (sessions) => {
          const outputs = await sessions['brightness']!.run({ pixels: tensorOf([3, 2, 1]) });
          return [(await outputs['sum']!.getData()) as Float32Array];
        },
        probe: { role: 'brightness', inputs: { pixels: tensorOf([0, 0, 0]) } },
      }),
      load: ({ manifest, hash }, { lease, report }) =>
        Promise.resolve({
          manifest,
          hash,
          device: report,
          requireReadable: () => undefined,
          prepare: () => Promise.resolve(),
          async *answer(image) {
            const pixels = tensorOf(Array.from(image.pixels, (byte) => byte / 255 / 3));
            const outputs = await lease.sessions['brightness']!.run({ pixels });
            const sums = (await outputs['sum']!.getData()) as Float32Array;
            const { width, height } = image;
            const data = Uint8Array.from(sums, (sum) => (sum > manifest.config.level ? 1 : 0));
            const rle = encodeRle({ width, height, data });
            const mask = { rle, area: rleArea(rle), bbox: rleBox(rle), score: 1, threshold: 0.5 };
            const masks = [{ ...mask, region: null, label: null }];
            const answers = [{ text: '', masks, choice: null }];
            const model = { id: manifest.id, hash };
            yield { kind: 'result', result: { answers, device: report, timings: {}, model } };
          },
          dispose: () => lease.release(),
        }),
    }),
};

function tensorOf(values: number[]): Tensor {
  return new Tensor('float32', Float32Array.from(values), [values.length / 3, 3]);
}

const ones = new Uint8Array(Float32Array.of(1, 1, 1).buffer);
const graph = encodeModel({
  name: 'brightness',
  nodes: [
    {
      operator: 'MatMul',
      domain: '',
      inputs: ['pixels', 'ones'],
      outputs: ['sum'],
      attributes: {},
    },
  ],
  initializers: [{ name: 'ones', type: 'float32', shape: [3, 1], data: ones }],
  inputs: [{ name: 'pixels', type: 'float32', shape: ['N', 3] }],
  outputs: [{ name: 'sum', type: 'float32', shape: ['N', 1] }],
});

const manifest = {
  formatVersion: 1,
  family: 'bright',
  id: 'lamp',
  version: '1.0.0',
  title: 'Lamp',
  description: 'Marks what is bright.',
  license: 'Apache-2.0',
  source: { url: '', revision: '' },
  precision: 'fp32',
  tasks: ['segment'],
  config: { level: 0.5 },
  graphs: {
    brightness: {
      file: 'brightness.onnx',
      inputs: { pixels: { dtype: 'float32', shape: ['N', 3] } },
      outputs: { sum: { dtype: 'float32', shape: ['N', 1] } },
    },
  },
  files: [
    {
      path: 'brightness.onnx',
      sha256: createHash('sha256').update(graph).digest('hex'),
      bytes: graph.length,
    },
  ],
  memory: { weightsBytes: 12, workingBytes: 0 },
};

const image: RgbImage = {
  key: 'two pixels',
  width: 2,
  height: 1,
  pixels: Uint8Array.of(0, 0, 0, 255, 255, 255),
};
const everythingBright: ModelRequest = { task: 'segment', text: 'bright', regions: [] };

describe('a family beside Pixel-SAIL', () => {
  let folder: string;
  const write = (changes: object) =>
    writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, ...changes }));
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'second-family-'));
    await writeFile(join(folder, 'brightness.onnx'), graph);
  });
  beforeEach(() => write({}));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('loads a package with graphs of its own roles and answers with masks', async () => {
    const model = await loadModel(folder, { device: 'cpu', threads: 1 }, [bright]);
    const { answers } = await askModel(model, image, everythingBright);
    await model.dispose();
    expect(answers[0]!.masks.map(({ bbox }) => bbox)).toEqual([[1, 0, 1, 1]]);
    expect(model.device).toMatchObject({ used: 'cpu', threads: 1 });
  });

  it('is refused a question that it cannot answer, saying what it can do', async () => {
    const model = await loadModel(folder, { device: 'cpu', threads: 1 }, [bright]);
    await expect(
      askModel(model, image, { task: 'ask', question: 'Is it?', choices: [], regions: [] }),
    ).rejects.toThrow('The model lamp cannot answer questions; it can segment regions.');
    await expect(askModel(model, image, { task: 'describe', regions: [] })).rejects.toMatchObject({
      code: 'invalid-input',
      sentence: 'modelCannot',
    });
    await model.dispose();
  });

  it('has manifests read by its own rules, the configuration and the tasks included', async () => {
    await expect(readManifest(folder, [bright])).resolves.toMatchObject({ config: { level: 0.5 } });
    await write({ config: { level: 'high' } });
    await expect(readManifest(folder, [bright])).rejects.toThrow(/config\.level/);
    await write({ tasks: ['segment', 'ask'] });
    await expect(readManifest(folder, [bright])).rejects.toThrow(/offers the task ask/);
  });

  it('has its files checked like those of any other', async () => {
    const whole = await readFile(join(folder, 'brightness.onnx'));
    await writeFile(join(folder, 'brightness.onnx'), whole.toReversed());
    await expect(verifyPackage(folder, [bright])).rejects.toMatchObject({
      sentence: 'packageFileContent',
    });
    await writeFile(join(folder, 'brightness.onnx'), whole);
    await expect(verifyPackage(folder, [bright])).resolves.toMatchObject({ id: 'lamp' });
  });

  it('is named where this version does not have it', async () => {
    await expect(loadModel(folder)).rejects.toMatchObject({
      code: 'package-invalid',
      sentence: 'packageFamilyUnknown',
      detail: { family: 'bright', known: families.map(({ id }) => id) },
    });
  });
});
