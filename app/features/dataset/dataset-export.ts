import { basename, dirname, join } from 'node:path';
import { isDraftItem } from '../../../core/authoring/draft-items.ts';
import { toErrorEnvelope } from '../../../core/errors.ts';
import { openDataset, openDraft } from '../../files/dataset-on-disk.ts';
import { exportName, fileNameOf, withEnding } from '../../../core/formats/file-name.ts';
import type {
  DatasetExporter,
  DatasetFormat,
  ExportNote,
  ExportWritten,
  Pause,
} from '../../../core/formats/format.ts';
import type { ExportProof } from '../../../core/formats/export-proof.ts';
import type { ExportedImage, ExportSource } from '../../../core/formats/export-source.ts';
import { exporterOf, formatById, parseOptions } from '../../../core/formats/registry.ts';
import { datasetFailure, datasetProblem } from '../../../core/formats/sentences.ts';
import type { ImageRecord, ImageState, RecordId, Split } from '../../../core/records.ts';
import type { ProjectReader } from '../../../db/project.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import { openSnapshot } from '../../../db/project-snapshot.ts';
import type { ExportReport, SplitCounts } from '../../api/contract/dataset.ts';
import { DraftOutput } from '../../files/dataset-output.ts';
import { outputOfOrigin } from '../../files/export-origin.ts';
import { writeOutput } from '../../files/new-file.ts';
import { outputFolder, writeFolder, type FolderRequest } from '../../files/new-folder.ts';
import { writeZip, zipOfOrigin } from '../../files/new-zip.ts';
import { outputFile, type OutputRequest } from '../../files/output-file.ts';
import { locateImage } from '../images/image-files.ts';
import {
  holdsItems,
  itemsOfImage,
  RowOfImage,
  textsOfImage,
  TextsOfRows,
  withTexts,
} from './texts-of-rows.ts';
import type { JobContext } from '../../jobs/job-kind.ts';
import type { SplitShares } from '../../../core/project/split-shares.ts';
import { planSplits } from './split-plan.ts';
import { PhotoCrops } from '../images/photo-crops.ts';
import { checkPhotos } from '../images/photo-check.ts';
import { Turns } from '../../turns.ts';
import { imageImportFailure } from '../images/sentences.ts';
import { transferFailure } from './sentences.ts';

export interface DatasetExport {
  /** The file or folder to write; see {@link suggestedPath} unless given. */
  readonly path?: string | undefined;
  readonly format: string;
  /** Of the format; its defaults unless given. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** As one zip archive, whether the format is a file or a folder. */
  readonly zip?: boolean | undefined;
  /**
   * Also what is not an earlier export of this project in this format is replaced, as far as it
   * may be.
   */
  readonly overwrite?: boolean | undefined;
  /** In any state, unless given. */
  readonly states?: readonly ImageState[] | undefined;
  /** Shares the images out anew, in the export alone; they keep their splits unless given. */
  readonly shares?: SplitShares | undefined;
  readonly split?: Split | undefined;
  /** Only annotations of these categories; images without any are written all the same. */
  readonly categoryIds?: readonly RecordId[] | undefined;
}

/**
 * Exports the project as it is at the beginning, so people go on working meanwhile, and proves
 * what was written by reading it again. It appears under its name only when it is whole, on disk
 * and proven; an earlier export stays until then.
 * @throws AppError `export-proof-failed`, `already-exists`, `invalid-input`, `disk-full`,
 * `permission-denied`, `not-found`; `cancelled`.
 */
export async function exportDataset(
  database: ProjectDatabase,
  request: DatasetExport,
  context: JobContext,
): Promise<ExportReport> {
  const target = targetOf(database, request);
  const name = basename(target.request.path);
  const run = new ExportRun(database, request, target, context);
  const intoFolder = (draft: string) => run.write(draft, () => openDataset(draft));
  const intoFile = (draft: string, shown: string) =>
    run.write(draft, () => openDraft(draft, shown));
  if (target.kind === 'zip') {
    const { output } = target.exporter;
    const inside = output.kind === 'folder' ? null : withEnding(name, output.ending);
    const { file, made } = await writeZip(target.request, target.origin, run.pause, (folder) =>
      inside === null ? intoFolder(folder) : intoFile(join(folder, inside), inside),
    );
    return { file, ...made };
  }
  if (target.kind === 'file') {
    const { file, made } = await writeOutput(target.request, (draft) => intoFile(draft, name));
    return { file, ...made };
  }
  const { folder, made } = await writeFolder(target.request, intoFolder);
  return { file: folder, ...made };
}

/**
 * Fails at once where an export must not be written, before a job is made of it.
 * @throws AppError `already-exists`, `invalid-input`, `not-found`.
 */
export async function requireTarget(
  database: ProjectDatabase,
  request: DatasetExport,
): Promise<void> {
  const target = targetOf(database, request);
  if (target.kind === 'folder') await outputFolder(target.request);
  else await outputFile(target.request);
}

