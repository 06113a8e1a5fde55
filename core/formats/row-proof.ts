import { AppError } from '../errors.ts';
import type { Box } from '../geometry/shapes.ts';
import type { Keypoint } from '../records.ts';
import { imageFinder } from '../project/image-names.ts';
import type { DatasetFiles } from './dataset-files.ts';
import type { AnnotationRow, DatasetSource, ImageRow, SourceImage } from './dataset-row.ts';
import { ProofTally, type ExportProof, type ProofRow } from './export-proof.ts';
import type { DatasetReader, DatasetWriter, Pause } from './format.ts';
import { readShape, type MeasuredShape } from './row-shape.ts';
import { shapeIou } from './shape-iou.ts';
import { datasetFailure } from './sentences.ts';
import { writtenKeypoints } from './written-notes.ts';

/**
 * Reads an export with the format's own reader and compares each annotation with what the writer
 * says must be found: its category, its region by IoU, its box. Holds the annotations of a few
 * images at a time.
 * @throws AppError `export-proof-failed` when nothing can be read; what `pause` throws
 */
export async function proveRows<Options>(
  writer: DatasetWriter<Options>,
  reader: DatasetReader,
  dataset: DatasetSource,
  options: Options,
  files: DatasetFiles,
  pause: Pause,
): Promise<ExportProof> {
  const proof = new RowProof(writer, dataset, options);
  try {
    for await (const row of reader.read(files, writer.readOptions?.(options))) {
      if (row.kind === 'image') proof.readImage(row);
      if (row.kind === 'annotation') proof.readAnnotation(row);
      if (row.kind === 'note' && row.isLoss) proof.noteLoss(`${row.place}: ${row.problem.message}`);
      const rest = pause();
      if (rest) await rest;
    }
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code === 'cancelled') throw thrown;
    const { message: reason } = thrown;
    throw datasetFailure('export-proof-failed', 'exportUnreadable', { reason }, thrown);
  }
  return proof.finish();
}

/** An annotation that must be found. */
interface Expected {
  readonly id: number;
  readonly category: string | null;
  /** That must be found too, where the format holds them. */
  readonly keypoints: readonly Keypoint[] | null;
  /** Why it is no region at all, where it is none. */
  readonly shape: MeasuredShape | AppError;
}

interface ProvenImage {
  readonly path: string;
  readonly source: SourceImage;
  /** Places among the expected annotations of those that were found. */
  readonly found: Set<number>;
  /** Of the annotations that are expected; null until they are asked for. */
  ids: readonly number[] | null;
  isRead: boolean;
}

/** Images whose annotations are held: readers give an image's one after another. */
const heldImages = 64;
/** A region of another category that overlaps this much is the one that is looked for. */
const sameRegionIou = 0.9;
/** Omissions of the reader are reported if the proof fails. */
const toldLosses = 20;

class RowProof<Options> {
  readonly #writer: DatasetWriter<Options>;
  readonly #options: Options;
  readonly #images: readonly ProvenImage[];
  readonly #findImage: (fileName: string) => ProvenImage | readonly string[] | null;
  readonly #byKey = new Map<string, ProvenImage>();
  readonly #held = new Map<ProvenImage, readonly Expected[]>();
  readonly #waiting: AnnotationRow[] = [];
  readonly #tally = new ProofTally();
  readonly #extra: string[] = [];
  readonly #imageProblems: string[] = [];
  readonly #losses: string[] = [];

