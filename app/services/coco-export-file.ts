import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { failure } from '../../core/errors.ts';
import {
  writeCocoInstances,
  type CocoExportReport,
  type CocoSkippedRow,
} from '../../core/formats/coco-export.ts';
import type { CocoProfile, HolePolicy } from '../../core/formats/coco-profiles.ts';
import { proveCocoExport, type CocoProof } from '../../core/formats/coco-proof.ts';
import type { CocoExportSource } from '../../core/formats/coco-source.ts';
import { readJsonRows } from '../../core/formats/json-stream.ts';
import type { ImageState, RecordId, Split } from '../../core/records.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';
import type { ExportReport } from '../api/contract.ts';
import { hasOrigin } from '../files/export-origin.ts';
import { writeOutput } from '../files/new-file.ts';
import type { OutputRequest } from '../files/output-file.ts';
import type { JobContext } from './jobs.ts';

export interface CocoExportFileOptions {
  readonly file: string;
  /** Also a file that is not an earlier export of this project for the same readers is replaced. */
  readonly overwrite?: boolean | undefined;
  readonly profile: CocoProfile;
  /** `keyhole` unless given. */
  readonly holes?: HolePolicy | undefined;
  /** 0 unless given. */
  readonly tolerance?: number | undefined;
  /** All that somebody has looked at, unless given. */
  readonly states?: readonly ImageState[] | undefined;
  readonly split?: Split | undefined;
  /** Only annotations of these categories; images without any are written all the same. */
  readonly categoryIds?: readonly RecordId[] | undefined;
}

/** Annotations are read four times: for their images, to be written, and twice for the proof. */
const passes = 4;

/**
 * Exports a COCO instances file and proves it by reading it again, object by object. The file appears under
 * its name only when it is whole, on disk and proven; an earlier one stays until then.
 * @throws AppError `export-proof-failed`, `already-exists`, `invalid-input`, `disk-full`, `permission-denied`, `not-found`; `cancelled`.
 */
export async function exportCoco(
  database: ProjectDatabase,
  options: CocoExportFileOptions,
  context: JobContext,
): Promise<ExportReport> {
  const source = exportSource(database, options, context);
  const { file, made } = await writeOutput(cocoOutput(database, options), async (part) => {
    const report = await writeFile(part, source, database, options, context.signal);
    const rows = readJsonRows(createReadStream(part, 'utf8') as AsyncIterable<string>);
    const proof = await proveCocoExport(rows, source, report);
    requireProven(proof);
    return { report, proof };
  });
  const { report, proof } = made;
  return {
    file,
    images: report.images,
    annotations: report.annotations,
    categories: report.categories,
    skipped: report.skipped.map((row) => {
      const { section, reason, error } = row;
      return { section, what: nameOf(row), reason, error };
    }),
    proof,
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
  { createdAtMs }: ProjectDatabase,
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
  database: ProjectDatabase,
  options: CocoExportFileOptions,
  signal: AbortSignal,
): Promise<CocoExportReport> {
  const { profile, holes = 'keyhole', tolerance = 0, states } = options;
  const date = new Date().toISOString();
  const pieces = writeCocoInstances(source, {
    profile,
    holes,
    tolerance,
    states: states ?? null,
    description: database.name,
    date,
    origin: exportOrigin(database, options),
  });
  const handle = await open(part, 'w');
  try {
    let piece = pieces.next();
    for (; !piece.done; piece = pieces.next()) {
      if (signal.aborted) throw failure('cancelled', 'nothingWritten', {});
      await handle.write(piece.value);
    }
    await handle.sync();
    return piece.value;
  } finally {
    await handle.close();
  }
}

function exportSource(
  database: ProjectDatabase,
  { split, categoryIds }: Pick<CocoExportFileOptions, 'split' | 'categoryIds'>,
  context: JobContext,
): CocoExportSource {
  const total = database.annotationCount();
  const inSplit = new Set<number>();
  for (const { exportId, image } of database.exportImages()) {
    if (split === undefined || image.split === split) inSplit.add(exportId);
  }
  const isWanted = (id: RecordId | null) =>
    !categoryIds || (id !== null && categoryIds.includes(id));
  let read = 0;
  return {
    *images() {
      for (const row of database.exportImages()) if (inSplit.has(row.exportId)) yield row;
    },
    *annotations() {
      for (const row of database.exportAnnotations()) {
        context.progress(Math.floor(++read / passes), total);
        if (inSplit.has(row.imageExportId) && isWanted(row.annotation.categoryId)) yield row;
      }
    },
    categories: () => database.exportCategories().filter(({ category }) => isWanted(category.id)),
    folders: database.folders(),
  };
}

function requireProven(proof: CocoProof): void {
  if (proof.ok) return;
  throw failure('export-proof-failed', 'exportDiffers', {
    missing: proof.missing.length,
    extra: proof.extra.length,
    minimumIou: proof.minimumIou,
  });
}
