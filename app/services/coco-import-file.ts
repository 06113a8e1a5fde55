import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { addition, emptyDiff, isEmptyDiff, removal, type Diff } from '../../core/diff.ts';
import { failure, type AppError } from '../../core/errors.ts';
import { CocoImporter, type CocoRowNote } from '../../core/formats/coco-import.ts';
import { isObject } from '../../core/formats/coco-row.ts';
import {
  ExistingAnnotations,
  type ExistingPolicy,
} from '../../core/formats/existing-annotations.ts';
import type { JsonRow } from '../../core/formats/json-stream.ts';
import { ImageNames, imageFinder } from '../../core/project/image-names.ts';
import type { ImageRecord, ProjectRecord, RecordId } from '../../core/records.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';
import { refuseFileOfOpenProject } from '../../db/project-files.ts';
import type { ImportNote, ImportReport } from '../api/contract.ts';
import { importFolder, registerFolder } from './image-import.ts';
import type { JobContext } from './jobs.ts';
import { readJsonFile } from './json-file.ts';
import { Turns } from './turns.ts';

export interface CocoImportFileOptions {
  readonly file: string;
  /** Folder of the photos that it names. */
  readonly images: string;
  /** What is done with images that hold annotations already; `merge` unless given. */
  readonly existing?: ExistingPolicy | undefined;
}

/** Records that are written in one transaction. */
const batchSize = 1000;

/**
 * Imports a COCO file: registers the photos it names from `images` (subfolders included), then adds its
 * categories, annotations and captions. Rows that cannot be used are reported with their reason. All of it is
 * one undoable step; progress is in bytes of the file.
 *
 * The file is read twice, for COCO's own list the categories last: first its images and categories, then its annotations,
 * which are written as they come, so that memory does not grow with them.
 * @throws AppError `dataset-invalid`, `not-found`, `permission-denied`; `cancelled`, saying what was kept.
 */
export async function importCoco(
  database: ProjectDatabase,
  { file, images, existing: policy = 'merge' }: CocoImportFileOptions,
  context: JobContext,
): Promise<ImportReport> {
  refuseFileOfOpenProject(file);
  const head = await readHead(file, context.signal);
  const names = new ImageNames(fileNamesIn(head));
  const photos = await importFolder(
    database,
    images,
    context,
    (path) => path.endsWith('/') || names.mayMean(path),
  );
  const annotated = new Set<RecordId>();
  const existing = new ExistingAnnotations(policy, (imageId, box) => {
    // Most images of an import hold nothing yet, and asking for each would cost a tenth of it.
    if (!annotated.has(imageId)) return [];
    return box ? database.annotationsInBox(imageId, box) : database.annotations(imageId);
  });
  const importer = new CocoImporter({
    file: basename(file),
    findImage: imageFinder(
      imagesMeant(database, names, annotated),
      registerFolder(database, images),
    ),
    categories: database.categories(),
    existing,
    nowMs: Date.now(),
  });
  const write = async (diff: Diff): Promise<void> => {
    if (isEmptyDiff(diff)) return;
    await database.gradually.apply(`Import ${basename(file)}`, diff, { group: context.jobId });
  };
  const changeOf = (added: readonly ProjectRecord[]): Diff => ({
    ...addition(...added),
    removed: removal(...existing.takeRemoved()).removed,
  });
  const turns = new Turns();
  for (const row of head.splice(0)) importer.read(row);

  const { size } = await stat(file);
  let batch: ProjectRecord[] = [];
  let annotations = 0;
  const onBytes = (bytes: number) => context.progress(bytes, size);
  for await (const rows of readJsonFile(file, {
    wanted: isAnnotations,
    onBytes,
    numbers: 'python',
  })) {
    for (const row of rows) {
      batch.push(...importer.read(row));
      if (batch.length >= batchSize) {
        await write(changeOf(batch));
        annotations += batch.length;
        batch = [];
      }
      if (turns.isDue) await turns.give();
      if (context.signal.aborted) {
        throw stopped(annotations);
      }
    }
  }
  await write(changeOf(batch));
  const { diff, report } = importer.finish();
  for (const part of partsOf(diff)) await write(part);
  return {
    images: report.images,
    annotations: report.annotations,
    categories: report.categories,
    existing: existing.counts,
    skipped: [...photos.skipped, ...report.dropped.map(toNote)],
    warnings: [...(photos.warnings ?? []), ...report.warnings.map(toNote)],
  };
}

function stopped(imported: number): AppError {
  return failure('cancelled', 'annotationsKept', { imported });
}

function isAnnotations(section: string): boolean {
  return section === 'annotations';
}

/** All rows but the annotations. */
async function readHead(file: string, signal: AbortSignal): Promise<JsonRow[]> {
  const head: JsonRow[] = [];
  const wanted = (section: string) => !isAnnotations(section);
  for await (const rows of readJsonFile(file, { wanted, numbers: 'python' })) {
    if (signal.aborted) throw stopped(0);
    head.push(...rows);
  }
  return head;
}

/** The names of the images that the file lists. */
function* fileNamesIn(head: readonly JsonRow[]): Generator<string> {
  for (const row of head) {
    if (row.section !== 'images' || !('value' in row) || !isObject(row.value)) continue;
    const name = row.value['file_name'];
    if (typeof name === 'string') yield name;
  }
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

function toNote({ section, index, id, reason, error }: CocoRowNote): ImportNote {
  const place = index === null ? section : `${section}[${index}]`;
  return { what: id === null ? place : `${place} (id ${id})`, reason, error };
}
