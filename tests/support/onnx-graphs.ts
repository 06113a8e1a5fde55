import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { headDim } from '../../models/families/pixel-sail/config.ts';
import {
  graphRoles,
  type GraphRole,
  type PixelSailManifest,
} from '../../models/families/pixel-sail/manifest.ts';

export type Tensors = Readonly<Record<string, Tensor>>;

/** The bare sessions of a package's four graphs. */
export interface Graphs {
  readonly manifest: PixelSailManifest;
  readonly sessions: Readonly<Record<GraphRole, InferenceSession>>;
}

export async function openGraphs(
  directory: string,
  manifest: PixelSailManifest,
  options: InferenceSession.SessionOptions = {},
): Promise<Graphs> {
  const opened = await Promise.all(
    graphRoles.map(async (role) => [
      role,
      await InferenceSession.create(join(directory, manifest.graphs[role].file), {
        intraOpNumThreads: 1,
        ...options,
      }),
    ]),
  );
  return { manifest, sessions: Object.fromEntries(opened) as Graphs['sessions'] };
}

export async function closeGraphs({ sessions }: Graphs): Promise<void> {
  await Promise.all(Object.values(sessions).map((session) => session.release()));
}

/**
 * Rotary tables of the tokens at the given (h, w) positions; the first quarter of the head width
 * follows h.
 */
export function rotaryTables(
  { manifest }: Graphs,
  rows: readonly number[],
  columns: readonly number[],
): { cos: Tensor; sin: Tensor } {
  const half = headDim(manifest.config) / 2;
  const shape = [rows.length, half];
  const angles = rows.flatMap((row, token) =>
    Array.from({ length: half }, (_, i) => {
      const frequency = manifest.config.rope_theta ** (-i / half);
      return (i < half / 2 ? row : columns[token]!) * frequency;
    }),
  );
  return {
    cos: new Tensor('float32', Float32Array.from(angles, Math.cos), shape),
    sin: new Tensor('float32', Float32Array.from(angles, Math.sin), shape),
  };
}

/** Keys and values of nothing, for text without an image. */
export function emptyPast({ manifest }: Graphs): Tensors {
  const { config } = manifest;
  const shape = [1, config.num_key_value_heads, 0, headDim(config)];
  const empty = (): Tensor => new Tensor('float32', new Float32Array(0), shape);
  const layers = Array.from({ length: config.num_hidden_layers }, (_, i) => String(i));
  return Object.fromEntries(
    layers.flatMap((i) => [
      [`past.${i}.key`, empty()],
      [`past.${i}.value`, empty()],
    ]),
  );
}

/** The `present` outputs of a run as the `past` inputs of the next. */
export function pastOf(outputs: Tensors): Tensors {
  return Object.fromEntries(
    Object.entries(outputs)
      .filter(([name]) => name.startsWith('present.'))
      .map(([name, tensor]) => [name.replace('present.', 'past.'), tensor]),
  );
}

export function int64(values: readonly number[], shape: readonly number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), shape);
}

export function float32(values: Float32Array, shape: readonly number[]): Tensor {
  return new Tensor('float32', values, shape);
}
