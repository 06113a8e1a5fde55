import { AppError } from '../../errors.ts';
import { rleFromCocoPolygons } from '../../geometry/coco-polygon.ts';
import { measuredMask, measureRle, type MeasuredMask } from '../../geometry/region.ts';
import { rleIou } from '../../geometry/rle.ts';
import type { Box, Ring, Rle } from '../../geometry/shapes.ts';
import { cocoKeypoints } from '../../project/keypoints.ts';
import type { Geometry } from '../../records.ts';
import type { CocoExportReport } from './export.ts';
import { isObject } from '../json-values.ts';
import { plainRings } from './profiles.ts';
import { readSegmentation } from './segmentation.ts';
import { WrittenMasks } from './written-masks.ts';
import { ProofTally, type ExportProof, type ProofRow } from '../export-proof.ts';
import type { ExportSource, ExportedAnnotation } from '../export-source.ts';
import type { JsonRow } from '../json-stream.ts';

/** The exported annotations as read by the proof, once; in file order none need be held. */
export type CocoProofSource = Pick<ExportSource, 'images' | 'annotations'>;

interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Compares an exported instances file, read again row by row, with what was exported: each
 * object's mask as pycocotools would decode it, its area and its box. Holds no more than one
 * object of each at a time.
 */
export class CocoProofReader {
  readonly #report: CocoExportReport;
  readonly #originals: Iterator<ExportedAnnotation>;
  readonly #skippedAnnotations: ReadonlySet<number>;
  /** Originals that came before the row that was looked for: none, unless the file is wrong. */
  readonly #passed = new Map<number, ExportedAnnotation>();
  readonly #images = new Map<number, ImageSize>();
  readonly #sizes = new Map<number, ImageSize>();
  readonly #imageProblems: string[] = [];
  readonly #extra: number[] = [];
  readonly #tally = new ProofTally();

  /** @param report what the export said it wrote */
  constructor(source: CocoProofSource, report: CocoExportReport) {
    const skipped = (section: string): Set<number> =>
      new Set(report.skipped.filter((row) => row.section === section).map((row) => row.exportId));
    const skippedImages = skipped('images');
    this.#skippedAnnotations = skipped('annotations');
    this.#report = report;
    for (const { exportId, image } of source.images()) {
      if (skippedImages.has(exportId)) continue;
      this.#images.set(exportId, { width: image.width, height: image.height });
    }
    this.#originals = source.annotations()[Symbol.iterator]();
  }

  /**
   * Takes the file's next row.
   * @throws AppError `export-proof-failed` when it cannot be read.
   */
  read(row: JsonRow): void {
    if (row.section !== 'images' && row.section !== 'annotations') return;
    if (row.index === null) return;
    if (!('value' in row) || !isObject(row.value) || typeof row.value['id'] !== 'number') {
      throw new AppError(
        'export-proof-failed',
        `Row ${row.index} of "${row.section}" cannot be read again; the export is broken. Export again, and report this if it happens twice.`,
      );
    }
    if (row.section === 'images') this.#readImage(row.value['id'], row.value);
    else this.#readAnnotation(row.value['id'], row.value);
  }

