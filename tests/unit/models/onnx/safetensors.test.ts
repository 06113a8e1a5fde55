/// <reference lib="esnext.float16" />
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listTensors, readTensor } from '../../../../models/onnx/safetensors.ts';
import { encodeSafetensors, rawTensor, type RawTensor } from '../../../support/checkpoint.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safetensors-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(
  tensors: Record<string, RawTensor>,
  file = 'model.safetensors',
): Promise<void> {
  await writeFile(join(folder, file), encodeSafetensors(new Map(Object.entries(tensors))));
}

async function valuesOf(name: string): Promise<number[]> {
  const values: number[] = [];
  for await (const chunk of readTensor((await listTensors(folder)).get(name)!))
    values.push(...chunk);
  return values;
}

describe('reading safetensors', () => {
  it('widens float16 and bfloat16 to the same float32 numbers', async () => {
    const numbers = [0, -1.5, 0.0625, 384];
    const bfloat16 = Uint16Array.of(0x0000, 0xbfc0, 0x3d80, 0x43c0);
    await write({
      wide: rawTensor('F32', [4], Float32Array.from(numbers)),
      half: rawTensor('F16', [2, 2], Float16Array.from(numbers)),
      brain: rawTensor('BF16', [4, 1], bfloat16),
    });
    for (const name of ['wide', 'half', 'brain']) expect(await valuesOf(name)).toEqual(numbers);
    expect((await listTensors(folder)).get('half')!.shape).toEqual([2, 2]);
  });

  it('reads a large tensor in chunks, in order', async () => {
    const count = (1 << 20) + 5;
    await write({
      large: rawTensor(
        'F32',
        [count],
        Float32Array.from({ length: count }, (_, i) => i),
      ),
    });
    const lengths: number[] = [];
    let next = 0;
    for await (const chunk of readTensor((await listTensors(folder)).get('large')!)) {
      lengths.push(chunk.length);
      expect(chunk[0]).toBe(next);
      next += chunk.length;
    }
    expect(lengths).toEqual([1 << 20, 5]);
  });

  it('finds the tensors of all shards that the index names', async () => {
    await write({ a: rawTensor('F32', [1], Float32Array.of(1)) }, 'model-1.safetensors');
    await write({ b: rawTensor('F32', [1], Float32Array.of(2)) }, 'model-2.safetensors');
    const index = { weight_map: { a: 'model-1.safetensors', b: 'model-2.safetensors' } };
    await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify(index));
    expect(await valuesOf('a')).toEqual([1]);
    expect(await valuesOf('b')).toEqual([2]);
  });
});

describe('a bad safetensors file is refused with its path', () => {
  const one = rawTensor('F32', [1], Float32Array.of(1));

  it('when it is missing', async () => {
    await expect(listTensors(folder)).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringContaining(join(folder, 'model.safetensors')) as string,
    });
  });

  it.each([
    ['empty', Buffer.alloc(0), /truncated: expected at least 8 bytes, found 0/],
    ['not safetensors at all', Buffer.from('<!DOCTYPE html><html>…'), /not a safetensors file/],
    ['cut in the header', encodeSafetensors(new Map([['a', one]])).subarray(0, 30), /truncated/],
    [
      'cut in the data',
      encodeSafetensors(new Map([['a', one]])).subarray(0, -1),
      /for the tensor a, found/,
    ],
  ])('when it is %s', async (_, bytes, message) => {
    await writeFile(join(folder, 'model.safetensors'), bytes);
    await expect(listTensors(folder)).rejects.toThrow(message);
  });

  it('when a header gives a tensor fewer bytes than its shape needs', async () => {
    await write({ a: { ...one, shape: [2] } });
    await expect(listTensors(folder)).rejects.toThrow(
      'of shape [2] in F32 needs 8 bytes, but the header gives it 4',
    );
  });

  it('when an index names a tensor that its shard does not hold', async () => {
    await write({ a: one }, 'model-1.safetensors');
    const index = { weight_map: { a: 'model-1.safetensors', b: 'model-1.safetensors' } };
    await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify(index));
    await expect(listTensors(folder)).rejects.toThrow(
      'model-1.safetensors holds the tensor b, but it does not',
    );
  });

  it('when a shard is missing', async () => {
    const index = { weight_map: { a: 'model-1.safetensors' } };
    await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify(index));
    await expect(listTensors(folder)).rejects.toThrow(
      /model-1\.safetensors of the checkpoint cannot be read/,
    );
  });

  it('when the type of a tensor is unknown', async () => {
    await write({ a: rawTensor('I8', [4], Int8Array.of(1, 2, 3, 4)) });
    await expect(valuesOf('a')).rejects.toThrow(
      'The tensor a is stored as I8; expected F32, F16 or BF16',
    );
  });

  it.each([NaN, Infinity, -Infinity])('when a tensor holds %s', async (value) => {
    await write({ a: rawTensor('F32', [3], Float32Array.of(1, value, 3)) });
    await expect(valuesOf('a')).rejects.toThrow(`The tensor a holds ${String(value)} at element 1`);
  });
});
