/// <reference lib="esnext.float16" />
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listTensors } from '../../../../models/onnx/safetensors.ts';
import { roundings, WeightsFile } from '../../../../models/onnx/weights-file.ts';
import { encodeSafetensors, normalNumbers, rawTensor } from '../../../support/checkpoint.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weights-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function entriesOf(tensors: Record<string, { shape: number[]; values: Float32Array }>) {
  const raw = Object.entries(tensors).map(
    ([name, { shape, values }]) => [name, rawTensor('F32', shape, values)] as const,
  );
  await writeFile(join(folder, 'model.safetensors'), encodeSafetensors(new Map(raw)));
  return listTensors(folder);
}

function create(): Promise<WeightsFile> {
  return WeightsFile.create(join(folder, 'weights.bin'), 'weights.bin');
}

function normal(count: number, scale = 1): Float32Array {
  const random = normalNumbers(3);
  return Float32Array.from({ length: count }, () => scale * random());
}

/** Stored integers times the scale of their block. */
function dequantize(
  stored: Int8Array,
  scales: Float16Array,
  inputs: number,
  block: number,
): Float32Array {
  const padded = Math.ceil(inputs / block) * block;
  const rows = stored.length / padded;
  return Float32Array.from({ length: rows * inputs }, (_, i) => {
    const at = Math.floor(i / inputs) * padded + (i % inputs);
    return stored[at]! * scales[Math.floor(at / block)]!;
  });
}

/** Two integers of four bits in each byte, the low bits first. */
function unpacked(bytes: Uint8Array): Int8Array {
  const signed = (bits: number) => (bits < 8 ? bits : bits - 16);
  return Int8Array.from([...bytes].flatMap((byte) => [signed(byte & 15), signed(byte >> 4)]));
}

