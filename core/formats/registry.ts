import { z } from 'zod';
import { AppError } from '../errors.ts';
import { cocoCaptions } from './coco-captions/format.ts';
import { cocoKeypoints } from './coco-keypoints/format.ts';
import { cocoPanoptic } from './coco-panoptic/format.ts';
import { cocoResults } from './coco-results/format.ts';
import { cocoFormat } from './coco/format.ts';
import { cvat } from './cvat/format.ts';
import { crops } from './crops/format.ts';
import type { DatasetFiles } from './dataset-files.ts';
import { datumaro } from './datumaro/format.ts';
import type { DatasetExporter, DatasetFormat, DatasetImporter, Likeness } from './format.ts';
import { grandF } from './grand-f/format.ts';
import { labelStudio } from './label-studio/format.ts';
import { labelme } from './labelme/format.ts';
import { llava } from './llava/format.ts';
import { maskPngFormat } from './mask-png/format.ts';
import { openImagesFormat } from './open-images/format.ts';
import { osprey } from './osprey/format.ts';
import { perbench } from './perbench/format.ts';
import { pix2cap } from './pix2cap/format.ts';
import { csvTable } from './annotation-table/csv-table.ts';
import { parquetTable } from './annotation-table/parquet-table.ts';
import { refcoco } from './refcoco/format.ts';
import { rowExporter } from './row-export.ts';
import { rowImporter } from './row-import.ts';
import { datasetFailure } from './sentences.ts';
import { vocFormat } from './voc/format.ts';
import { yoloFormat } from './yolo/format.ts';

/**
 * Every format, the first being the one that is meant where none is named. A new one is a folder
 * and a line here.
 */
export const formats: readonly DatasetFormat[] = [
  cocoFormat,
  cocoKeypoints,
  cocoPanoptic,
  cocoCaptions,
  cocoResults,
  yoloFormat,
  vocFormat,
  cvat,
  labelme,
  labelStudio,
  datumaro,
  openImagesFormat,
  maskPngFormat,
  refcoco,
  perbench,
  llava,
  osprey,
  grandF,
  pix2cap,
  crops,
  csvTable,
  parquetTable,
];

/** @throws AppError `not-found`, naming all formats. */
export function formatById(id: string): DatasetFormat {
  const format = formats.find((candidate) => candidate.id === id);
  if (format) return format;
  const ids = formats.map((known) => known.id);
  throw datasetFailure('not-found', 'datasetFormatNotKnown', { format: id, formats: ids });
}

/** A format that a dataset may have. */
export interface FormatCandidate {
  readonly format: DatasetFormat;
  readonly likeness: Exclude<Likeness, 'none'>;
}

/**
 * The formats that a dataset may have, the likeliest first; equally likely ones in the order of
 * the list.
 */
export async function detectFormat(files: DatasetFiles): Promise<readonly FormatCandidate[]> {
  const found = { certain: [] as FormatCandidate[], possible: [] as FormatCandidate[] };
  for (const format of formats) {
    if (!canImport(format)) continue;
    const likeness = await likenessOf(format, files);
    if (likeness !== 'none') found[likeness].push({ format, likeness });
  }
  return [...found.certain, ...found.possible];
}

/** A file that a format cannot inspect does not match it; reading reports the reason. */
async function likenessOf(format: DatasetFormat, files: DatasetFiles): Promise<Likeness> {
  const { namesForFolder } = format;
  if (files.given !== null && namesForFolder && !namesForFolder.test(files.given)) return 'none';
  try {
    return await format.detect(files);
  } catch (thrown) {
    if (thrown instanceof AppError) return 'none';
    throw thrown;
  }
}

export function canImport({ importer, reader }: DatasetFormat): boolean {
  return importer !== undefined || reader !== undefined;
}

export function canExport({ exporter, writer, reader, proofReader }: DatasetFormat): boolean {
  return exporter !== undefined || (writer !== undefined && (reader ?? proofReader) !== undefined);
}

/** How a format is imported. @throws AppError `unsupported` for one that is only written. */
export function importerOf({ title, importer, reader }: DatasetFormat): DatasetImporter {
  if (importer) return importer;
  if (reader) return rowImporter(reader);
  throw datasetFailure('unsupported', 'datasetFormatNotRead', { title });
}

/** How a format is exported. @throws AppError `unsupported` for one that is only read. */
export function exporterOf(format: DatasetFormat): DatasetExporter {
  const { title, exporter, writer, reader, readOptions, proofReader } = format;
  if (exporter) return exporter;
  const proof = reader ?? proofReader;
  if (!writer || !proof) throw datasetFailure('unsupported', 'datasetFormatNotWritten', { title });
  // A proof reads with the reader's defaults, unless the writer says how.
  const defaults = parseOptions(format, readOptions, {});
  return rowExporter(writer, { read: (files, given) => proof.read(files, given ?? defaults) });
}

/**
 * Options as a format takes them, with its defaults.
 * @throws AppError `invalid-input` naming the first option that is wrong.
 */
export function parseOptions(
  { title }: DatasetFormat,
  schema: z.ZodType | undefined,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result = (schema ?? z.object({})).safeParse(given) as z.ZodSafeParseResult<
    Record<string, unknown>
  >;
  if (result.success) {
    const unknown = Object.keys(given).find((key) => !Object.hasOwn(result.data, key));
    if (unknown === undefined) return result.data;
    const known = Object.keys(result.data).join(', ') || 'none';
    const parts = { option: unknown, title, reason: `it has no such option; it has ${known}` };
    throw datasetFailure('invalid-input', 'datasetOptionWrong', parts);
  }
  const [issue] = result.error.issues;
  const parts = { option: issue!.path.join('.'), title, reason: issue!.message };
  throw datasetFailure('invalid-input', 'datasetOptionWrong', parts);
}
