import { z } from 'zod';
import { AppError } from '../errors.ts';
import type { SentenceSet } from '../sentence-set.ts';
import { cocoFormat } from './coco/format.ts';
import type { DatasetFiles } from './dataset-files.ts';
import type { DatasetExporter, DatasetFormat, DatasetImporter, Likeness } from './format.ts';
import { rowExporter } from './row-export.ts';
import { rowImporter } from './row-import.ts';
import { datasetFailure, datasetSentences } from './sentences.ts';

/** Every format, the first being the one that is meant where none is named. A new one is a folder and a line here. */
export const formats: readonly DatasetFormat[] = [cocoFormat];

/** What formats say, for those who say it in another language. */
export function formatSentences(): readonly SentenceSet[] {
  return [datasetSentences, ...formats.flatMap(({ sentences }) => sentences ?? [])];
}

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

/** The formats that a dataset may have, the likeliest first; equally likely ones in the order of the list. */
export async function detectFormat(files: DatasetFiles): Promise<readonly FormatCandidate[]> {
  const found = { certain: [] as FormatCandidate[], possible: [] as FormatCandidate[] };
  for (const format of formats) {
    if (!canImport(format)) continue;
    const likeness = await likenessOf(format, files);
    if (likeness !== 'none') found[likeness].push({ format, likeness });
  }
  return [...found.certain, ...found.possible];
}

/** What a format cannot look at is none of its own; what is wrong is said when it is read. */
async function likenessOf(format: DatasetFormat, files: DatasetFiles): Promise<Likeness> {
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

export function canExport({ exporter, writer, reader }: DatasetFormat): boolean {
  return exporter !== undefined || (writer !== undefined && reader !== undefined);
}

/** How a format is imported. @throws AppError `unsupported` for one that is only written. */
export function importerOf({ title, importer, reader }: DatasetFormat): DatasetImporter {
  if (importer) return importer;
  if (reader) return rowImporter(reader);
  throw datasetFailure('unsupported', 'datasetFormatNotRead', { title });
}

/** How a format is exported. @throws AppError `unsupported` for one that is only read. */
export function exporterOf(format: DatasetFormat): DatasetExporter {
  const { title, exporter, writer, reader, readOptions } = format;
  if (exporter) return exporter;
  if (!writer || !reader) throw datasetFailure('unsupported', 'datasetFormatNotWritten', { title });
  // A proof reads with the reader's defaults, unless the writer says how.
  const defaults = parseOptions(format, readOptions, {});
  return rowExporter(writer, { read: (files, given) => reader.read(files, given ?? defaults) });
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
