import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { type AppError } from '../../core/errors.ts';
import type { FileAction, ProtectedKind } from './sentences.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';
import { isPhoto } from '../../core/formats/photo-files.ts';
import { kindOf, notPlainFile } from '../../core/file-kind.ts';
import { openPlainFile } from '../../models/plain-file.ts';
import { readManifest } from '../../models/registry.ts';
import { toFileError } from './file-error.ts';
import { userDataFolder } from '../user-data.ts';
import { recognise } from './recognise.ts';
import { fileFailure } from './sentences.ts';

/** The object to create at a path. */
type OutputPlace = 'project' | 'package' | 'other';

/** A file that is to be written, and what is known about it. */
export interface OutputRequest {
  /** As a person named it. */
  readonly path: string;
  /** The ending of files of the written type, for instance `.json`. */
  readonly ending: string;
  /** Files that are read for it and must stay as they are. */
  readonly inputs?: readonly string[];
  /** The project that it is made of, whose photos must stay as they are. */
  readonly project?: ProjectDatabase;
  /**
   * Whether a file that is there was made by an earlier call for the same thing; null where that
   * cannot be told.
   */
  readonly isOurs: ((file: string) => Promise<boolean>) | null;
  /** Replaces a file that is not {@link isOurs} too, but never one that is protected. */
  readonly overwrite?: boolean;
}

/**
 * The file to write, links followed. Every file that a command or job makes gets its name here: one
 * with an ending that is of no type, as in `labels.v2`, gets the ending of the written type.
 * @returns its absolute path; nothing is there, or something that may be replaced
 * @throws AppError `invalid-input` for what is part of a project, an image, a model, an input or no
 *   plain file, and for a name with the ending of another type, `already-exists` for a file that is
 *   not ours and may not be overwritten, `not-found` for a missing folder
 */
export async function outputFile(request: OutputRequest): Promise<string> {
  const { ending, inputs = [], project, isOurs, overwrite = false } = request;
  const path = withEnding(request.path, ending);
  const file = await followLinks(path);
  const found = await statIfThere(file, 'write');
  if (found && !found.isFile()) {
    throw notPlainFile(path, kindOf(found));
  }
  for (const input of inputs) {
    const read = await stat(input).catch(() => null);
    if (found && read && read.dev === found.dev && read.ino === found.ino) {
      throw protectedFile(path, 'input');
    }
  }
  if (project && isPhotoOf(project, file)) throw protectedFile(path, 'image');
  await requireFreePlace(file, path);
  const isOwn = found && (await isOurs?.(file));
  const recognised = found && !isOwn ? await recogniseFile(file) : null;
  if (recognised) throw protectedFile(path, recognised);
  requireEnding(path, ending);
  if (!found || isOwn || overwrite) return file;
  throw fileFailure('already-exists', 'outputExists', { path });
}

/**
 * A folder, or a file of another kind, that is to be made where nothing is yet, links to its
 * folder followed.
 * @throws AppError `already-exists` when something is there, `invalid-input` where nothing of ours
 * belongs, and for a name with the ending of another type
 */
export async function newOutput(given: string, place: OutputPlace = 'other'): Promise<string> {
  const path = place === 'project' ? withEnding(given, projectEnding) : given;
  const found = await lstat(path).catch(() => null);
  if (found) throw fileFailure('already-exists', 'placeTaken', { path });
  const target = await followLinks(path);
  await requireFreePlace(target, path, place);
  if (place === 'project') requireEnding(path, projectEnding);
  else requireFolderName(path);
  return target;
}

/** @throws AppError `invalid-input` for an ending that readers take for another type */
function requireEnding(path: string, ending: string): void {
  const found = extname(path);
  if (found === '' || found.toLowerCase() === ending) return;
  throw fileFailure('invalid-input', 'outputEnding', { path, ending });
}

const projectEnding = '.pixelsail';

/** Endings of files that this program reads or writes, apart from photos. */
const fileEndings: ReadonlySet<string> = new Set(
  '.csv .json .jsonl .parquet .pixelsail .txt .xml .yaml .zip'.split(' '),
);

