import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
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
import { toFileError } from './file-error.ts';
import type { JobContext } from './jobs.ts';

export interface CocoExportFileOptions {
  readonly file: string;
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

/** Annotations are read four times: for their images, to be written, and twice for the proof. */
const passes = 4;

/**
 * Exports a COCO instances file and proves it by reading it again, object by object. The file appears under
 * its name only when it is whole, on disk and proven; an earlier one stays until then.
 * @throws AppError `export-proof-failed`, `disk-full`, `permission-denied`, `not-found`; `cancelled`.
 */
export async function exportCoco(
  database: ProjectDatabase,
  options: CocoExportFileOptions,
  context: JobContext,
): Promise<ExportReport> {
  const file = resolve(options.file);
  const part = `${file}.part`;
  const source = exportSource(database, options, context);
  try {
    const report = await writeFile(part, source, database.name, options, context.signal);
    const rows = readJsonRows(createReadStream(part, 'utf8') as AsyncIterable<string>);
    const proof = await proveCocoExport(rows, source, report);
    requireProven(proof);
    await rename(part, file);
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
  } catch (thrown) {
    await rm(part, { force: true }).catch(() => undefined);
    throw toFileError(thrown, 'write', file);
  }
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
  description: string,
  { profile, holes = 'keyhole', tolerance = 0, states }: CocoExportFileOptions,
  signal: AbortSignal,
): Promise<CocoExportReport> {
  const date = new Date().toISOString();
  const pieces = writeCocoInstances(source, {
    profile,
    holes,
    tolerance,
    states: states ?? null,
    description,
    date,
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
