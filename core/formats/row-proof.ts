import { AppError } from '../errors.ts';
import type { Box } from '../geometry/shapes.ts';
import type { Keypoint } from '../records.ts';
import { imageFinder } from '../project/image-names.ts';
import type { DatasetFiles } from './dataset-files.ts';
import type { AnnotationRow, DatasetSource, ImageRow, SourceImage } from './dataset-row.ts';
import { ProofTally, type ExportProof, type ProofRow } from './export-proof.ts';
import type { DatasetReader, DatasetWriter, Pause } from './format.ts';
import { readShape, type MeasuredShape } from './row-shape.ts';
import { stemOf } from './photo-files.ts';
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
  /**
   * Of the annotations that are expected, by their places; null for those that were found. Null
   * until they are asked for.
   */
  open: (number | null)[] | null;
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
      open: null,
      isRead: false,
    }));
    this.#findImage = finderAmong(this.#images);
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
      .filter(({ index }) => typeof image.open![index] === 'number');
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
    image.open![best.candidate.index] = null;
    if (image.open!.every((id) => id === null)) image.open = noneOpen;
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
    image.open ??= expected.map(({ id }) => id);
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
      const open = image.open ?? this.#expectedOf(image).map(({ id }) => id);
      missing.push(...open.filter((id) => id !== null));
      if (!image.isRead && open.length > 0) {
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

/** Of images whose annotations were all found: one list for all of them. */
const noneOpen: (number | null)[] = [];

/**
 * Finds images by the names that a reading gives them: by their paths, by those without ending,
 * or as an import does, which takes more time and memory.
 */
function finderAmong(
  images: readonly ProvenImage[],
): (fileName: string) => ProvenImage | readonly string[] | null {
  const byPath = new Map(images.map((image) => [image.path, image]));
  let byStem: ReadonlyMap<string, ProvenImage | null> | null = null;
  let find: ReturnType<typeof imageFinder<NamedProvenImage>> | null = null;
  return (fileName) => {
    const known = byPath.get(fileName);
    if (known) return known;
    byStem ??= imagesByStem(images);
    const withEnding = byStem.get(fileName);
    if (withEnding) return withEnding;
    find ??= imageFinder(images.map((image) => ({ ...image, image, folderId: '' })));
    const found = find(fileName);
    return found !== null && 'image' in found ? found.image : found;
  };
}

interface NamedProvenImage extends ProvenImage {
  readonly image: ProvenImage;
  readonly folderId: string;
}

/** By their paths without ending; null for those that several share. */
function imagesByStem(images: readonly ProvenImage[]): Map<string, ProvenImage | null> {
  const byStem = new Map<string, ProvenImage | null>();
  for (const image of images) {
    const stem = stemOf(image.path);
    byStem.set(stem, byStem.has(stem) ? null : image);
  }
  return byStem;
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
