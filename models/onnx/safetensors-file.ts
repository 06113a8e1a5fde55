import { open } from 'node:fs/promises';

/** A tensor to write: its shape, and its values in order, in chunks of any length. */
export interface TensorSource {
  readonly shape: readonly number[];
  values(): AsyncIterable<Float32Array>;
}

/**
 * Writes float32 tensors as one safetensors file, never holding more than a chunk of one.
 * Format: github.com/huggingface/safetensors.
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, TensorSource>,
): Promise<void> {
  let end = 0;
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  for (const [name, { shape }] of tensors) {
    const begin = end;
    end += 4 * shape.reduce((product, length) => product * length, 1);
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] };
  }
  const text = JSON.stringify(header);
  // The values begin at a multiple of 8, which readers that map the file rely on; spaces are part
  // of the format.
  const padded = Buffer.from(text + ' '.repeat((8 - (Buffer.byteLength(text) % 8)) % 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));

  const file = await open(path, 'wx');
  try {
    await file.writeFile(Buffer.concat([length, padded]));
    for (const { values } of tensors.values()) {
      for await (const chunk of values()) {
        await file.writeFile(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      }
    }
    await file.sync();
  } finally {
    await file.close();
  }
}
