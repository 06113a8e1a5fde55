import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { addition, isEmptyDiff, removal, type Diff } from '../../core/diff.ts';
import { failure } from '../../core/errors.ts';
import { CocoImporter, type CocoRowNote } from '../../core/formats/coco-import.ts';
import { isObject } from '../../core/formats/coco-row.ts';
import {
  ExistingAnnotations,
  type ExistingPolicy,
} from '../../core/formats/existing-annotations.ts';
import { readJsonRows, type JsonRow } from '../../core/formats/json-stream.ts';
import type { ImageRecord, ProjectRecord } from '../../core/records.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';
import { refuseFileOfOpenProject } from '../../db/project-files.ts';
import { plainTextStream } from '../../models/plain-file.ts';
import type { ImportNote, ImportReport } from '../api/contract.ts';
import { toFileError } from './file-error.ts';
import { importFolder } from './image-import.ts';
import type { JobContext } from './jobs.ts';

export interface CocoImportFileOptions {
  readonly file: string;
  /** Folder of the photos that it names. */
  readonly images: string;
  /** What is done with images that hold annotations already; `merge` unless given. */
  readonly existing?: ExistingPolicy | undefined;
}

/** Records that are written in one transaction. */
const batchSize = 500;

/**
 * Imports a COCO file: registers the photos it names from `images` (subfolders included), then adds its
 * categories, annotations and captions. Rows that cannot be used are reported with their reason. All of it is
 * one undoable step; progress is in bytes of the file.
 * @throws AppError `dataset-invalid`, `not-found`, `permission-denied`; `cancelled`, saying what was kept.
 */
export async function importCoco(
  database: ProjectDatabase,
  { file, images, existing: policy = 'merge' }: CocoImportFileOptions,
  cache: string,
  context: JobContext,
): Promise<ImportReport> {
  refuseFileOfOpenProject(file);
  const names = await readFileNames(file);
  const photos = await importFolder(database, images, cache, context, (path) =>
    names.has(plainName(path)),
  );
  const existing = new ExistingAnnotations(policy, (imageId, box) =>
    box ? database.annotationsInBox(imageId, box) : database.annotations(imageId),
  );
  const importer = new CocoImporter({
    file: basename(file),
    findImage: imageFinder(database, names, images),
    categories: database.categories(),
    existing,
    nowMs: Date.now(),
  });
  const write = (diff: Diff) => {
    if (isEmptyDiff(diff)) return;
    database.apply(`Import ${basename(file)}`, diff, { group: context.jobId });
  };
  const changeOf = (added: readonly ProjectRecord[]): Diff => ({
    ...addition(...added),
    removed: removal(...existing.takeRemoved()).removed,
  });

  const { size } = await stat(file);
  let batch: ProjectRecord[] = [];
  let annotations = 0;
  for await (const row of readRows(file, (bytes) => context.progress(bytes, size))) {
    if (context.signal.aborted) {
      throw failure('cancelled', 'annotationsKept', { imported: annotations });
    }
    batch.push(...importer.read(row));
    if (batch.length < batchSize) continue;
    write(changeOf(batch));
    annotations += batch.length;
    batch = [];
  }
  write(changeOf(batch));
  const { diff, report } = importer.finish();
  write(diff);
  return {
    images: report.images,
    annotations: report.annotations,
    categories: report.categories,
    existing: existing.counts,
    skipped: [...photos.skipped, ...report.dropped.map(toNote)],
    warnings: report.warnings.map(toNote),
  };
}

/** The base names of the images that the file lists. */
async function readFileNames(file: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const row of readRows(file)) {
    if (row.section !== 'images' || !('value' in row) || !isObject(row.value)) continue;
    const name = row.value['file_name'];
    if (typeof name === 'string') names.add(plainName(name));
  }
  return names;
}

async function* readRows(
  file: string,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<JsonRow> {
  try {
    const stream = await plainTextStream(file);
    stream.on('data', () => onBytes(stream.bytesRead));
    yield* readJsonRows(stream as AsyncIterable<string>);
  } catch (thrown) {
    throw toFileError(thrown, 'read', resolve(file));
  }
}

/**
 * Finds the image that a `file_name` means among those in the folder `images`: the one whose path there is the name, else
 * the only one whose path ends with the name or the other way round. Where none does, any other image of the project
 * that it means so; the same name in another folder is another photo.
 */
function imageFinder(
  database: ProjectDatabase,
  names: ReadonlySet<string>,
  images: string,
): (fileName: string) => ImageRecord | null {
  const root = dirname(database.file);
  const folder = database.folders().find(({ path }) => resolve(root, path) === resolve(images));
  const byName = new Map<string, ImageRecord[]>();
  for (const { image } of database.exportImages()) {
    const name = plainName(image.path);
    if (!names.has(name)) continue;
    byName.set(name, [...(byName.get(name) ?? []), image]);
  }
  return (fileName) => {
    const wanted = `/${fileName.normalize('NFC')}`;
    const alike = (byName.get(plainName(fileName)) ?? []).map((image) => ({
      image,
      path: `/${image.path.normalize('NFC')}`,
    }));
    const here = alike.filter(({ image }) => image.folderId === folder?.id);
    return meant(here, wanted) ?? (here.length > 0 ? null : meant(alike, wanted));
  };
}

/** The image whose path is the wanted one, else the only one whose path ends with that or the other way round. */
function meant(
  candidates: readonly { readonly image: ImageRecord; readonly path: string }[],
  wanted: string,
): ImageRecord | null {
  const exact = candidates.filter(({ path }) => path === wanted);
  const alike = candidates.filter(({ path }) => path.endsWith(wanted) || wanted.endsWith(path));
  const [found, another] = exact.length > 0 ? exact : alike;
  return found && !another ? found.image : null;
}

/** The last part of a path, spelled one way on every disk. */
function plainName(path: string): string {
  return path.slice(path.replaceAll('\\', '/').lastIndexOf('/') + 1).normalize('NFC');
}

function toNote({ section, index, id, reason, error }: CocoRowNote): ImportNote {
  const place = index === null ? section : `${section}[${index}]`;
  return { what: id === null ? place : `${place} (id ${id})`, reason, error };
}
