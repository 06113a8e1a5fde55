/// <reference lib="esnext.float16" />
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelConfigSchema, type ModelConfig } from '../../models/families/pixel-sail/config.ts';
import { expectedTensors } from '../../models/families/pixel-sail/convert/checkpoint.ts';

export interface RawTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}
export type RawTensors = Map<string, RawTensor>;

export function rawTensor(
  dtype: string,
  shape: readonly number[],
  values: ArrayBufferView,
): RawTensor {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { dtype, shape, bytes };
}

/** The bytes of a safetensors file. */
export function encodeSafetensors(tensors: ReadonlyMap<string, RawTensor>): Buffer {
  let end = 0;
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  for (const [name, { dtype, shape, bytes }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [end, (end += bytes.length)] };
  }
  const text = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([prefix, text, ...[...tensors.values()].map(({ bytes }) => bytes)]);
}

export function decodeSafetensors(file: Buffer): RawTensors {
  const start = 8 + Number(file.readBigUInt64LE());
  const header = JSON.parse(file.toString('utf8', 8, start)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  delete header['__metadata__'];
  return new Map(
    Object.entries(header).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => [name, { dtype, shape, bytes: file.subarray(start + from, start + to) }],
    ),
  );
}

/** Changes of a test to a copied checkpoint. */
export interface CheckpointEdit {
  config(config: Record<string, unknown>): void;
  tensors(tensors: RawTensors): void;
}

/** Copies a checkpoint folder, with some things in it changed. */
export async function copyCheckpoint(
  source: string,
  target: string,
  edit: Partial<CheckpointEdit> = {},
): Promise<string> {
  await mkdir(target, { recursive: true });
  await cp(join(source, 'tokens.json'), join(target, 'tokens.json'));
  const config = JSON.parse(await readFile(join(source, 'config.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  edit.config?.(config);
  await writeFile(join(target, 'config.json'), JSON.stringify(config));
  const tensors = decodeSafetensors(await readFile(join(source, 'model.safetensors')));
  edit.tensors?.(tensors);
  await writeFile(join(target, 'model.safetensors'), encodeSafetensors(tensors));
  return target;
}

/**
 * Writes a checkpoint of the given sizes with seeded random weights, scaled so that activations
 * keep their size. Special tokens and prompts are those of the parity fixture.
 */
export async function writeRandomCheckpoint(
  fixture: string,
  target: string,
  sizes: Partial<ModelConfig>,
): Promise<string> {
  return copyCheckpoint(fixture, target, {
    config: (config) => Object.assign(config, sizes),
    tensors: (tensors) => {
      tensors.clear();
      const base = { vocab_size: 320, special_token_ids: {}, prompt_token_ids: [] };
      const random = normalNumbers(7);
      for (const [name, shape] of expectedTensors(modelConfigSchema.parse({ ...base, ...sizes }))) {
        const count = shape.reduce((a, b) => a * b, 1);
        const isNorm = /norm|\.ln\.weight/.test(name);
        const fanIn = name.includes('embed_tokens') ? 1 : count / shape[0]!;
        const scale = shape.length === 1 ? 0.1 : fanIn ** -0.5;
        const values = new Float16Array(count);
        for (let i = 0; i < count; i++) values[i] = scale * random() + (isNorm ? 1 : 0);
        tensors.set(name, rawTensor('F16', shape, values));
      }
    },
  });
}

/** Seeded normal deviates (xorshift, Box-Muller). */
export function normalNumbers(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 1) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