/**
 * Where an export goes unless a person says otherwise: beside the project, named by it and the
 * format.
 */
function suggestedPath(
  { file, name }: Pick<ProjectReader, 'file' | 'name'>,
  format: DatasetFormat,
  options: Readonly<Record<string, unknown>>,
  zip: boolean,
): string {
  const pattern = zip ? withEnding(fileNameOf(format), '.zip') : fileNameOf(format);
  return join(dirname(file), exportName(pattern, name, options));
}

/** The kind of output and its permitted target: a new path, or its own earlier export. */
type Target = { readonly exporter: DatasetExporter; readonly options: unknown; origin: object } & (
  | { readonly kind: 'file'; readonly request: OutputRequest }
  | { readonly kind: 'zip'; readonly request: OutputRequest }
  | { readonly kind: 'folder'; readonly request: FolderRequest }
);

function targetOf(database: ProjectDatabase, request: DatasetExport): Target {
  const { overwrite = false, zip = false } = request;
  const format = formatById(request.format);
  const exporter = exporterOf(format);
  const options = parseOptions(format, format.writeOptions, request.options ?? {});
  const path = request.path ?? suggestedPath(database, format, options, zip);
  // By what an earlier export is known again: its project, its format and what part of the project
  // it holds.
  const origin = {
    project: database.createdAtMs.toString(36),
    format: format.id,
    ...exporter.identity?.(options),
    split: request.split ?? null,
  };
  const shared = { exporter, options, origin };
  if (zip) {
    const output = zipOfOrigin(origin, { path, ending: '.zip', project: database, overwrite });
    return { ...shared, kind: 'zip', request: output };
  }
  if (exporter.output.kind === 'folder') {
    return { ...shared, kind: 'folder', request: { path, project: database, origin, overwrite } };
  }
  const { ending } = exporter.output;
  const output = outputOfOrigin(origin, { path, ending, project: database, overwrite });
  return { ...shared, kind: 'file', request: output };
}

/** One export into a draft. */
class ExportRun {
  readonly #database: ProjectDatabase;
  readonly #request: DatasetExport;
  readonly #target: Target;
  readonly #context: JobContext;
  /** Gives others a turn; throws where the export is to stop. */
  readonly pause: Pause;

  constructor(
    database: ProjectDatabase,
    request: DatasetExport,
    target: Target,
    context: JobContext,
  ) {
    this.#database = database;
    this.#request = request;
    this.#target = target;
    this.#context = context;
    const turns = new Turns();
    this.pause = () => {
      if (context.signal.aborted) throw transferFailure('cancelled', 'nothingWritten', {});
      return turns.isDue ? turns.give() : null;
    };
  }

