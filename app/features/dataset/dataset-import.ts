import { dirname } from 'node:path';
import { addition, emptyDiff, isEmptyDiff, removal, type Diff } from '../../../core/diff.ts';
import { failure, type AppError } from '../../../core/errors.ts';
import type { DatasetFiles } from '../../../core/formats/dataset-files.ts';
import {
  ExistingAnnotations,
  type ExistingPolicy,
} from '../../../core/formats/existing-annotations.ts';
import type { DatasetFormat, RowNote } from '../../../core/formats/format.ts';
import {
  detectFormat,
  formatById,
  formats,
  importerOf,
  parseOptions,
} from '../../../core/formats/registry.ts';
import { datasetFailure } from '../../../core/formats/sentences.ts';
import { stepLabel } from '../../../core/project/step-labels.ts';
import { ImageNames, imageFinder, pathsMeant } from '../../../core/project/image-names.ts';
import type { ImageRecord, ProjectRecord } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import { refuseFileOfOpenProject } from '../../../db/project-files.ts';
import type { ImportNote, ImportReport } from '../../api/contract/dataset.ts';
import { openDataset } from '../../files/dataset-on-disk.ts';
import { importFolder, knownFolder, requireFolder } from '../images/image-import.ts';
import { withStoredDependents } from '../journal/dependents.ts';
import type { JobContext } from '../../jobs/job-kind.ts';
import { Turns } from '../../turns.ts';

export interface DatasetImport {
  /** A folder, or a file. */
  readonly path: string;
  /** Recognised unless given. */
  readonly format?: string | undefined;
  /** Folder of the photos that it names; that of the dataset unless given. */
  readonly images?: string | undefined;
  /** What is done with images that hold annotations already; `merge` unless given. */
  readonly existing?: ExistingPolicy | undefined;
  /** Of the format; its defaults unless given. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** Records that are written in one transaction. */
const batchSize = 1000;

/**
 * Imports a dataset: registers the photos that it names from `images` (subfolders included), then adds its categories,
 * annotations and texts. Rows that cannot be used are reported with their reason. All of it is one undoable step. Records are
 * written as they come, so that memory does not grow with them.
 * @throws AppError `dataset-invalid`, `not-found`, `permission-denied`, `invalid-input`; `cancelled`, saying what was kept.
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
  const images = folder ?? (files.given === null ? path : dirname(path));
  const dataset = await importer.open(files, readOptions, pause);

  const names = new ImageNames(dataset.fileNames);
  const photos = await importFolder(
    database,
    images,
    context,
    (found) => found.endsWith('/') || names.mayMean(found),
    (paths) => pathsMeant(paths, dataset.fileNames),
  );
  const existing = new ExistingAnnotations(
    policy,
    (imageId, box) =>
      box ? database.annotationsInBox(imageId, box) : database.annotations(imageId),
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
  const project = {
    findImage: imageFinder(imagesMeant(database, names), knownFolder(database, images)),
    categories: database.categories(),
    existing,
    nowMs: Date.now(),
    person: database.person,
  };
  let batch: ProjectRecord[] = [];
  let written = 0;
  const records = dataset.records(project, context.progress);
  for (let next = await records.next(); ; next = await records.next()) {
    if (next.done) {
      await write(changeOf(batch));
      const { diff, notes, ...counts } = next.value;
      for (const part of partsOf(diff)) await write(part);
      const ofKind = (isLoss: boolean) =>
        notes.filter((note) => note.isLoss === isLoss).map(toImportNote);
      return {
        ...counts,
        existing: existing.counts,
        skipped: [...photos.skipped, ...ofKind(true)],
        warnings: [...(photos.warnings ?? []), ...ofKind(false)],
      };
    }
    batch.push(...next.value);
    if (batch.length >= batchSize) {
      await write(changeOf(batch));
      written += batch.length;
      batch = [];
    }
    if (turns.isDue) await turns.give();
    if (context.signal.aborted) {
      await records.return(undefined as never);
      throw stopped(written);
    }
  }
}

/**
 * Fails at once where nothing can be imported, before a job is made of it.
 * @throws AppError `not-found` for an unknown format or a missing folder of photos, `invalid-input` for wrong options.
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
  return failure('cancelled', 'annotationsKept', { imported });
}

/** What is added and removed, then the changes of records some at a time: none of these depends on another. */
function* partsOf({ added, removed, updated }: Diff): Generator<Diff> {
  yield { added, removed, updated: {} };
  const changes = Object.entries(updated);
  for (let start = 0; start < changes.length; start += batchSize) {
    const part = changes.slice(start, start + batchSize);
    yield { ...emptyDiff(), updated: Object.fromEntries(part) };
  }
}

/** The images of the project that the names may mean. */
function* imagesMeant(database: ProjectDatabase, names: ImageNames): Generator<ImageRecord> {
  for (const { image } of database.exportImages()) if (names.mayMean(image.path)) yield image;
}

function toImportNote({ place, error }: RowNote): ImportNote {
  return { what: place, reason: error.message, error };
}
