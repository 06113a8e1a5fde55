import { createHash } from 'node:crypto';
import { mkdir, readdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { datasetFailure } from '../../core/formats/sentences.ts';
import { toFileError } from './file-error.ts';
import { makeFolder } from './folders.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';
import { readPlainText } from '../../models/plain-file.ts';
import { originKey } from './export-origin.ts';
import { draftName, removeLeftDrafts, synchronise } from './new-file.ts';
import { followLinks, requireFolderName, requireFreePlace } from './output-file.ts';
import { fileFailure } from './sentences.ts';

/** A folder that is to be written, and what is known about it. */
export interface FolderRequest {
  /** As a person named it. */
  readonly path: string;
  /** The project that it is made of, whose photos must stay as they are. */
  readonly project: ProjectDatabase;
  /**
   * By what an earlier folder of the same kind is known, from the file that {@link writeFolder}
   * puts into it.
   */
  readonly origin: object;
  /**
   * An earlier one is replaced although files were added or removed since. Folders of others never
   * are.
   */
  readonly overwrite: boolean;
}

/**
 * The file of a folder that tells what it was made of. It is hidden, so that no reader takes it
 * for a part of the dataset.
 */
const originFile = '.pixelsail-export.json';

/**
 * The folder to write, links followed.
 * @returns its absolute path; nothing is there, or an empty folder, or one that may be replaced
 * @throws AppError `invalid-input` for a place that is protected or no folder, `already-exists` for
 *   a folder that may not be replaced
 */
export async function outputFolder({
  path,
  project,
  origin,
  overwrite,
}: FolderRequest): Promise<string> {
  const folder = await followLinks(path);
  await requireFreePlace(folder, path);
  requireFolderName(path);
  const names = await namesIn(folder);
  if (names === null || names.length === 0) return folder;
  if (await holdsPhotosOf(project, folder)) {
    throw fileFailure('invalid-input', 'outputProtected', { path, kind: 'image' });
  }
  const found = await readOrigin(folder);
  if (!found || !isDeepStrictEqual(found.origin, origin)) {
    throw datasetFailure('already-exists', 'exportFolderForeign', { path });
  }
  if (!overwrite && found.names !== hashOf(await allNames(folder))) {
    throw datasetFailure('already-exists', 'exportFolderChanged', { path });
  }
  return folder;
}

/**
 * Writes a folder that appears whole or not at all, in place of an empty one or an earlier one of
 * the same origin.
 * @param fill writes into an empty folder of a temporary name beside it
 * @returns the path under which it appeared, and what `fill` answered
 * @throws AppError as {@link outputFolder}, before anything is written and again before it is
 *   replaced; `disk-full`, `permission-denied`; every error of `fill`
 */
export async function writeFolder<Made>(
  request: FolderRequest,
  fill: (draft: string) => Promise<Made>,
): Promise<{ folder: string; made: Made }> {
  const folder = await outputFolder(request);
  const parent = dirname(folder);
  const draft = join(parent, draftName(process.pid));
  try {
    await makeFolder(parent);
    await removeLeftDrafts(parent);
    await mkdir(draft);
    const made = await fill(draft);
    await writeOrigin(draft, request.origin);
    // Somebody may have put something there meanwhile.
    await outputFolder(request);
    await takePlace(draft, folder);
    await synchronise(parent).catch(() => undefined);
    return { folder, made };
  } catch (thrown) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    throw toFileError(thrown, 'write', folder);
  }
}

/**
 * Gives a draft the name of a folder, and what had the name before another one, until that is
 * removed.
 */
async function takePlace(draft: string, folder: string): Promise<void> {
  if ((await namesIn(folder)) === null) {
    await rename(draft, folder);
    return;
  }
  const before = join(dirname(folder), draftName(process.pid));
  await rename(folder, before);
  try {
    await rename(draft, folder);
  } catch (thrown) {
    await rename(before, folder);
    throw thrown;
  }
  await rm(before, { recursive: true, force: true });
}

/** Null where nothing is. */
async function namesIn(folder: string): Promise<string[] | null> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw toFileError(thrown, 'write', folder);
  }
}

/**
 * Whether a project has photos in a folder: they are not replaced, even where the folder is an
 * earlier export.
 */
async function holdsPhotosOf(project: ProjectDatabase, folder: string): Promise<boolean> {
  for (const { path } of project.folders()) {
    const absolute = resolve(dirname(project.file), path);
    const real = await realpath(absolute).catch(() => absolute);
    if ((real + sep).startsWith(folder + sep)) return true;
  }
  return false;
}

async function writeOrigin(folder: string, origin: object): Promise<void> {
  const names = hashOf(await allNames(folder));
  const file = join(folder, originFile);
  await writeFile(file, `${JSON.stringify({ [originKey]: origin, names })}\n`);
  await synchronise(file);
}

async function readOrigin(
  folder: string,
): Promise<{ readonly origin: unknown; readonly names: unknown } | null> {
  try {
    const text = await readPlainText(join(folder, originFile));
    const { [originKey]: origin, names } = JSON.parse(text) as Record<string, unknown>;
    return { origin, names };
  } catch {
    return null;
  }
}

/** Every path in a folder but that of the origin. */
async function allNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => path !== originFile && basename(path) !== '.DS_Store');
}

function hashOf(names: readonly string[]): string {
  return createHash('sha256')
    .update([...names].sort().join('\n'))
    .digest('hex');
}