  constructor(writer: DatasetWriter<Options>, dataset: DatasetSource, options: Options) {
    this.#writer = writer;
    this.#options = options;
    this.#images = Array.from(dataset.images(), (source) => ({
      path: writer.expectedFileName?.(source, options) ?? source.fileName,
      source,
      found: new Set<number>(),
      ids: null,
      isRead: false,
    }));
    const byPath = new Map(this.#images.map((image) => [image.path, image]));
    const find = imageFinder(this.#images.map((image) => ({ ...image, image, folderId: '' })));
    this.#findImage = (fileName) => {
      const found = byPath.get(fileName) ?? find(fileName);
      return found !== null && 'image' in found ? (found.image as ProvenImage) : found;
    };
  }

  noteLoss(loss: string): void {
    if (this.#losses.length < toldLosses) this.#losses.push(loss);
  }

  readImage({ key, fileName, size, place }: ImageRow): void {
    const image = this.#findImage(fileName);
    if (image === null || !('source' in image)) {
      this.#imageProblems.push(`${place}: the image ${fileName} was not to be exported.`);
      return;
    }
    this.#byKey.set(key, image);
    image.isRead = true;
    const { width, height } = image.source.image;
    if (size && (size.width !== width || size.height !== height)) {
      this.#imageProblems.push(`${place}: it has another size than in the project.`);
    }
  }

  readAnnotation(row: AnnotationRow): void {
    const image = this.#byKey.get(row.image);
    if (image) this.#match(row, image);
    else this.#waiting.push(row);
  }

  #match(row: AnnotationRow, image: ProvenImage): void {
    const { image: record } = image.source;
    let shape: MeasuredShape;
    try {
      shape = readShape(row.shape, row.unit ?? 'pixel', record, null, () => undefined);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      this.noteLoss(`${row.place}: ${thrown.message}`);
      this.#extra.push(row.place);
      return;
    }
    const open = this.#expectedOf(image)
      .map((expected, index) => ({ expected, index }))
      .filter(({ index }) => !image.found.has(index));
    const isOfCategory = ({ expected }: Candidate): boolean => expected.category === row.category;
    const best =
      bestOf(open.filter(isOfCategory), shape, record) ??
      bestOf(
        open.filter((candidate) => !isOfCategory(candidate)),
        shape,
        record,
        sameRegionIou,
      );
    if (best === null) {
      this.#extra.push(row.place);
      return;
    }
    image.found.add(best.candidate.index);
    this.#tally.count({
      ...best.row,
      problem: problemOf(best.candidate, isOfCategory(best.candidate), row),
    });
  }

  #expectedOf(image: ProvenImage): readonly Expected[] {
    const held = this.#held.get(image);
    if (held) return held;
    const expected = this.#readExpected(image.source);
    this.#held.set(image, expected);
    image.ids = expected.map(({ id }) => id);
    if (this.#held.size > heldImages) this.#held.delete(this.#held.keys().next().value!);
    return expected;
  }

  #readExpected(source: SourceImage): Expected[] {
    return source.annotations().flatMap((annotation): Expected[] => {
      const shape = this.#writer.expected(annotation, source, this.#options);
      if (shape === null) return [];
      const { exportId: id } = annotation;
      const named = this.#writer.expectedCategory?.(annotation, this.#options);
      const category = named === undefined ? (annotation.category?.category.name ?? null) : named;
      const keypoints = this.#writer.takesKeypoints ? writtenKeypoints(annotation) : null;
      try {
        const measured = readShape(shape, 'pixel', source.image, null, () => undefined);
        return [{ id, category, keypoints, shape: measured }];
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        return [{ id, category, keypoints, shape: thrown }];
      }
    });
  }

  finish(): ExportProof {
    for (const row of this.#waiting) {
      const image = this.#byKey.get(row.image);
      if (image) this.#match(row, image);
      else this.#extra.push(row.place);
    }
    const missing: number[] = [];
    for (const image of this.#images) {
      // Those of an image whose rows were met are known, so they are not read a second time.
      const ids = image.ids ?? this.#expectedOf(image).map(({ id }) => id);
      ids.forEach((id, index) => {
        if (!image.found.has(index)) missing.push(id);
      });
      if (!image.isRead && ids.length > 0) {
        this.#imageProblems.push(`The image ${image.path} is not in the export.`);
      }
    }
    const images = this.#images.filter(({ isRead }) => isRead).length;
    const found = { images, missing, extra: this.#extra, imageProblems: this.#imageProblems };
    const proof = this.#tally.proof(found, this.#writer.minimumIou);
    return proof.ok
      ? proof
      : { ...proof, imageProblems: [...proof.imageProblems, ...this.#losses] };
  }
}

interface Candidate {
  readonly expected: Expected;
  readonly index: number;
}

function problemOf(
  { expected: { keypoints } }: Candidate,
  isOfCategory: boolean,
  row: AnnotationRow,
): string | null {
  if (!isOfCategory) return 'it has another category';
  const isKept =
    !keypoints ||
    (row.keypoints?.length === keypoints.length &&
      keypoints.every((point, index) =>
        point.every((value, axis) => Math.abs(value - row.keypoints![index]![axis]!) < 1e-3),
      ));
  return isKept ? null : 'it has other keypoints';
}

interface Match {
  readonly candidate: Candidate;
  readonly row: Omit<ProofRow, 'problem'>;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The candidate that a region overlaps most, the first among equals; null when it touches none. */
function bestOf(
  candidates: readonly Candidate[],
  shape: MeasuredShape,
  image: Size,
  minimumIou = 0,
): Match | null {
  let best: Match | null = null;
  for (const candidate of candidates) {
    const { id, shape: original } = candidate.expected;
    if (original instanceof AppError) continue;
    const iou = shapeIou(shape, original, image);
    if (iou === 0 || iou < minimumIou || (best !== null && iou <= best.row.iou)) continue;
    const row = {
      id,
      iou,
      areaDeviation: shape.area - original.area,
      bboxDeviation: boxDeviation(shape.bbox, original.bbox),
    };
    best = { candidate, row };
    if (iou === 1 && row.bboxDeviation === 0) break;
  }
  return best;
}

function boxDeviation(a: Box, b: Box): number {
  const edges = ([x, y, width, height]: Box): number[] => [x, y, x + width, y + height];
  const edgesOfB = edges(b);
  return Math.max(...edges(a).map((edge, index) => Math.abs(edge - edgesOfB[index]!)));
}
