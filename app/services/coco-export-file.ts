import { open } from 'node:fs/promises';
import { failure } from '../../core/errors.ts';
import {
  writeCocoInstances,
  type CocoExportReport,
  type CocoExportSource,
  type CocoSkippedRow,
} from '../../core/formats/coco/export.ts';
import type { CocoProfile, HolePolicy } from '../../core/formats/coco/profiles.ts';
import { CocoProofReader } from '../../core/formats/coco/proof.ts';
import type { ExportProof } from '../../core/formats/export-proof.ts';
import { datasetFailure } from '../../core/formats/sentences.ts';
import type { ImageRecord, ImageState, RecordId, Split } from '../../core/records.ts';
import type { ProjectReader, ProjectSnapshot } from '../../db/project.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';
import { openSnapshot } from '../../db/project-snapshot.ts';
import type { ExportReport } from '../api/contract/dataset.ts';
import { hasOrigin } from '../files/export-origin.ts';
import { writeOutput } from '../files/new-file.ts';
import type { OutputRequest } from '../files/output-file.ts';
import type { JobContext } from '../jobs/job-kind.ts';
import { readJsonFile } from '../files/json-file.ts';
import { checkPhotos } from '../features/images/photo-check.ts';
import { textsOfImage, withTexts } from '../features/dataset/row-texts.ts';
import { Turns } from './turns.ts';

export interface CocoExportFileOptions {
  readonly file: string;
  /** Also a file that is not an earlier export of this project for the same readers is replaced. */
  readonly overwrite?: boolean | undefined;
  readonly profile: CocoProfile;
  /** `keyhole` unless given. */
  readonly holes?: HolePolicy | undefined;
  /** 0 unless given. */
  readonly tolerance?: number | undefined;
  /** In any state, unless given. */
  readonly states?: readonly ImageState[] | undefined;
  readonly split?: Split | undefined;
  /** Only annotations of these categories; images without any are written all the same. */
  readonly categoryIds?: readonly RecordId[] | undefined;
}

/**
 * Exports a COCO instances file and proves it by reading it again, object by object. The file appears under
 * its name only when it is whole, on disk and proven; an earlier one stays until then. What is written and what it is
 * compared with are the project as it was at the beginning, so people go on working meanwhile.
 * @throws AppError `export-proof-failed`, `already-exists`, `invalid-input`, `disk-full`, `permission-denied`, `not-found`; `cancelled`.
 */
export async function exportCoco(
  database: ProjectDatabase,
  options: CocoExportFileOptions,
  context: JobContext,
): Promise<ExportReport> {
  const { file, made } = await writeOutput(cocoOutput(database, options), async (part) => {
    const snapshot = openSnapshot(database.file);
    try {
      const pause = pauseOf(context.signal);
      const source = await exportSource(snapshot, options, context, pause);
      const report = await writeFile(part, source, snapshot, options, pause);
      const proof = await proveFile(part, source, report, pause);
      requireProven(proof);
      const photos = await checkPhotos(
        database,
        imagesWritten(source, report),
        { everyByte: false },
        { signal: context.signal, progress: () => undefined },
      );
      return { report, proof, photos };
    } finally {
      snapshot.close();
    }
  });
  const { report, proof, photos } = made;
  return {
    file,
    images: report.images,
    annotations: report.annotations,
    categories: report.categories,
    skipped: report.skipped.map((row) => {
      const { section, reason, error } = row;
      return { section, what: nameOf(row), reason, error };
    }),
    photos,
    proof,
  };
}

function* imagesWritten(
  source: CocoExportSource,
  { skipped }: CocoExportReport,
): Generator<ImageRecord> {
  const leftOut = new Set(
    skipped.filter(({ section }) => section === 'images').map(({ exportId }) => exportId),
  );
  for (const { exportId, image } of source.images()) if (!leftOut.has(exportId)) yield image;
}

/** Called often during the work: others get a turn now and then, and a cancel ends it. */
type Pause = () => Promise<void> | null;

function pauseOf(signal: AbortSignal): Pause {
  const turns = new Turns();
  return () => {
    if (signal.aborted) throw failure('cancelled', 'nothingWritten', {});
    return turns.isDue ? turns.give() : null;
  };
}

/** Where an export goes: to a new file, in place of its own earlier one, or of any other when that is allowed. */
export function cocoOutput(
  database: ProjectDatabase,
  options: CocoExportFileOptions,
): OutputRequest {
  const { file: path, overwrite = false } = options;
  const origin = exportOrigin(database, options);
  return { path, project: database, isOurs: (file) => hasOrigin(file, origin), overwrite };
}

