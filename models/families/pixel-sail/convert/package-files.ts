import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelConfig } from '../config.ts';
import type { PixelSailManifest } from '../manifest.ts';
import type { Operators } from './decoder.ts';
import { buildImageGraph } from './image-graph.ts';
import { buildFeaturesGraph, buildMaskGraph } from './mask-graphs.ts';
import { encodeModel, type Graph, type Value } from '../../../onnx/onnx.ts';
import { buildTextGraph } from './text-graph.ts';
import type { StoredWeight } from '../../../onnx/weights-file.ts';

/**
 * Writes the small files of a package and lists them, with their hashes, after those already
 * there.
 */
export class PackageFiles {
  readonly written: PixelSailManifest['files'];
  readonly #directory: string;

  constructor(directory: string, written: PixelSailManifest['files']) {
    this.#directory = directory;
    this.written = written;
  }

  async write(path: string, content: string | Uint8Array): Promise<void> {
    const bytes = Buffer.from(content);
    await writeFile(join(this.#directory, path), bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.written.push({ path, sha256, bytes: bytes.length });
  }
}

/**
 * Builds and writes the four graphs. The fused image and text graphs get a twin in plain
 * operators: only the weights are large, and those they share.
 */
export async function writeGraphs(
  config: ModelConfig,
  weights: ReadonlyMap<string, StoredWeight>,
  operators: Operators,
  files: PackageFiles,
): Promise<PixelSailManifest['graphs']> {
  const write = async (
    graph: Graph,
    plain?: Graph,
  ): Promise<PixelSailManifest['graphs']['image']> => {
    const file = `${graph.name}.onnx`;
    await files.write(file, encodeModel(graph));
    const described = { file, inputs: describe(graph.inputs), outputs: describe(graph.outputs) };
    if (plain === undefined || operators === 'plain') return described;
    const plainFile = `${graph.name}-plain.onnx`;
    await files.write(plainFile, encodeModel(plain));
    return { ...described, plainFile };
  };
  return {
    image: await write(
      buildImageGraph(config, weights, operators),
      buildImageGraph(config, weights, 'plain'),
    ),
    text: await write(
      buildTextGraph(config, weights, operators),
      buildTextGraph(config, weights, 'plain'),
    ),
    features: await write(buildFeaturesGraph(config, weights)),
    mask: await write(buildMaskGraph(config, weights)),
  };
}

function describe(values: readonly Value[]): PixelSailManifest['graphs']['image']['inputs'] {
  return Object.fromEntries(
    values.map(({ name, type, shape }) => [
      name,
      { dtype: type as 'float32' | 'int64', shape: [...shape] },
    ]),
  );
}