  #readImage(id: number, row: Readonly<Record<string, unknown>>): void {
    const image = this.#images.get(id);
    if (!image) {
      this.#imageProblems.push(`Image ${id} of the file was not to be exported.`);
    } else if (row['width'] !== image.width || row['height'] !== image.height) {
      this.#imageProblems.push(`Image ${id} has another size in the file than in the project.`);
    } else {
      this.#sizes.set(id, image);
    }
  }

  #readAnnotation(id: number, row: Readonly<Record<string, unknown>>): void {
    const original = this.#takeOriginal(id);
    if (original === null) {
      this.#extra.push(id);
      return;
    }
    const size = this.#sizes.get(original.imageExportId);
    this.#tally.count(compare(id, row, original, size, this.#report.masks ?? new WrittenMasks()));
  }

  /**
   * The original of a row, which is the next one unless the file is wrong; null when there is
   * none, or no more.
   */
  #takeOriginal(id: number): ExportedAnnotation | null {
    const passed = this.#passed.get(id);
    if (passed) {
      this.#passed.delete(id);
      return passed;
    }
    for (;;) {
      const next = this.#originals.next();
      if (next.done) return null;
      const { exportId } = next.value;
      if (this.#skippedAnnotations.has(exportId)) continue;
      if (exportId === id) return next.value;
      this.#passed.set(exportId, next.value);
    }
  }

  /** Findings about the file after its last row. */
  finish(): ExportProof {
    // Reads what comes after the last row, too; no original has such an id.
    this.#takeOriginal(NaN);
    const missing = [...this.#passed.keys()];
    const images = this.#sizes.size;
    if (images !== this.#images.size) {
      this.#imageProblems.push(`The file has ${images} of ${this.#images.size} images right.`);
    }
    const found = { images, missing, extra: this.#extra, imageProblems: this.#imageProblems };
    return this.#tally.proof(found, this.#report.minimumIou);
  }
}

/** Whether a row holds the keypoints of its original. */
function areKept(
  { keypoints }: Readonly<Record<string, unknown>>,
  annotation: ExportedAnnotation['annotation'],
): boolean {
  const written = cocoKeypoints(annotation)?.keypoints;
  return !written || (isNumbers(keypoints) && isSameRing(keypoints, written));
}

/**
 * Compares a row with its original in an image of the given size; undefined when the file has no
 * such image.
 */
function compare(
  id: number,
  row: Readonly<Record<string, unknown>>,
  { annotation, imageExportId, categoryExportId }: ExportedAnnotation,
  size: ImageSize | undefined,
  masks: WrittenMasks,
): ProofRow {
  const lost = { id, iou: 0, areaDeviation: 0, bboxDeviation: 0 };
  if (!size || row['image_id'] !== imageExportId)
    return { ...lost, problem: 'it is not on its image' };
  const { width, height } = size;
  const { geometry } = annotation;
  try {
    if (isAsStored(row, annotation) || isAsDrawn(id, row, annotation, size, masks)) {
      const iscrowd = annotation.crowd ? 1 : 0;
      const isKept =
        row['category_id'] === categoryExportId &&
        row['iscrowd'] === iscrowd &&
        areKept(row, annotation);
      if (isKept) return { id, iou: 1, areaDeviation: 0, bboxDeviation: 0, problem: null };
    }
    const original = measuredMask(geometry, width, height);
    const decoded = decodedAs(row['segmentation'], geometry, original, width, height);
    const area = row['area'] as number;
    const bbox = row['bbox'] as Box;
    const isOwn =
      geometry.kind === 'box' || (area === decoded.area && boxDeviation(bbox, decoded.bbox) === 0);
    const problems = [
      row['category_id'] !== categoryExportId && 'it has another category',
      row['iscrowd'] !== (annotation.crowd ? 1 : 0) && 'it has another iscrowd',
      !areKept(row, annotation) && 'it has other keypoints',
      !isOwn && 'its area or bbox is not that of its own segmentation',
    ].filter((problem) => problem !== false);
    return {
      id,
      iou: decoded === original ? 1 : rleIou(decoded.rle, original.rle),
      areaDeviation:
        area - (geometry.kind === 'box' ? geometry.box[2] * geometry.box[3] : original.area),
      bboxDeviation: boxDeviation(bbox, geometry.kind === 'box' ? geometry.box : original.bbox),
      problem: problems[0] ?? null,
    };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return { ...lost, problem: thrown.message };
  }
}

/**
 * Whether a row holds the rings of a polygon as they are stored, and the area and box that were
 * measured when they were stored. The writer measured them anew, so a third measurement would
 * add nothing.
 */
function isAsStored(
  row: Readonly<Record<string, unknown>>,
  { geometry, area, bbox }: ExportedAnnotation['annotation'],
): boolean {
  const { segmentation } = row;
  if (geometry.kind !== 'polygon' || !Array.isArray(segmentation)) return false;
  const rings = plainRings(geometry.parts);
  return (
    rings !== null &&
    rings.every(({ length }) => length >= 6 && length % 2 === 0) &&
    hasMeasures(row, area, bbox) &&
    segmentation.every(isNumbers) &&
    areSameRings(segmentation, rings)
  );
}

/**
 * Whether a row holds the mask that the writer drew of a polygon, and the area and box that were
 * measured when it was stored: drawing it a second time would give the same mask.
 */
function isAsDrawn(
  id: number,
  row: Readonly<Record<string, unknown>>,
  { geometry, area, bbox }: ExportedAnnotation['annotation'],
  { width, height }: ImageSize,
  masks: WrittenMasks,
): boolean {
  const { segmentation } = row;
  if (geometry.kind !== 'polygon' || !isObject(segmentation)) return false;
  const { counts, size } = segmentation;
  return (
    typeof counts === 'string' &&
    masks.holds(id, counts) &&
    isNumbers(size) &&
    isSameRing(size, [height, width]) &&
    hasMeasures(row, area, bbox)
  );
}

function hasMeasures(row: Readonly<Record<string, unknown>>, area: number, bbox: Box): boolean {
  return row['area'] === area && isNumbers(row['bbox']) && isSameRing(row['bbox'], bbox);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value);
}

/** The pixels that pycocotools decodes; the original itself where the file says the very same. */
function decodedAs(
  segmentation: unknown,
  geometry: Geometry,
  original: MeasuredMask,
  width: number,
  height: number,
): MeasuredMask {
  if (isObject(segmentation) && isSameRle(segmentation, original.rle)) return original;
  const region = readSegmentation(segmentation, width, height);
  if (region.kind === 'mask') return measureRle(region.rle);
  const rings = geometry.kind === 'polygon' ? plainRings(geometry.parts) : null;
  return rings && areSameRings(region.rings, rings)
    ? original
    : measureRle(rleFromCocoPolygons(region.rings, width, height));
}

function isSameRle(written: Readonly<Record<string, unknown>>, { counts, size }: Rle): boolean {
  const { size: writtenSize } = written;
  return (
    written['counts'] === counts &&
    Array.isArray(writtenSize) &&
    writtenSize.length === 2 &&
    writtenSize[0] === size[0] &&
    writtenSize[1] === size[1]
  );
}

function areSameRings(left: readonly Ring[], right: readonly Ring[]): boolean {
  return (
    left.length === right.length && left.every((ring, index) => isSameRing(ring, right[index]!))
  );
}

function isSameRing(left: Ring, right: Ring): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) {
    if (left[index] !== right[index]) return false;
  }
  return true;
}

function boxDeviation(a: Box, b: Box): number {
  return Math.max(
    Math.abs(a[0] - b[0]),
    Math.abs(a[1] - b[1]),
    Math.abs(a[0] + a[2] - (b[0] + b[2])),
    Math.abs(a[1] + a[3] - (b[1] + b[3])),
  );
}