/** By what an earlier export is known again: its project, its format and what part of the project it holds. */
function exportOrigin(
  { createdAtMs }: ProjectReader,
  { profile, split }: CocoExportFileOptions,
): object {
  return { project: createdAtMs.toString(36), format: 'coco', profile, split: split ?? null };
}

/** An image by its file's name, an annotation by its id in the file and that of its image. */
function nameOf(row: CocoSkippedRow): string {
  if (row.section === 'images') return row.fileName;
  const annotation = `annotation ${row.exportId}`;
  return row.fileName === null ? annotation : `${row.fileName}, ${annotation}`;
}

async function writeFile(
  part: string,
  source: CocoExportSource,
  project: ProjectReader,
  options: CocoExportFileOptions,
  pause: Pause,
): Promise<CocoExportReport> {
  const { profile, holes = 'keyhole', tolerance = 0, states } = options;
  const date = new Date().toISOString();
  const pieces = writeCocoInstances(source, {
    profile,
    holes,
    tolerance,
    states: states ?? null,
    description: project.name,
    date,
    origin: exportOrigin(project, options),
  });
  const handle = await open(part, 'w');
  try {
    let piece = pieces.next();
    for (; !piece.done; piece = pieces.next()) {
      await handle.write(piece.value);
      await pause();
    }
    await handle.sync();
    return piece.value;
  } finally {
    await handle.close();
  }
}

async function proveFile(
  part: string,
  source: CocoExportSource,
  report: CocoExportReport,
  pause: Pause,
): Promise<ExportProof> {
  const proof = new CocoProofReader(source, report);
  for await (const rows of readJsonFile(part)) {
    for (const row of rows) {
      proof.read(row);
      const rest = pause();
      if (rest) await rest;
    }
  }
  return proof.finish();
}

/** What is exported; annotations are read once to be written and once for the proof. */
async function exportSource(
  snapshot: ProjectSnapshot,
  { split, categoryIds }: Pick<CocoExportFileOptions, 'split' | 'categoryIds'>,
  context: JobContext,
  pause: Pause,
): Promise<CocoExportSource> {
  const counts = snapshot.categoryCounts().filter((count) => count.annotations > 0);
  const inUse = new Set(counts.map(({ categoryId }) => categoryId));
  const mayBeUncategorised = !categoryIds && inUse.has(null);
  const passes = mayBeUncategorised ? 3 : 2;
  const total = snapshot.annotationCount();
  let read = 0;
  const inSplit = new Set<number>();
  for (const { exportId, image } of snapshot.exportImages()) {
    if (split !== undefined && image.split !== split) continue;
    inSplit.add(exportId);
    await pause();
  }
  const isWanted = (id: RecordId | null) =>
    !categoryIds || (id !== null && categoryIds.includes(id));
  const annotations = function* () {
    for (const row of withTexts(snapshot, snapshot.exportAnnotations())) {
      context.progress(Math.floor(++read / passes), total);
      if (inSplit.has(row.imageExportId) && isWanted(row.annotation.categoryId)) yield row;
    }
  };
  const uncategorised = new Set<number>();
  if (mayBeUncategorised) {
    const categorised = new Set<number>();
    for (const { imageExportId, categoryExportId } of annotations()) {
      (categoryExportId === null ? uncategorised : categorised).add(imageExportId);
      await pause();
    }
    for (const id of categorised) uncategorised.delete(id);
  }
  const categories = snapshot.exportCategories();
  const used = categories.filter(({ category }) => inUse.has(category.id));
  return {
    *images() {
      for (const row of snapshot.exportImages()) {
        if (!inSplit.has(row.exportId)) continue;
        yield {
          ...row,
          get texts() {
            return textsOfImage(snapshot, row.image.id);
          },
        };
      }
    },
    annotations,
    categories: () => categories.filter(({ category }) => isWanted(category.id)),
    use: { uncategorised, categories: new Set(used.map(({ exportId }) => exportId)) },
    folders: snapshot.folders(),
  };
}

function requireProven(proof: ExportProof): void {
  if (proof.ok) return;
  throw datasetFailure('export-proof-failed', 'exportDiffers', {
    missing: proof.missing.length,
    extra: proof.extra.length,
    minimumIou: proof.minimumIou,
  });
}
