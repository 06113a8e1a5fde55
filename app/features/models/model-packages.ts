import { copyFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { toErrorEnvelope, type ErrorEnvelope } from '../../../core/errors.ts';
import { convertCheckpoint } from '../../../models/families/pixel-sail/convert/convert.ts';
import { refuseFileOfOpenProject } from '../../../db/project-files.ts';
import type { Precision } from '../../../core/precision.ts';
import type { PackOptions } from '../../../models/pack-graphs.ts';
import { checkSizes, manifestFile } from '../../../models/package/package.ts';
import {
  packServer,
  requireServerAddress,
  type ServerOptions,
} from '../../../models/pack-server.ts';
import { readManifest, serverOf, verifyPackage } from '../../../models/registry.ts';
import { readPackageFile } from '../../../models/package/package-file.ts';
import { requirePlainFile } from '../../../models/plain-file.ts';
import type { ModelReport } from '../../api/contract/models.ts';
import { toFileError } from '../../files/file-error.ts';
import { makeFolder } from '../../files/folders.ts';
import type { JobContext } from '../../jobs/job-kind.ts';
import { allowedServers, confirmServer } from './allowed-servers.ts';
import { listModels, readModel } from './models.ts';
import { modelListFailure } from './sentences.ts';

const cardFile = 'README.md';

/** Files that a package may bring beside those of its manifest: its card and its licence. */
const papers = /^(README|LICEN[CS]E|NOTICE)(\.\w+)?$/i;
const maximumPaperBytes = 1 << 20;

/**
 * Copies a package into the folder of the user's models, under its id. It appears there complete
 * and checked against every hash, or not at all. Progress is in bytes.
 * @throws AppError `package-invalid`, `already-exists`, `cancelled`, `disk-full`,
 * `permission-denied`.
 */
export async function importPackage(
  folder: string,
  modelFolders: readonly string[],
  context: JobContext,
): Promise<ModelReport> {
  const source = resolve(folder);
  const manifest = await readManifest(source);
  const { id, files } = manifest;
  if (serverOf(manifest) !== null) throw modelListFailure('unsupported', 'modelIsServed', { id });
  const userModels = modelFolders.at(-1)!;
  const target = await freeTarget(modelFolders, id);
  const draft = join(userModels, `.${id}.partial-${process.pid}`);
  const papersFound = (await readdir(source)).filter((name) => papers.test(name));
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let doneBytes = 0;
  try {
    await checkSizes(source, manifest);
    // A paper is read to its end when somebody looks at it.
    for (const name of papersFound) await readPackageFile(source, name, maximumPaperBytes);
    await rm(draft, { recursive: true, force: true });
    await makeFolder(draft);
    for (const { path, bytes } of files) {
      refuseFileOfOpenProject(join(source, path));
      throwIfCancelled(context);
      await makeFolder(dirname(join(draft, path)));
      await requirePlainFile(join(source, path));
      await copyFile(join(source, path), join(draft, path));
      doneBytes += bytes;
      context.progress(doneBytes, totalBytes);
    }
    for (const name of [manifestFile, ...papersFound]) {
      refuseFileOfOpenProject(join(source, name));
      await requirePlainFile(join(source, name));
      await copyFile(join(source, name), join(draft, name));
    }
    await verifyPackage(draft);
    throwIfCancelled(context);
    await rename(draft, target);
  } catch (thrown) {
    await rm(draft, { recursive: true, force: true });
    throw toFileError(thrown, 'import the model package', source);
  }
  return { model: (await readModel(target, true))! };
}

/** Options of a conversion; `license` is that of the weights. */
export interface ConversionInput {
  readonly checkpoint: string;
  readonly id: string;
  readonly title: string;
  readonly precision: Precision;
  readonly license?: string;
  /** Folder to make; among the user's models, named by the id, unless given. */
  readonly target?: string;
  readonly version?: string;
  readonly description?: string;
  readonly source?: { readonly url: string; readonly revision: string };
}

/**
 * Converts a checkpoint into a package, among the user's models or in a folder of its own.
 * Progress is in bytes of the checkpoint.
 * @throws AppError `checkpoint-invalid`, `invalid-input`, `already-exists`, `cancelled`,
 * `disk-full`, `permission-denied`.
 */
export async function convertModel(
  { checkpoint, target: given, ...options }: ConversionInput,
  modelFolders: readonly string[],
  context: JobContext,
): Promise<ModelReport> {
  const target = given ?? (await freeTarget(modelFolders, options.id));
  await makeFolder(dirname(resolve(target)));
  await convertCheckpoint(resolve(checkpoint), target, {
    ...options,
    signal: context.signal,
    onProgress: ({ doneBytes, totalBytes }) => context.progress(doneBytes, totalBytes),
  });
  return { model: (await readModel(target, given === undefined))! };
}

/**
 * Makes a package of ONNX files that others exported, among the user's models.
 * @param pack makes the package, here or in another process
 * @throws AppError `invalid-input` when no family knows the files, `package-invalid`,
 *   `already-exists`, `cancelled`, `disk-full`, `permission-denied`.
 */
export async function addModel(
  files: readonly string[],
  options: PackOptions,
  modelFolders: readonly string[],
  pack: (files: readonly string[], target: string, options: PackOptions) => Promise<unknown>,
): Promise<ModelReport> {
  const target = await freeTarget(modelFolders, options.id);
  await makeFolder(modelFolders.at(-1)!);
  for (const file of files) {
    await requirePlainFile(resolve(file)).catch((thrown: unknown) => {
      throw toFileError(thrown, 'read', resolve(file));
    });
  }
  await pack(
    files.map((file) => resolve(file)),
    target,
    options,
  ).catch(async (thrown: unknown) => {
    await removeDrafts(target);
    throw toFileError(thrown, 'import the model package', target);
  });
  return { model: (await readModel(target, true))! };
}

/** A model that a server runs. */
export interface ServerInput extends ServerOptions {
  readonly address: string;
  /** The person knows that photos leave this computer for it. */
  readonly isConfirmed: boolean;
}

/**
 * Adds a model that a server runs to the user's models, once the server has answered.
 * @throws AppError `invalid-input` for another address, `permission-denied` when photos would leave
 * this computer unconfirmed, `already-exists`, or what the connection ends with
 */
export async function addServerModel(
  { address: typed, isConfirmed, ...about }: ServerInput,
  home: string,
  modelFolders: readonly string[],
  signal: AbortSignal,
): Promise<ModelReport> {
  const address = requireServerAddress(typed);
  const target = await freeTarget(modelFolders, about.id);
  await confirmServer(home, address, isConfirmed);
  await makeFolder(modelFolders.at(-1)!);
  const options = { allowedServers: await allowedServers(home), signal };
  await packServer(address, target, about, options).catch((thrown: unknown) => {
    throw toFileError(thrown, 'import the model package', target);
  });
  return { model: (await readModel(target, true))! };
}

/** Removes the drafts of a package, which stay where the process that made them is killed. */
async function removeDrafts(target: string): Promise<void> {
  const folder = dirname(target);
  const beginning = `.${basename(target)}.partial-`;
  const names = (await readdir(folder)).filter((name) => name.startsWith(beginning));
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true });
}