/** Endings of files of others that a person would take a file of ours for. */
const otherEndings: ReadonlySet<string> = new Set(
  '.db .gz .html .js .md .onnx .p .pdf .pkl .pt .pth .py .safetensors .sqlite .svg .tar .ts .tsv .yml'.split(
    ' ',
  ),
);

/** A name as it is written: what follows its last dot may be no ending, as in `labels.v2`. */
function withEnding(path: string, ending: string): string {
  const found = extname(path).toLowerCase();
  const isKnown = isPhoto(path) || fileEndings.has(found) || otherEndings.has(found);
  // Files beside a project have such endings and are refused by them.
  const isOfProject = found.startsWith(projectEnding);
  return found === '' || found === ending || isKnown || isOfProject ? path : path + ending;
}

/** @throws AppError `invalid-input` for the name of a folder that people take for a file */
export function requireFolderName(path: string): void {
  if (!isPhoto(path) && !fileEndings.has(extname(path).toLowerCase())) return;
  throw fileFailure('invalid-input', 'outputFolderEnding', { path });
}

/**
 * @param place `project`: the ending of projects is right here; `package`: it may lie among the
 * person's own models
 * @throws AppError `invalid-input` where only the program itself writes: packages, its cache,
 * files beside a project
 */
export async function requireFreePlace(
  file: string,
  path = file,
  place: OutputPlace = 'other',
): Promise<void> {
  const isProjectPart = /\.pixelsail(-[\w-]+)?$/i.exec(basename(file));
  if (isProjectPart && (place !== 'project' || isProjectPart[1] !== undefined)) {
    throw protectedFile(path, 'project');
  }
  for (const own of ['cache', 'models']) {
    const folder = join(userDataFolder(), own);
    const real = await realpath(folder).catch(() => folder);
    const isAmongModels = place === 'package' && own === 'models' && dirname(file) === real;
    if (!isAmongModels && (file + sep).startsWith(real + sep)) {
      throw protectedFile(path, 'own-data');
    }
  }
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const isPackage = await readManifest(folder).then(
      () => true,
      () => false,
    );
    if (isPackage) throw protectedFile(path, 'package');
  }
}

/** Whether a file that is there is one of a project's photos, by its place. */
function isPhotoOf(project: ProjectDatabase, file: string): boolean {
  return project.folders().some(({ id, path }) => {
    const inside = relative(resolve(dirname(project.file), path), file);
    return project.imageByPath(id, inside.split(sep).join('/')) !== null;
  });
}

/** The real path of what a name means, whether it is there or not. */
export async function followLinks(path: string): Promise<string> {
  const absolute = resolve(path);
  const real = await realpathIfThere(absolute);
  if (real !== null) return real;
  if (await lstat(absolute).catch(() => null)) {
    throw notPlainFile(path, 'broken-link');
  }
  // The folder may be made later, by the one who writes.
  const folder = await realpathIfThere(dirname(absolute));
  return folder === null ? absolute : join(folder, basename(absolute));
}

async function realpathIfThere(path: string): Promise<string | null> {
  return realpath(path).catch((thrown: unknown) => nullIfMissing(thrown, 'write', path));
}

async function statIfThere(path: string, action: FileAction) {
  return stat(path).catch((thrown: unknown) => nullIfMissing(thrown, action, path));
}

function nullIfMissing(thrown: unknown, action: FileAction, path: string): null {
  if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
  throw toFileError(thrown, action, path);
}

async function recogniseFile(file: string): Promise<ProtectedKind | null> {
  return recognise(extname(file), await readHead(file));
}

const headBytes = 65_536;

/** The first bytes of a file, enough to know it again. */
export async function readHead(file: string): Promise<Buffer> {
  try {
    const handle = await openPlainFile(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    throw toFileError(thrown, 'read', file);
  }
}

function protectedFile(path: string, kind: ProtectedKind): AppError {
  return fileFailure('invalid-input', 'outputProtected', { path, kind });
}