describe('the weights file', () => {
  it('holds each tensor at an aligned offset, and reports its own size and hash', async () => {
    const entries = await entriesOf({
      a: { shape: [3], values: Float32Array.of(1, 2, 3) },
      b: { shape: [2, 2], values: Float32Array.of(4, 5, 6, 7) },
    });
    const file = await create();
    const a = await file.store(entries.get('a')!, 'float32');
    const b = await file.store(entries.get('b')!, 'float16');
    const { bytes, sha256 } = await file.finish();

    const content = await readFile(join(folder, 'weights.bin'));
    expect(content.length).toBe(bytes);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
    expect(a.values).toEqual({
      type: 'float32',
      shape: [3],
      data: { file: 'weights.bin', offset: 0, bytes: 12 },
    });
    expect(b.values).toEqual({
      type: 'float16',
      shape: [2, 2],
      data: { file: 'weights.bin', offset: 64, bytes: 8 },
    });
    const copy = content.buffer.slice(content.byteOffset, content.byteOffset + bytes);
    expect([...new Float32Array(copy, 0, 3)]).toEqual([1, 2, 3]);
    expect([...new Float16Array(copy, 64, 4)]).toEqual([4, 5, 6, 7]);
  });

  it.each([
    ['int8', 0.004],
    ['int4', 0.1],
  ] as const)(
    'rounds to %s with a relative error under %d, padding the last block of a row',
    async (storage, most) => {
      const [outputs, inputs] = [16, 100];
      const { block } = roundings[storage];
      const values = normal(outputs * inputs, 0.02);
      values.fill(0, 0, block);
      const file = await create();
      const stored = await file.store(
        (await entriesOf({ w: { shape: [outputs, inputs], values } })).get('w')!,
        storage,
      );
      await file.finish();

      const blocks = Math.ceil(inputs / block);
      expect(stored.values).toMatchObject({ type: storage, shape: [outputs, blocks, block] });
      expect(stored.scales).toMatchObject({ type: 'float16', shape: [outputs, blocks, 1] });
      const content = new Uint8Array(await readFile(join(folder, 'weights.bin')));
      const part = ({ data }: { data: { offset: number; bytes: number } }): ArrayBuffer =>
        content.slice(data.offset, data.offset + data.bytes).buffer;
      const bytes = part(stored.values);
      const back = dequantize(
        storage === 'int8' ? new Int8Array(bytes) : unpacked(new Uint8Array(bytes)),
        new Float16Array(part(stored.scales!)),
        inputs,
        block,
      );
      const sum = (f: (i: number) => number): number =>
        values.reduce((total, _, i) => total + f(i), 0);
      const error = Math.sqrt(
        sum((i) => (back[i]! - values[i]!) ** 2) / sum((i) => values[i]! ** 2),
      );
      expect(error).toBeGreaterThan(0);
      expect(error).toBeLessThan(most);
      expect([...back.subarray(0, block)]).toEqual(Array(block).fill(0));
    },
  );

  it.each([
    ['kept8', 0.01],
    ['kept4', 0.12],
  ] as const)(
    'rounds to %s, unsigned, as MatMulNBits reads it, with a relative error under %d',
    async (storage, most) => {
      const [outputs, inputs] = [4, 96];
      const values = normal(outputs * inputs, 0.02);
      const file = await create();
      const entries = await entriesOf({ w: { shape: [outputs, inputs], values } });
      const { values: integers, scales, keptBits } = await file.store(entries.get('w')!, storage);
      await file.finish();

      expect(keptBits).toBe(storage === 'kept8' ? 8 : 4);
      expect(integers).toMatchObject({ type: 'uint8', shape: [outputs, 3, 4 * keptBits!] });
      expect(scales).toMatchObject({ type: 'float16', shape: [outputs, 3] });
      const content = new Uint8Array(await readFile(join(folder, 'weights.bin')));
      const part = ({ data }: { data: { offset: number; bytes: number } }) =>
        content.slice(data.offset, data.offset + data.bytes);
      const bytes = [...part(integers)];
      const unsigned = keptBits === 8 ? bytes : bytes.flatMap((byte) => [byte & 15, byte >> 4]);
      const factors = new Float16Array(part(scales!).buffer);
      const back = unsigned.map(
        (integer, at) => (integer - 2 ** (keptBits! - 1)) * factors[Math.floor(at / 32)]!,
      );
      const squares = (of: (value: number, at: number) => number) =>
        values.reduce((sum, value, at) => sum + of(value, at) ** 2, 0);
      const error = Math.sqrt(
        squares((value, at) => back[at]! - value) / squares((value) => value),
      );
      expect(error).toBeLessThan(most);
    },
  );

  it('quantizes rows that lie across two chunks of a large tensor', async () => {
    const inputs = 600_000;
    const values = new Float32Array(2 * inputs);
    for (let i = 0; i < values.length; i++) values[i] = (i % 255) - 127;
    const file = await create();
    const stored = await file.store(
      (await entriesOf({ w: { shape: [2, inputs], values } })).get('w')!,
      'int8',
    );
    await file.finish();
    const content = await readFile(join(folder, 'weights.bin'));
    const scales = new Float16Array(
      content.buffer.slice(
        content.byteOffset + stored.scales!.data.offset,
        content.byteOffset + content.length,
      ),
    );
    // Around the chunk boundary, and at the end.
    for (const at of [(1 << 20) - 3, (1 << 20) + 3, values.length - 1]) {
      const found = content.readInt8(at) * scales[Math.floor(at / roundings.int8.block)]!;
      expect(Math.abs(found - values[at]!)).toBeLessThan(0.6);
    }
    expect(stored.values.data.bytes).toBe(values.length);
  });

  it('refuses a value that float16 cannot hold and says what to do', async () => {
    const entries = await entriesOf({ w: { shape: [1, 2], values: Float32Array.of(1, 70_000) } });
    const file = await create();
    await expect(file.store(entries.get('w')!, 'float16')).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      message: 'The tensor w holds 70000, which float16 cannot store. Convert with precision fp32.',
      sentence: 'tensorTooLarge',
    });
    await file.abandon();
  });

  it('stops when asked to', async () => {
    const entries = await entriesOf({ w: { shape: [2], values: Float32Array.of(1, 2) } });
    const file = await create();
    await expect(
      file.store(entries.get('w')!, 'float32', AbortSignal.abort()),
    ).rejects.toMatchObject({ code: 'cancelled' });
    await file.abandon();
  });
});
