import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelConfigSchema, type ModelConfig } from '../../../models/families/pixel-sail/config.ts';
import { expectedTensors } from '../../../models/families/pixel-sail/convert/checkpoint.ts';
import { normalNumbers } from '../../support/checkpoint.ts';

const fixture = new URL('../../fixtures/parity-small/', import.meta.url);

/** The authors' networks: Qwen2.5 with the mask head of their code (arXiv 2504.10465). */
export const largeShapes = {
  '0.5B': {
    ...{ hidden_size: 896, num_hidden_layers: 24, num_attention_heads: 14, head_dim: 64 },
    intermediate_size: 4864,
  },
  '3B': {
    ...{ hidden_size: 2048, num_hidden_layers: 36, num_attention_heads: 16, head_dim: 128 },
    intermediate_size: 11_008,
  },
} as const;
export type LargeShape = keyof typeof largeShapes;

const commonSizes = {
  ...{ num_key_value_heads: 2, vocab_size: 151_936, mask_dim: 512, upsample_blocks: 3 },
  ...{ tie_word_embeddings: true, rope_theta: 1e6 },
};

const elementsPerChunk = 1 << 20;
const bytesPerShard = 2 ** 30;

/**
 * Writes a checkpoint of that shape in bfloat16, in shards, with made-up weights of the usual size.
 * Texts are bytes, as in the parity fixture. Never holds more than a chunk of a tensor.
 */
export async function makeLargeCheckpoint(folder: string, shape: LargeShape): Promise<void> {
  await mkdir(folder, { recursive: true });
  const small = JSON.parse(await readFile(new URL('config.json', fixture), 'utf8')) as object;
  const config = { ...small, ...commonSizes, ...largeShapes[shape] };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  await writeFile(join(folder, 'tokens.json'), await readFile(new URL('tokens.json', fixture)));
  const random = normalNumbers(7);
  const normal = Float32Array.from({ length: elementsPerChunk }, random);
  const weightMap: Record<string, string> = {};
  for (const [index, tensors] of shardsOf(modelConfigSchema.parse(config)).entries()) {
    const name = `model-${String(index + 1).padStart(5, '0')}.safetensors`;
    await writeShard(join(folder, name), tensors, normal);
    for (const [tensor] of tensors) weightMap[tensor] = name;
  }
  const list = JSON.stringify({ weight_map: weightMap });
  await writeFile(join(folder, 'model.safetensors.index.json'), list);
}

type Tensors = [name: string, shape: readonly number[]][];

function shardsOf(config: ModelConfig): Tensors[] {
  const shards: Tensors[] = [[]];
  let bytes = 0;
  for (const [name, shape] of expectedTensors(config)) {
    const size = 2 * elementsOf(shape);
    if (bytes > 0 && bytes + size > bytesPerShard) {
      shards.push([]);
      bytes = 0;
    }
    shards.at(-1)!.push([name, shape]);
    bytes += size;
  }
  return shards;
}

function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

async function writeShard(path: string, tensors: Tensors, normal: Float32Array): Promise<void> {
  let end = 0;
  const header = Object.fromEntries(
    tensors.map(([name, shape]) => {
      const offsets = [end, (end += 2 * elementsOf(shape))];
      return [name, { dtype: 'BF16', shape, data_offsets: offsets }];
    }),
  );
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = await open(path, 'w');
  await file.writeFile(Buffer.concat([length, text]));
  for (const [name, shape] of tensors) {
    const chunk = toBfloat16(normal, name, shape);
    for (let left = elementsOf(shape); left > 0; left -= chunk.length) {
      await file.writeFile(new Uint8Array(chunk.buffer, 0, 2 * Math.min(left, chunk.length)));
    }
  }
  await file.close();
}

/** Scaled so that states keep their size from layer to layer. */
function toBfloat16(normal: Float32Array, name: string, shape: readonly number[]): Uint16Array {
  const isNorm = /norm|\.ln\.weight/.test(name);
  const inputs = name.includes('embed_tokens') ? 1 : elementsOf(shape) / shape[0]!;
  const scale = shape.length === 1 ? 0.1 : inputs ** -0.5;
  const values = normal.slice(0, elementsOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = scale * values[i]! + (isNorm ? 1 : 0);
  const halves = new Uint16Array(values.buffer);
  // The upper half of a float32, whose bytes are little-endian.
  const bits = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) bits[i] = halves[2 * i + 1]!;
  return bits;
}
