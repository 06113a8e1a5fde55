import { AppError, toErrorEnvelope, type ErrorEnvelope } from '../../errors.ts';
import { hasTaughtRegions } from '../../image-states.ts';
import { numberListJson } from '../../number-list.ts';
import type { ImageState } from '../../records.ts';
import { exportFileNames } from '../export-file-names.ts';
import type { SegmentationOptions, WrittenSegmentation } from './profiles.ts';
import type { ExportSource, ExportedImage } from '../export-source.ts';
import { annotationRow, captionsOf, categoryRow, imageRow } from './rows-out.ts';
import { datasetProblem } from '../sentences.ts';
import type { SectionName, Spelling } from './spelling.ts';
import { WrittenMasks } from './written-masks.ts';

/** Images and categories of annotations by export id. */
export interface CocoUse {
  /** Images whose annotations have no category, so that none is written. */
  readonly uncategorised: ReadonlySet<number>;
  /** Images whose annotations enclose no pixels, so that none is written. */
  readonly withoutPixels: ReadonlySet<number>;
  readonly categories: ReadonlySet<number | null>;
}

/** The exported records; read more than once. */
export interface CocoExportSource extends Pick<
  ExportSource,
  'images' | 'annotations' | 'categories' | 'folders'
> {
  /**
   * The images that have none but uncategorised annotations, and the categories that are in use at
   * all.
   */
  readonly use: CocoUse;
  /** Of a file that keeps the ids of imported ones. */
  readonly spelling?: Spelling | undefined;
}

/** Which images are exported. */
export interface CocoImageSelection {
  /**
   * Those in these states; null: in any. An instances file never has an image without annotations,
   * unless it is `reviewed-empty`: a negative is what somebody said to be one. A captions file has
   * the images with words too.
   */
  readonly states: readonly ImageState[] | null;
}

export interface CocoInfo {
  readonly description: string;
  /** ISO 8601. */
  readonly date: string;
  /** The origin of a file, stored in its `info` under `pixel_sail_studio`. */
  readonly origin?: object;
  /** Stands in place of our own, but for the origin. */
  readonly info?: object;
  readonly licenses?: readonly object[];
}

export interface CocoExportOptions extends SegmentationOptions, CocoImageSelection, CocoInfo {}

export type CocoSkippedRow = {
  readonly exportId: number;
  /** A clause. */
  readonly reason: string;
  /** The failure that the reason words. */
  readonly error: ErrorEnvelope;
} & (
  | { readonly section: 'images'; readonly fileName: string }
  | { readonly section: 'annotations'; readonly fileName: string | null }
);

export interface CocoExportReport {
  readonly images: number;
  readonly annotations: number;
  readonly categories: number;
  readonly skipped: readonly CocoSkippedRow[];
  /** The least IoU between a written mask and its original; 1 when every mask is exact. */
  readonly minimumIou: number;
  /** The masks of polygons that were written as compressed RLE. */
  readonly masks?: WrittenMasks;
}

/**
 * Writes a COCO instances file in pieces of some 64 kB; returns what was written and what was not.
 * Holds the sizes of the images, but neither images nor annotations.
 */
export function writeCocoInstances(
  source: CocoExportSource,
  options: CocoExportOptions,
): Generator<string, CocoExportReport, void> {
  return inPieces(instancesFile(source, options));
}

function* instancesFile(
  source: CocoExportSource,
  options: CocoExportOptions,
): Generator<string, CocoExportReport, void> {
  const skipped: CocoSkippedRow[] = [];
  const masks = new WrittenMasks();
  let minimumIou = 1;

  yield fileStart(options);
  const images = yield* writeImages(
    source,
    options,
    (row) => reasonAgainst(row, source.use),
    skipped,
  );
  yield ',\n"categories":[';
  let categories = 0;
  for (const row of exportedCategories(source)) {
    yield listItem(categories++, spelled(source, 'categories', row));
  }
  yield '],\n"annotations":[';
  const leftOut = new Map(skipped.map(({ exportId, fileName }) => [exportId, fileName]));
  let annotations = 0;
  for (const exported of source.annotations()) {
    const size = images.get(exported.imageExportId);
    try {
      if (exported.categoryExportId === null) throw datasetProblem('exportWithoutCategory', {});
      if (!size) throw datasetProblem('exportImageLeftOut', {});
      const { row, segmentation, iou } = annotationRow(exported, size, options);
      minimumIou = Math.min(minimumIou, iou);
      const isDrawn = exported.annotation.geometry.kind === 'polygon';
      if (isDrawn && 'counts' in segmentation && typeof segmentation.counts === 'string') {
        masks.note(exported.exportId, segmentation.counts);
      }
      yield annotationItem(annotations++, spelled(source, 'annotations', row), segmentation);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      const { exportId, imageExportId } = exported;
      const fileName = size?.fileName ?? leftOut.get(imageExportId) ?? null;
      skipped.push({ section: 'annotations', exportId, fileName, ...asReason(thrown) });
    }
  }
  yield ']}\n';
  return { images: images.size, annotations, categories, skipped, minimumIou, masks };
}

/**
 * Writes the texts about whole images as a COCO captions file in pieces; ids of captions count
 * from 1. Datumaro wants the file to be named `captions_<subset>.json`.
 */
export function writeCocoCaptions(
  source: CocoExportSource,
  options: CocoImageSelection & CocoInfo,
): Generator<string, CocoExportReport, void> {
  return inPieces(captionsFile(source, options));
}

