import type { DatasetFiles } from '../dataset-files.ts';
import type { ExportSource } from '../export-source.ts';
import { withKeptIds, type KeptSource } from './kept-ids.ts';
import type { DatasetExporter, ExportNote, ExportWritten, Pause } from '../format.ts';
import { toErrorEnvelope } from '../../errors.ts';
import { exportFileNames } from '../export-file-names.ts';
import { datasetProblem } from '../sentences.ts';
import { readJsonRowLists, type JsonRow } from '../json-stream.ts';
import { isObject } from '../json-values.ts';
import {
  writeCocoInstances,
  type CocoExportReport,
  type CocoSkippedRow,
  type CocoUse,
} from './export.ts';
import type { CocoWriteOptions } from './options.ts';
import { cocoFileName } from './profiles.ts';
import { CocoProofReader } from './proof.ts';
import type { Spelling } from './spelling.ts';

/** Writes a COCO instances file and proves it by reading it again, object by object. */
export const cocoExporter: DatasetExporter<CocoWriteOptions> = {
  output: { kind: 'file', ending: '.json' },
  fileName: cocoFileName,
  identity: ({ profile }) => ({ profile }),
  passes: (source) => (mayBeLeftOut(source) ? 3 : 2),

  async write(given, { keepIds, ...options }, output, pause) {
    const kept = keepIds ? withKeptIds(given) : null;
    const source = kept ?? given;
    const { projectName, date, origin, states, about } = source;
    const { licenses } = about;
    const use = await useOf(source, pause);
    const pieces = writeCocoInstances(
      { ...source, use, spelling: kept?.spelling },
      {
        ...{ ...options, states, description: projectName, date, origin, licenses },
        ...(keepIds && about.info && { info: about.info }),
      },
    );
    let report: CocoExportReport | null = null;
    const withReport = function* (): Generator<string> {
      report = yield* pieces;
    };
    await output.stream('annotations.json', withReport());
    const { leftOutImages: leftOut, notes, ...others } = written(report!, source);
    const leftOutImages = kept
      ? new Set(Array.from(leftOut, (id) => kept.imagesById.get(id)!))
      : leftOut;
    const changed = kept ? idsChanged(kept) : [];
    return {
      ...others,
      leftOutImages,
      notes: [...notes, ...changed, ...itemsLeft(source, leftOut)],
      spelling: kept?.spelling ?? null,
    };
  },

  async prove(
    _given,
    _options,
    { reported, source, spelling }: CocoWritten,
    files: DatasetFiles,
    pause: Pause,
  ) {
    const proof = new CocoProofReader(source, reported);
    const isSpelled = spelling !== null && !spelling.isPlain;
    const numbers = isSpelled ? 'python' : 'json';
    for await (const rows of readJsonRowLists(files.chunks(files.given!), { numbers })) {
      for (const row of rows) {
        proof.read(isSpelled ? asNumbered(row, spelling) : row);
        const rest = pause();
        if (rest) await rest;
      }
    }
    return proof.finish();
  },
};

interface CocoWritten extends ExportWritten {
  readonly reported: CocoExportReport;
  /** With the ids of the file, which take reading all annotations to find out. */
  readonly source: ExportSource;
  /** Null where ids are numbered by the program. */
  readonly spelling: Spelling | null;
}

function asNumbered(row: JsonRow, spelling: Spelling): JsonRow {
  const { section } = row;
  if (section !== 'images' && section !== 'annotations') return row;
  if (!('value' in row) || !isObject(row.value)) return row;
  return { ...row, value: spelling.read(section, row.value) };
}

/** Records that have another id than in their file. */
function idsChanged({ changed, projectName }: KeptSource): ExportNote[] {
  return (['images', 'categories', 'annotations'] as const).flatMap((of) => {
    if (changed[of] === 0) return [];
    const problem = datasetProblem('exportIdsChanged', { of, count: changed[of] });
    const section = of === 'annotations' ? of : 'images';
    return [{ what: projectName, section, isLoss: false, error: toErrorEnvelope(problem) }];
  });
}

function written(report: CocoExportReport, source: ExportSource): Omit<CocoWritten, 'spelling'> {
  const { images, annotations, categories, minimumIou, skipped } = report;
  const leftOut = skipped.filter(({ section }) => section === 'images');
  return {
    images,
    annotations,
    categories,
    minimumIou,
    leftOutImages: new Set(leftOut.map(({ exportId }) => exportId)),
    notes: skipped.map(toNote),
    reported: report,
    source,
  };
}

/** An image by its file's name, an annotation by its id in the file and that of its image. */
function toNote({ section, exportId, fileName, error }: CocoSkippedRow): ExportNote {
  const annotation = `annotation ${exportId}`;
  const name = fileName === null ? annotation : `${fileName}, ${annotation}`;
  return { section, what: section === 'images' ? fileName : name, isLoss: true, error };
}

/** Items about several regions, which a file of instances has no place for. */
function itemsLeft(source: ExportSource, leftOut: ReadonlySet<number>): ExportNote[] {
  const nameOf = exportFileNames(source.folders);
  const notes: ExportNote[] = [];
  for (const row of source.images()) {
    const count = leftOut.has(row.exportId) ? 0 : row.items.length;
    if (count === 0) continue;
    const error = toErrorEnvelope(datasetProblem('exportItemsLeft', { count }));
    notes.push({ what: nameOf(row.image), section: 'images', isLoss: false, error });
  }
  return notes;
}

/** Whether images may have annotations, but none that is written. */
function mayBeLeftOut({ isNarrowed, usedCategories, mayHaveNoArea }: ExportSource): boolean {
  return mayHaveNoArea || (!isNarrowed && usedCategories.has(null));
}

async function useOf(source: ExportSource, pause: Pause): Promise<CocoUse> {
  const annotated = new Set<number>();
  const categorised = new Set<number>();
  const written = new Set<number>();
  if (mayBeLeftOut(source)) {
    for (const { imageExportId, categoryExportId, annotation } of source.annotations()) {
      annotated.add(imageExportId);
      if (categoryExportId !== null) {
        categorised.add(imageExportId);
        if (annotation.area > 0) written.add(imageExportId);
      }
      const rest = pause();
      if (rest) await rest;
    }
  }
  return {
    uncategorised: without(annotated, categorised),
    withoutPixels: without(categorised, written),
    categories: source.usedCategories,
  };
}

function without(ids: ReadonlySet<number>, others: ReadonlySet<number>): ReadonlySet<number> {
  return new Set([...ids].filter((id) => !others.has(id)));
}
