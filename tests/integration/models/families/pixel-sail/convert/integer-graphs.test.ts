/// <reference lib="esnext.float16" />
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertCheckpoint } from '../../../../../../models/families/pixel-sail/convert/convert.ts';
import { GraphBuilder } from '../../../../../../models/onnx/graph-builder.ts';
import { encodeModel } from '../../../../../../models/onnx/onnx.ts';
import {
  copyCheckpoint,
  normalNumbers,
  rawTensor,
  type RawTensors,
} from '../../../../../support/checkpoint.ts';

const root = resolve(import.meta.dirname, '../../../../../..');
const fixture = join(root, 'tests/fixtures/parity-small');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'integer-graphs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The only output of a graph. */
async function run(path: string, feeds: Record<string, Tensor>): Promise<Float32Array> {
  const session = await InferenceSession.create(path, { intraOpNumThreads: 1 });
  const outputs = await session.run(feeds);
  await session.release();
  return outputs[session.outputNames[0]!]!.data as Float32Array;
}

/** Root mean square of the difference, as a share of that of what is expected. */
function relativeError(found: Float32Array, expected: Float32Array): number {
  const size = (values: Float32Array) => Math.hypot(...values);
  return size(found.map((value, index) => value - expected[index]!)) / size(expected);
}

function randomFloats(count: number, seed: number): Float32Array {
  const random = normalNumbers(seed);
  return Float32Array.from({ length: count }, random);
}

describe('products in int8', () => {
  it('keep small rows exact beside a row that is a thousand times as large', async () => {
    const [rows, inputs, outputs] = [8, 64, 16];
    const matrix = randomFloats(outputs * inputs, 1);
    await writeFile(join(folder, 'weights.bin'), matrix);
    const shape = [outputs, inputs];
    const data = { file: 'weights.bin', offset: 0, bytes: matrix.byteLength };
    const builder = new GraphBuilder(
      new Map([['matrix', { shape, values: { type: 'float32', shape, data } }]]),
    );
    const x = builder.input('x', 'float32', ['N', inputs]);
    builder.apply('Identity', [builder.integerLinearByRows(x, 'matrix')], {}, 'y');
    builder.output('y', 'float32', ['N', outputs]);
    const path = join(folder, 'rows.onnx');
    await writeFile(path, encodeModel(builder.build('rows')));

    const values = randomFloats(rows * inputs, 2);
    for (let input = 0; input < inputs; input++) values[input]! *= 1000;
    values.fill(0, inputs, 2 * inputs);
    const found = await run(path, { x: new Tensor('float32', values, [rows, inputs]) });

    for (let row = 0; row < rows; row++) {
      const expected = Float32Array.from({ length: outputs }, (_, output) =>
        matrix
          .subarray(output * inputs, (output + 1) * inputs)
          .reduce((sum, weight, input) => sum + weight * values[row * inputs + input]!, 0),
      );
      const own = found.slice(row * outputs, (row + 1) * outputs);
      if (row === 1) expect([...own]).toEqual([...expected]);
      else expect(relativeError(own, expected), `row ${row}`).toBeLessThan(0.02);
    }
  });

  it('keep the feature map where one channel has an offset far larger than what varies', async () => {
    const checkpoint = await copyCheckpoint(fixture, join(folder, 'offset'), {
      tensors: (tensors) => {
        for (const block of [0, 1]) {
          shrink(tensors, `upsample_blocks.${block}.3.ln.weight`);
          offset(tensors, `upsample_blocks.${block}.3.ln.bias`);
        }
      },
    });
    const target = join(folder, 'offset-package');
    const manifest = await convertCheckpoint(checkpoint, target, {
      precision: 'fp32',
      id: 'offset',
      title: 'Offset',
    });
    const { file, integerFile } = manifest.graphs.features;
    const width = manifest.config.hidden_size;
    const feeds = {
      states: new Tensor('float32', randomFloats(64 * width, 3), [64, width]),
      grid: new Tensor('int64', BigInt64Array.of(8n, 8n), [2]),
    };
    const expected = await run(join(target, file), feeds);
    const found = await run(join(target, integerFile!), feeds);
    // The part that all cells share hides how far they differ from each other.
    const [varied, exact] = [found, expected].map((map) => withoutMeans(map, manifest)) as [
      Float32Array,
      Float32Array,
    ];
    expect(relativeError(varied, exact)).toBeLessThan(0.06);
  });
});

function shrink(tensors: RawTensors, name: string): void {
  change(tensors, name, (value) => 0.05 * value);
}

function offset(tensors: RawTensors, name: string): void {
  change(tensors, name, (value, channel) => (channel === 0 ? 3 : value));
}

function change(
  tensors: RawTensors,
  name: string,
  by: (value: number, index: number) => number,
): void {
  const { dtype, shape, bytes } = tensors.get(name)!;
  const values = new (dtype === 'F16' ? Float16Array : Float32Array)(Uint8Array.from(bytes).buffer);
  tensors.set(name, rawTensor(dtype, shape, values.map(by)));
}

/** A map [C, cells] without the mean of each channel. */
function withoutMeans(
  map: Float32Array,
  { config }: { config: { mask_dim: number } },
): Float32Array {
  const cells = map.length / config.mask_dim;
  const means = Array.from({ length: config.mask_dim }, (_, channel) => {
    const own = map.subarray(channel * cells, (channel + 1) * cells);
    return own.reduce((sum, value) => sum + value, 0) / cells;
  });
  return map.map((value, index) => value - means[Math.floor(index / cells)]!);
}
