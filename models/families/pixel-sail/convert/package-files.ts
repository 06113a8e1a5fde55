import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelConfig } from '../config.ts';
import type { PixelSailManifest } from '../manifest.ts';
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
 * operators, and the image and features graphs one that multiplies in int8, which does not pay for
 * the few tokens of a text: only the weights are large, and those they share. An image graph whose
 * weights stay integers multiplies in int8 anyway.
 */
export async function writeGraphs(
  config: ModelConfig,
  weights: ReadonlyMap<string, StoredWeight>,
  operators: 'fused' | 'plain',
  files: PackageFiles,
): Promise<PixelSailManifest['graphs']> {
  const write = async (
    graph: Graph,
    twins: { readonly plain?: Graph; readonly integer?: Graph } = {},
  ): Promise<PixelSailManifest['graphs']['image']> => {
    const file = `${graph.name}.onnx`;
    await files.write(file, encodeModel(graph));
    const described = { file, inputs: describe(graph.inputs), outputs: describe(graph.outputs) };
    if (operators === 'plain') return described;
    const twin = async (kind: keyof typeof twins) => {
      const name = `${graph.name}-${kind}.onnx`;
      if (twins[kind]) await files.write(name, encodeModel(twins[kind]));
      return twins[kind] && name;
    };
    return { ...described, plainFile: await twin('plain'), integerFile: await twin('integer') };
  };
  const keepsIntegers = [...weights.values()].some(({ keptBits }) => keptBits !== undefined);
  return {
    image: await write(buildImageGraph(config, weights, operators), {
      plain: buildImageGraph(config, weights, 'plain'),
      ...(keepsIntegers ? {} : { integer: buildImageGraph(config, weights, 'integer') }),
    }),
    text: await write(buildTextGraph(config, weights, operators), {
      plain: buildTextGraph(config, weights, 'plain'),
    }),
    features: await write(buildFeaturesGraph(config, weights), {
      integer: buildFeaturesGraph(config, weights, 'integer'),
    }),
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