function* captionsFile(
  source: CocoExportSource,
  options: CocoImageSelection & CocoInfo,
): Generator<string, CocoExportReport, void> {
  const skipped: CocoSkippedRow[] = [];
  yield fileStart(options);
  const reason = (row: ExportedImage) => (row.texts.length > 0 ? null : reasonAgainst(row, null));
  const images = yield* writeImages(source, options, reason, skipped);
  yield ',\n"categories":[],\n"annotations":[';
  let annotations = 0;
  for (const { exportId, texts } of source.images()) {
    if (!images.has(exportId)) continue;
    for (const caption of captionsOf(texts)) {
      yield listItem(annotations, { id: annotations + 1, image_id: exportId, caption });
      annotations++;
    }
  }
  yield ']}\n';
  return { images: images.size, annotations, categories: 0, skipped, minimumIou: 1 };
}

interface WrittenImage {
  readonly width: number;
  readonly height: number;
  readonly fileName: string;
}

/** Writes the list of images; returns what was written of each by its export id. */
function* writeImages(
  source: CocoExportSource,
  { states }: CocoImageSelection,
  reason: (row: ExportedImage) => AppError | null,
  skipped: CocoSkippedRow[],
): Generator<string, Map<number, WrittenImage>, void> {
  const nameOf = exportFileNames(source.folders);
  const written = new Map<number, WrittenImage>();
  yield '"images":[';
  for (const row of source.images()) {
    const { exportId, image } = row;
    const isSelected = states === null || states.includes(image.state);
    const problem = isSelected
      ? reason(row)
      : datasetProblem('exportImageState', { state: image.state });
    const fileName = nameOf(image);
    if (problem === null) {
      const item = spelled(source, 'images', imageRow(exportId, image, fileName));
      yield listItem(written.size, item);
      written.set(exportId, { width: image.width, height: image.height, fileName });
    } else {
      skipped.push({ section: 'images', exportId, fileName, ...asReason(problem) });
    }
  }
  yield ']';
  return written;
}

/**
 * Why an image must not be in a file of instances: it would teach that nothing is there, which
 * nobody said.
 */
function reasonAgainst(
  { exportId, image, annotations }: ExportedImage,
  use: CocoUse | null,
): AppError | null {
  if (!hasTaughtRegions(image, annotations)) return datasetProblem('exportUnlabelled', {});
  if (use?.uncategorised.has(exportId)) return datasetProblem('exportUncategorised', {});
  return use?.withoutPixels.has(exportId) ? datasetProblem('exportNothingHeld', {}) : null;
}

function asReason(problem: AppError): Pick<CocoSkippedRow, 'reason' | 'error'> {
  return { reason: problem.message, error: toErrorEnvelope(problem) };
}

/**
 * All categories, except those that only group others: they are named by the others'
 * supercategory.
 */
function* exportedCategories(source: CocoExportSource): Generator<object, void, void> {
  const all = [...source.categories()];
  const byId = new Map(all.map(({ category }) => [category.id, category]));
  const parents = new Set(all.map(({ category }) => category.parentId));
  for (const { exportId, category } of all) {
    const isGroup =
      parents.has(category.id) &&
      category.parentId === null &&
      !source.use.categories.has(exportId) &&
      Object.keys(category.extra).every((key) => key === 'id');
    const parent = category.parentId === null ? undefined : byId.get(category.parentId);
    if (!isGroup) yield categoryRow(exportId, category, parent?.name ?? '');
  }
}

function fileStart({ description, date, origin, info: given, licenses = [] }: CocoInfo): string {
  const year = new Date(date).getFullYear();
  const info = {
    ...(given ?? { description, version: '1.0', year, date_created: date }),
    ...(origin && { pixel_sail_studio: origin }),
  };
  return `{"info":${JSON.stringify(info)},\n"licenses":${JSON.stringify(licenses)},\n`;
}

function spelled({ spelling }: CocoExportSource, section: SectionName, row: object): object {
  return spelling?.written(section, row) ?? row;
}

function listItem(index: number, row: object): string {
  return `${index === 0 ? '\n' : ',\n'}${JSON.stringify(row)}`;
}

/** {@link listItem} of an annotation, with less work where it has many numbers. */
function annotationItem(
  index: number,
  row: object,
  segmentation: WrittenSegmentation['segmentation'],
): string {
  if (!Array.isArray(segmentation)) return listItem(index, row);
  const item = listItem(index, { ...row, segmentation: null });
  // A key that is a number stands before the id, and what it holds may have a segmentation, too.
  if (!/^,?\n{"id":/.test(item)) return listItem(index, row);
  // No text before it holds this, for its quotation marks would be escaped.
  const place = item.indexOf('"segmentation":null') + '"segmentation":'.length;
  const rings = `[${segmentation.map(numberListJson).join(',')}]`;
  return item.slice(0, place) + rings + item.slice(place + 'null'.length);
}

const pieceLength = 65536;

/** Gathers small strings, because each piece costs the one who writes it a system call. */
function* inPieces<Result>(
  strings: Generator<string, Result, void>,
): Generator<string, Result, void> {
  let piece = '';
  for (let next = strings.next(); ; next = strings.next()) {
    if (next.done) {
      yield piece;
      return next.value;
    }
    piece += next.value;
    if (piece.length >= pieceLength) {
      yield piece;
      piece = '';
    }
  }
}
