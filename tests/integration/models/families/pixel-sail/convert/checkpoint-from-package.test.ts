/// <reference lib="esnext.float16" />
import { appendFile, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkpointFromPackage } from '../../../../../../models/families/pixel-sail/convert/checkpoint-from-package.ts';
import { convertCheckpoint } from '../../../../../../models/families/pixel-sail/convert/convert.ts';
import type { Precision } from '../../../../../../core/precision.ts';
import { readManifest } from '../../../../../../models/registry.ts';
import {
  decodeSafetensors,
  writeRandomCheckpoint,
  type RawTensors,
} from '../../../../../support/checkpoint.ts';

const fixture = resolve(import.meta.dirname, '../../../../../fixtures/parity-small');
/** 36 inputs leave the last block half empty (int8) or nearly so (int4). */
const sizes = {
  hidden_size: 36,
  num_hidden_layers: 1,
  num_attention_heads: 3,
  num_key_value_heads: 3,
  head_dim: 12,
  intermediate_size: 50,
  mask_dim: 16,
  upsample_blocks: 1,
  tie_word_embeddings: true,
};

let folder: string;
let checkpoint: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoint-from-package-'));
  checkpoint = await writeRandomCheckpoint(fixture, join(folder, 'checkpoint'), sizes);
});
afterAll(() => rm(folder, { recursive: true }));

async function tensorsOf(directory: string): Promise<RawTensors> {
  return decodeSafetensors(await readFile(join(directory, 'model.safetensors')));
}

async function convert(
  source: string,
  name: string,
  precision: Precision,
  integers: 'kept' | 'widened' = 'widened',
): Promise<string> {
  const target = join(folder, name);
  await convertCheckpoint(source, target, { precision, integers, id: 'there', title: 'There' });
  return target;
}

describe('a checkpoint made from a package', () => {
  it.each(['fp32', 'fp16', 'int8', 'int4'] as const)(
    'becomes the same %s package again, byte for byte',
    async (precision) => {
      const there = await convert(checkpoint, `there-${precision}`, precision);
      const back = join(folder, `back-${precision}`);
      await checkpointFromPackage(there, back);
      const again = await convert(back, `again-${precision}`, precision);
      for (const { path } of (await readManifest(there)).files) {
        const bytes = await readFile(join(again, path));
        expect(bytes.equals(await readFile(join(there, path))), path).toBe(true);
      }
    },
  );

  it.each(['int8', 'int4'] as const)(
    'holds the numbers that a package multiplies whose %s stay integers',
    async (precision) => {
      const wide = { ...sizes, hidden_size: 64, intermediate_size: 96 };
      const source = await writeRandomCheckpoint(fixture, join(folder, `wide-${precision}`), wide);
      const there = await convert(source, `kept-${precision}`, precision, 'kept');
      const back = join(folder, `kept-back-${precision}`);
      await checkpointFromPackage(there, back);
      const again = await convert(back, `kept-again-${precision}`, precision, 'kept');
      const weights = (directory: string) => readFile(join(directory, 'weights.bin'));
      expect((await weights(again)).equals(await weights(there))).toBe(true);
      expect((await readManifest(there)).files.map(({ path }) => path)).not.toContain(
        'image-integer.onnx',
      );
    },
  );

  it('holds every tensor under its name, exactly where the package kept it in float32', async () => {
    const there = await convert(checkpoint, 'exact', 'fp32');
    await checkpointFromPackage(there, join(folder, 'exact-back'));
    const [wanted, found] = [
      await tensorsOf(checkpoint),
      await tensorsOf(join(folder, 'exact-back')),
    ];
    expect([...found.keys()].sort()).toEqual([...wanted.keys()].sort());
    for (const [name, { shape, bytes }] of wanted) {
      expect(found.get(name)!.shape, name).toEqual(shape);
      const halves = new Float16Array(Uint8Array.from(bytes).buffer);
      const floats = new Float32Array(Uint8Array.from(found.get(name)!.bytes).buffer);
      expect(floats, name).toEqual(new Float32Array(halves));
    }
  });

  it('is not made from a package with a damaged file, and nothing is left behind', async () => {
    const there = await convert(checkpoint, 'damaged', 'int8');
    await appendFile(join(there, 'weights.bin'), 'x');
    await expect(checkpointFromPackage(there, join(folder, 'none'))).rejects.toMatchObject({
      code: 'package-invalid',
    });
    expect((await readdir(folder)).filter((name) => name.includes('none'))).toEqual([]);
  });

  it('never takes the place of a folder that is there', async () => {
    const there = await convert(checkpoint, 'kept', 'int8');
    await cp(there, join(folder, 'taken'), { recursive: true });
    await expect(checkpointFromPackage(there, join(folder, 'taken'))).rejects.toMatchObject({
      code: 'already-exists',
    });
  });

  it('stops when asked to and leaves nothing behind', async () => {
    const there = await convert(checkpoint, 'stopped', 'int8');
    await expect(
      checkpointFromPackage(there, join(folder, 'half'), AbortSignal.abort()),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect((await readdir(folder)).filter((name) => name.includes('half'))).toEqual([]);
  });
});