/** The problem of the files of a package, or null. */
export async function findPackageProblem(directory: string): Promise<ErrorEnvelope | null> {
  return verifyPackage(directory).then(() => null, toErrorEnvelope);
}

/**
 * The text of a package's card, or null when it has none, or one that is no plain file of at most
 * 1 MB.
 */
export function readCard(directory: string): Promise<string | null> {
  return readPackageFile(directory, cardFile, maximumPaperBytes).then(
    (bytes) => bytes.toString('utf8'),
    () => null,
  );
}

/** @throws AppError `permission-denied`. */
export async function deletePackage(directory: string): Promise<void> {
  await rm(directory, { recursive: true }).catch((thrown: unknown) => {
    throw toFileError(thrown, 'delete the model', directory);
  });
}

/** Where a model of this id may be put. @param modelFolders the last one is the person's own */
async function freeTarget(modelFolders: readonly string[], id: string): Promise<string> {
  const shipped = await listModels(modelFolders.slice(0, -1));
  if (shipped.some((model) => model.id === id)) {
    throw modelListFailure('already-exists', 'modelShipped', { id });
  }
  const target = join(modelFolders.at(-1)!, id);
  const isTaken = await stat(target).then(
    () => true,
    () => false,
  );
  if (!isTaken) return target;
  throw modelListFailure('already-exists', 'modelExists', { id });
}

function throwIfCancelled({ signal }: JobContext): void {
  if (signal.aborted) throw modelListFailure('cancelled', 'modelNotKept', {});
}