  async write(
    draft: string,
    files: () => ReturnType<typeof openDataset> | ReturnType<typeof openDraft>,
  ): Promise<Omit<ExportReport, 'file'>> {
    const { exporter, options } = this.#target;
    const snapshot = openSnapshot(this.#database.file);
    try {
      const source = await this.#sourceOf(snapshot);
      const crops = new PhotoCrops();
      const output = new DraftOutput(draft, exporter.output.kind === 'folder', {
        photoOf: (imageId) => this.#photoOf(snapshot, imageId),
        cropOf: async (imageId, crop) => crops.of(await this.#photoOf(snapshot, imageId), crop),
        pause: this.pause,
      });
      const written = await exporter.write(source, options, output, this.pause);
      const proof = await exporter.prove(source, options, written, await files(), this.pause);
      requireProven(proof);
      // A file is brought to the disk by who gives it its name; of an archive nothing else stays.
      if (this.#target.kind === 'folder') await output.synchronise();
      const photos = await checkPhotos(
        this.#database,
        imagesWritten(source, written),
        { everyByte: false },
        { signal: this.#context.signal, progress: () => undefined },
      );
      const { images, annotations, categories, notes } = written;
      const splits = countSplits(imagesWritten(source, written));
      const all = [...notes, ...draftsLeft(snapshot, source)];
      const ofKind = (isLoss: boolean): ExportReport['skipped'] =>
        all
          .filter((note) => note.isLoss === isLoss)
          .map(({ section, what, error }) => ({ section, what, reason: error.message, error }));
      const [skipped, changed] = [ofKind(true), ofKind(false)];
      return { images, annotations, categories, skipped, changed, photos, proof, splits };
    } finally {
      snapshot.close();
    }
  }

  async #photoOf(snapshot: ProjectReader, imageId: RecordId): Promise<string> {
    const image = snapshot.image(imageId);
    if (image) return locateImage(this.#database, image);
    throw imageImportFailure('not-found', 'imageGone', { id: imageId });
  }

  async #sourceOf(snapshot: ProjectReader): Promise<ExportSource> {
    const { split, shares, categoryIds, states } = this.#request;
    const request = { shares: shares ?? null, states, categoryIds };
    const planned = shares ? (await planSplits(snapshot, request, this.pause)).splits : null;
    const withSplit = (image: ImageRecord): ImageRecord =>
      planned ? { ...image, split: planned.get(image.id) ?? null } : image;
    const counts = snapshot.categoryCounts().filter((count) => count.annotations > 0);
    const inUse = new Set(counts.map(({ categoryId }) => categoryId));
    const inSplit = new Set<number>();
    for (const { exportId, image } of snapshot.exportImages()) {
      if (split !== undefined && withSplit(image).split !== split) continue;
      inSplit.add(exportId);
      const rest = this.pause();
      if (rest) await rest;
    }
    const isWanted = (id: RecordId | null): boolean =>
      !categoryIds || (id !== null && categoryIds.includes(id));
    const all = snapshot.exportCategories();
    const categoryIdsInFile = new Map<RecordId | null, number>(
      all.map(({ exportId, category }) => [category.id, exportId]),
    );
    const used = all.filter(({ category }) => inUse.has(category.id));
    const settings = snapshot.settings();
    const hasItems = holdsItems(snapshot);
    const read = this.#counter(snapshot.annotationCount());
    const source: ExportSource = {
      projectName: snapshot.name,
      date: new Date().toISOString(),
      origin: this.#target.origin,
      about: { info: settings.importedInfo, licenses: settings.importedLicenses },
      states: states ?? null,
      mayHaveNoArea: snapshot.hasAnnotationWithoutArea(),
      isNarrowed: categoryIds !== undefined,
      *images() {
        for (const row of snapshot.exportImages()) {
          if (!inSplit.has(row.exportId)) continue;
          yield {
            ...row,
            image: withSplit(row.image),
            get texts() {
              return hasItems ? textsOfImage(snapshot, row.image.id) : [];
            },
            get items() {
              return hasItems ? itemsOfImage(snapshot, row.image.id) : [];
            },
          };
        }
      },
      *annotations() {
        for (const row of withTexts(snapshot, snapshot.exportAnnotations())) {
          read.one();
          if (inSplit.has(row.imageExportId) && isWanted(row.annotation.categoryId)) yield row;
        }
      },
      annotationsOf({ exportId: imageExportId, image }: ExportedImage) {
        const rows = snapshot.exportAnnotationsOf(image.id).filter(({ categoryId }) => {
          read.one();
          return isWanted(categoryId);
        });
        const texts = hasItems ? new TextsOfRows(snapshot, rows) : null;
        return rows.map((row) => {
          const categoryExportId = categoryIdsInFile.get(row.categoryId) ?? null;
          return new RowOfImage(row, imageExportId, categoryExportId, texts);
        });
      },
      categories: () => all.filter(({ category }) => isWanted(category.id)),
      usedCategories: new Set([
        ...used.map(({ exportId }) => exportId),
        ...(inUse.has(null) ? [null] : []),
      ]),
      folders: snapshot.folders(),
    };
    read.passes = this.#target.exporter.passes(source);
    return source;
  }

  /** Tells how far the export is, by the annotations that are read. */
  #counter(total: number): { passes: number; one(): void } {
    let read = 0;
    const { progress } = this.#context;
    return {
      passes: 1,
      one() {
        progress(Math.min(total, Math.floor(++read / this.passes)), total);
      },
    };
  }
}

function* imagesWritten(
  source: ExportSource,
  { leftOutImages }: ExportWritten,
): Generator<ImageRecord> {
  for (const { exportId, image } of source.images()) if (!leftOutImages.has(exportId)) yield image;
}

/** A note about drafts of texts, which no export has. */
function draftsLeft(snapshot: ProjectReader, source: ExportSource): ExportNote[] {
  let ids: Set<RecordId> | null = null;
  let count = 0;
  for (const item of snapshot.exportItems()) {
    if (!isDraftItem(item)) continue;
    ids ??= new Set(Array.from(source.images(), ({ image }) => image.id));
    if (ids.has(item.imageId)) count++;
  }
  if (count === 0) return [];
  const error = toErrorEnvelope(datasetProblem('exportDraftsLeft', { count }));
  return [{ what: snapshot.name, section: 'annotations', isLoss: false, error }];
}

function countSplits(images: Iterable<ImageRecord>): SplitCounts {
  const counts = { train: 0, validation: 0, test: 0, none: 0 };
  for (const { split } of images) counts[split ?? 'none']++;
  return counts;
}

function requireProven(proof: ExportProof): void {
  if (proof.ok) return;
  throw datasetFailure('export-proof-failed', 'exportDiffers', {
    missing: proof.missing.length,
    extra: proof.extra.length,
    minimumIou: proof.minimumIou,
    first: proof.imageProblems[0] ?? proof.worst.find(({ problem }) => problem)?.problem ?? null,
  });
}
