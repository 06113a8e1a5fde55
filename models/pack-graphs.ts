import { copyFile, mkdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import { z } from 'zod';
import { throwIfCancelled } from './cancellation.ts';
import type { Family, GivenGraph, ImportHints, RecognizedGraphs } from './family.ts';
import { loadModel } from './load-model.ts';
import { externalFiles } from './onnx/external-data.ts';
import { graphMetadata } from './onnx/graph-metadata.ts';
import { readGraphInterface } from './onnx/graph-interface.ts';
import { weightPrecision } from './onnx/weight-precision.ts';
import { makeFolder } from './package/make-folder.ts';
import { packagePath, type Manifest } from './package/manifest.ts';
import { hashFile, manifestFile } from './package/package.ts';
import { readPlainFile, requirePlainFile } from './plain-file.ts';
import { families } from './registry.ts';
import { modelFailure } from './sentences.ts';

/** Information that people give about an added model. */
export interface PackOptions {
  /** Lower-case letters, digits, dots and hyphens. */
  readonly id: string;
  readonly title: string;
  /** The licence of the weights, known to their exporter; the graphs do not hold it. */
  readonly license: string;
  readonly description?: string;
  readonly source?: { readonly url: string; readonly revision: string };
  readonly hints?: ImportHints;
  readonly signal?: AbortSignal;
}

/**
 * Makes a model package of ONNX files that others exported. They are known by what they take and
 * give; the files and the weights that they keep beside them are copied and hashed; a self-test
 * has to pass. The target appears complete or not at all.
 * @throws AppError `invalid-input` when no family knows the graphs, `package-invalid` when one
 *   cannot be loaded or lacks weights, `already-exists`, `cancelled`, `disk-full`,
 *   `permission-denied`
 */
export async function packGraphs(
  paths: readonly string[],
  targetDirectory: string,
  options: PackOptions,
): Promise<Manifest> {
  const graphs: GivenGraph[] = [];
  for (const path of paths) {
    await requirePlainFile(path);
    const metadata = graphMetadata(await readPlainFile(path));
    graphs.push({ path, ...(await readGraphInterface(path)), metadata });
  }
  const { family, recognized } = recognize(graphs, options);
  return makeFolder(targetDirectory, async (draft) => {
    const manifest = await writePackage(draft, family, recognized, options);
    throwIfCancelled(options.signal);
    const model = await loadModel(draft, { device: 'cpu' });
    await model.dispose();
    return manifest;
  });
}

function recognize(
  graphs: readonly GivenGraph[],
  { hints = {} }: PackOptions,
): { family: Family; recognized: RecognizedGraphs } {
  for (const family of families) {
    const recognized = family.import?.recognize(graphs, hints);
    if (recognized) return { family, recognized };
  }
  throw modelFailure('invalid-input', 'graphsUnknown', {
    graphs: graphs.map(describe),
    kinds: families.flatMap((family) => family.import?.kinds ?? []),
  });
}

function describe({ path, inputs, outputs }: GivenGraph): string {
  const values = (declared: GivenGraph['inputs']) =>
    Object.entries(declared)
      .map(([name, { dtype, shape }]) => `${name} (${dtype} [${shape.map(lengthWord).join(', ')}])`)
      .join(', ');
  return `${basename(path)}, which takes ${values(inputs)} and gives ${values(outputs)}`;
}

/** Names of lengths are made up by exporters and say nothing. */
function lengthWord(length: number | string): string {
  return typeof length === 'number' ? String(length) : '?';
}

async function writePackage(
  draft: string,
  family: Family,
  recognized: RecognizedGraphs,
  options: PackOptions,
): Promise<Manifest> {
  const files: Manifest['files'] = [];
  const models: Uint8Array[] = [];
  const graphs: Manifest['graphs'] = {};
  for (const [role, { path, inputs, outputs }] of Object.entries(recognized.graphs)) {
    throwIfCancelled(options.signal);
    const file = `${role}/${role}.onnx`;
    const model = await readPlainFile(path);
    models.push(model);
    files.push(await copyInto(draft, path, file));
    for (const name of externalFiles(model)) {
      files.push(await copyInto(draft, besideGraph(path, name), posix.join(role, name)));
    }
    graphs[role] = { file, inputs, outputs } as Manifest['graphs'][string];
  }
  const parsed = family.manifest.safeParse({
    formatVersion: 1,
    family: family.id,
    id: options.id,
    version: '1.0.0',
    title: options.title,
    description: options.description ?? '',
    license: options.license,
    source: options.source ?? { url: '', revision: '' },
    precision: weightPrecision(models),
    tasks: recognized.tasks,
    prompts: recognized.prompts,
    classes: recognized.classes,
    minimumScore: recognized.minimumScore,
    config: recognized.config,
    graphs,
    files,
    memory: {
      weightsBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      workingBytes: recognized.workingBytes,
    },
  });
  if (!parsed.success) {
    const names = Object.values(recognized.graphs).map(({ path }) => basename(path));
    const reason = z.prettifyError(parsed.error);
    throw modelFailure('invalid-input', 'graphsUnusable', { graphs: names, reason });
  }
  const manifest = parsed.data;
  await writeFile(join(draft, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/**
 * The file of weights that a graph names, which may come from a stranger.
 * @throws AppError `package-invalid` when it does not lie beside the graph
 */
function besideGraph(path: string, name: string): string {
  if (packagePath.test(name)) return join(dirname(path), name);
  throw modelFailure('package-invalid', 'graphWeightsElsewhere', { path, file: name });
}

async function copyInto(
  draft: string,
  from: string,
  path: string,
): Promise<Manifest['files'][number]> {
  const to = join(draft, path);
  await requirePlainFile(from);
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
  const { size } = await stat(to);
  return { path, sha256: await hashFile(to), bytes: size };
}
