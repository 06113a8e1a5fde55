import { dirname } from 'node:path';
import { addition, isEmptyDiff, removal, type Diff } from '../../../core/diff.ts';
import { type AppError } from '../../../core/errors.ts';
import type { DatasetFiles } from '../../../core/formats/dataset-files.ts';
import {
  ExistingAnnotations,
  type ExistingPolicy,
} from '../../../core/formats/existing-annotations.ts';
import type { DatasetFormat, OpenDataset, RowNote } from '../../../core/formats/format.ts';
import {
  detectFormat,
  formatById,
  formats,
  importerOf,
  parseOptions,
} from '../../../core/formats/registry.ts';
import { datasetFailure } from '../../../core/formats/sentences.ts';
import { mergeLicenses } from '../../../core/formats/coco/about.ts';
import { isPhoto } from '../../../core/formats/photo-files.ts';
import { stepLabel } from '../../../core/project/step-labels.ts';
import { ImageNames, imageFinder, pathsMeant } from '../../../core/project/image-names.ts';
import type { ImageRecord, ProjectRecord, RecordId } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import { refuseFileOfOpenProject } from '../../../db/project-files.ts';
import type { ImportNote, ImportReport } from '../../api/contract/dataset.ts';
import { openDataset } from '../../files/dataset-on-disk.ts';
import { unpack } from '../../files/unpack.ts';
import { ZipDataset } from '../../files/zip-dataset.ts';
import { importFolder, knownFolder, requireFolder } from '../images/image-import.ts';
import { withStoredDependents } from '../journal/dependents.ts';
import type { JobContext } from '../../jobs/job-kind.ts';
import { Turns } from '../../turns.ts';
import { transferFailure } from './sentences.ts';

export interface DatasetImport {
  /** A folder, a zip archive, or a file. */
  readonly path: string;
  /** Recognised unless given. */
  readonly format?: string | undefined;
  /** Folder of the photos that it names; that of the dataset unless given. */
  readonly images?: string | undefined;
  /** The treatment of images with existing annotations; `merge` by default. */
  readonly existing?: ExistingPolicy | undefined;
  /** Of the format; its defaults unless given. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** Records that are written in one transaction. */
const batchSize = 1000;

/**
 * Imports a dataset: registers the photos that it names from `images` (subfolders included), then
 * adds its categories, annotations and texts. Rows that cannot be used are reported with their
 * reason. All of it is one undoable step. Records are written as they come, so that memory does
 * not grow with them.
 * @throws AppError `dataset-invalid`, `not-found`, `permission-denied`, `invalid-input`;
 * `cancelled`, saying what was kept.
 */
export async function importDataset(
  database: ProjectDatabase,
  { path, format: id, images: folder, existing: policy = 'merge', options = {} }: DatasetImport,
  context: JobContext,
): Promise<ImportReport> {
  refuseFileOfOpenProject(path);
  const files = await openDataset(path);
  const format = id === undefined ? await recognised(path, files) : formatById(id);
  const importer = importerOf(format);
  const readOptions = parseOptions(format, format.readOptions, options);
  const turns = new Turns();
  const pause = (): Promise<void> | null => {
    if (context.signal.aborted) throw stopped(0);
    return turns.isDue ? turns.give() : null;
  };
  const dataset = await importer.open(files, readOptions, pause);
  const images = folder ?? (await folderOfPhotos(database, path, files, dataset, context));

  const photos = await registerPhotos(database, images, dataset.fileNames, context);
  const annotated = new Set<RecordId>();
  const existing = new ExistingAnnotations(
    policy,
    (imageId, box) => {
      // Most images of an import hold nothing yet, and asking for each would cost a tenth of it.
      if (!annotated.has(imageId)) return [];
      return box ? database.annotationsInBox(imageId, box) : database.annotations(imageId);
    },
    (imageId) => database.items(imageId),
  );
  const write = async (diff: Diff): Promise<void> => {
    if (isEmptyDiff(diff)) return;
    const label = stepLabel('importFiles', { name: files.name });
    const whole = withStoredDependents(database, diff);
    await database.gradually.apply(label, whole, { group: context.jobId });
  };
  const changeOf = (added: readonly ProjectRecord[]): Diff => ({
    ...addition(...added),
    removed: removal(...existing.takeRemoved()).removed,
  });
  let batch: ProjectRecord[] = [];
  let written = 0;
  const { licenses, renumbered } = mergeLicenses(
    database.settings().importedLicenses,
    dataset.about?.licenses ?? [],
  );
  // Images that are kept of a stopped import name them, too.
  await database.gradually.rest();
  if (dataset.about) database.changeSettings({ importedLicenses: licenses });
  const known = { existing, annotated, licenses: renumbered };
  const records = beginRecords(database, dataset, images, known, context);
  try {
    let next = await records.next();
    for (; !next.done; next = await records.next()) {
      batch.push(...next.value);
      if (batch.length >= batchSize) {
        await write(changeOf(batch));
        written += batch.length;
        batch = [];
      }
      if (turns.isDue) await turns.give();
      if (context.signal.aborted) throw stopped(written);
    }
    await write(changeOf(batch));
    const { rest, notes, ...counts } = next.value;
    for (const part of rest) await write(part);
    const info = dataset.about?.info;
    await database.gradually.rest();
    if (info) database.changeSettings({ importedInfo: { ...info } });
    const ofKind = (isLoss: boolean): ImportNote[] =>
      notes.filter((note) => note.isLoss === isLoss).map(toImportNote);
    return {
      ...counts,
      existing: existing.counts,
      skipped: [...photos.skipped, ...ofKind(true)],
      warnings: [...(photos.warnings ?? []), ...ofKind(false)],
      ...(photos.photos && { photos: photos.photos }),
    };
  } finally {
    // Closes the files that are being read.
    await records.return(undefined as never);
  }
}

/**
 * Where the photos of a dataset are to be looked for. Those of a zip archive are unpacked beside
 * the project first.
 */
async function folderOfPhotos(
  database: ProjectDatabase,
  path: string,
  files: DatasetFiles,
  { fileNames }: OpenDataset,
  { signal }: JobContext,
): Promise<string> {
  if (!(files instanceof ZipDataset)) return files.given === null ? path : dirname(path);
  const names = new ImageNames(fileNames);
  const found = (await files.list()).filter((file) => isPhoto(file) && names.mayMean(file));
  const photos = pathsMeant(found, fileNames);
  if (photos.size === 0) return dirname(path);
  return unpack(files, dirname(database.file), [...photos], signal);
}

function registerPhotos(
  database: ProjectDatabase,
  images: string,
  fileNames: readonly string[],
  context: JobContext,
): Promise<ImportReport> {
  const names = new ImageNames(fileNames);
  return importFolder(
    database,
    images,
    context,
    (found) => found.endsWith('/') || names.mayMean(found),
    (paths) => pathsMeant(paths, fileNames),
  );
}

/** Images and licences of the project as seen by an import. */
interface Known {
  readonly existing: ExistingAnnotations;
  readonly annotated: Set<RecordId>;
  readonly licenses: ReadonlyMap<string, string | number | null>;
}

/**
 * A function of its own, so that what finds images by name is let go when it is no longer needed.
 */
function beginRecords(
  database: ProjectDatabase,
  dataset: OpenDataset,
  images: string,
  { existing, annotated, licenses }: Known,
  { progress }: JobContext,
): ReturnType<OpenDataset['records']> {
  const names = new ImageNames(dataset.fileNames);
  const project = {
    findImage: imageFinder(imagesMeant(database, names, annotated), knownFolder(database, images)),
    categories: database.categories(),
    existing,
    nowMs: Date.now(),
    person: database.person,
    licenses,
  };
  return dataset.records(project, progress);
}

/**
 * Fails at once where nothing can be imported, before a job is made of it.
 * @throws AppError `not-found` for an unknown format or a missing folder of photos,
 * `invalid-input` for wrong options.
 */
export async function requireDataset({
  format: id,
  images,
  options,
}: DatasetImport): Promise<void> {
  if (images !== undefined) await requireFolder(images);
  if (id === undefined) return;
  const format = formatById(id);
  importerOf(format);
  parseOptions(format, format.readOptions, options ?? {});
}

/** The format that a dataset is recognised to have. @throws AppError `dataset-invalid`. */
async function recognised(path: string, files: DatasetFiles): Promise<DatasetFormat> {
  const [first] = await detectFormat(files);
  if (first) return first.format;
  const titles = formats.map(({ title }) => title);
  throw datasetFailure('dataset-invalid', 'datasetFormatUnknown', { path, formats: titles });
}

function stopped(imported: number): AppError {
  return transferFailure('cancelled', 'annotationsKept', { imported });
}

/**
 * The images of the project that the names may mean.
 * @param annotated gets the ids of those that hold annotations
 */
function* imagesMeant(
  database: ProjectDatabase,
  names: ImageNames,
  annotated: Set<RecordId>,
): Generator<ImageRecord> {
  for (const { image, annotations } of database.exportImages()) {
    if (!names.mayMean(image.path)) continue;
    if (annotations > 0) annotated.add(image.id);
    yield image;
  }
}

function toImportNote({ place, error }: RowNote): ImportNote {
  return { what: place, reason: error.message, error };
}
