import { enclosesPixels, geometryRle } from '../geometry/region.ts';
import { rleIou } from '../geometry/rle.ts';
import type { Box } from '../geometry/shapes.ts';
import { areSameKeypoints, isLabelled, keypointsOf } from '../project/keypoints.ts';
import type { Annotation, Geometry, ImageRecord, Item, RecordId, Review } from '../records.ts';
import type { RowText } from './dataset-row.ts';
import { isText, recordsOfText, textOfItem, wordsOf, wordsOfItem } from './item-text.ts';

/**
 * The treatment of images with existing annotations: `merge` adds those that are not there yet,
 * `replace` puts the file's in their place, `skip` leaves the image as it is.
 */
export const existingPolicies = ['merge', 'replace', 'skip'] as const;
export type ExistingPolicy = (typeof existingPolicies)[number];

/** Annotations in images that held some before. */
export interface ExistingCounts {
  /** Of the file: found in the project, so not added again. */
  readonly alreadyThere: number;
  /** Of the project: removed, for the file's stand in their place. */
  readonly replaced: number;
  /** Of the file: left out with their image. */
  readonly skipped: number;
}

/** Two masks that overlap by this IoU are the same region, written in another way. */
const sameRegionIou = 0.99;

/**
 * Annotations that are held for the rows that follow: files mostly list an image's one after
 * another. Each takes more than a kilobyte, and the heap twice of what is held.
 */
const heldAtOnce = 4000;
/** In an image with more, those near a row are looked up instead of walking through all. */
const walkedThrough = 2000;

/**
 * The annotations that a project holds when an import begins, and what the import does about them.
 */
export class ExistingAnnotations {
  readonly #policy: ExistingPolicy;
  readonly #annotationsIn: (imageId: RecordId, box?: Box) => readonly Annotation[];
  /** The annotations of the images that were asked about last, the newest at the end. */
  readonly #recent = new Map<RecordId, readonly Annotation[]>();
  #recentCount = 0;
  /** Whether an image held annotations before the import. */
  readonly #held = new Map<RecordId, boolean>();
  readonly #replacedImages = new Set<RecordId>();
  /**
   * Annotations added to images with existing ones; they do not count as duplicates of later rows.
   */
  readonly #added = new Set<RecordId>();
  readonly #counts = { alreadyThere: 0, replaced: 0, skipped: 0 };
  #removed: Annotation[] = [];
  readonly #itemsIn: (imageId: RecordId) => readonly Item[];
  /** The words about each image and annotation of the images that were asked about. */
  readonly #words = new Map<RecordId, Set<string>>();
  readonly #imagesWithWords = new Set<RecordId>();
  #addedItems: (Item | Review)[] = [];

  /**
   * @param annotationsIn the annotations of an image as the project holds them now; those touching
   * a box, if given
   * @param itemsIn the items of an image as the project holds them now
   */
  constructor(
    policy: ExistingPolicy,
    annotationsIn: (imageId: RecordId, box?: Box) => readonly Annotation[],
    itemsIn: (imageId: RecordId) => readonly Item[],
  ) {
    this.#policy = policy;
    this.#annotationsIn = annotationsIn;
    this.#itemsIn = itemsIn;
  }

  get counts(): ExistingCounts {
    return this.#counts;
  }

  /** Whether an image stays as it is. */
  isLeftAlone(imageId: RecordId): boolean {
    return this.#policy === 'skip' && this.#isHeld(imageId);
  }

  /** Whether an image held annotations before the import. */
  holds(imageId: RecordId): boolean {
    return this.#isHeld(imageId);
  }

  /** Counts a row that is left out because its image is left alone. */
  skip(): void {
    this.#counts.skipped++;
  }

  /**
   * The annotation of the project that one of the file is; null where it is to be added. The first
   * one of an image may have those before it removed; one that is there already hands over the
   * texts that the project's lacks.
   */
  alreadyThere(
    annotation: Annotation,
    texts: readonly RowText[],
    image: ImageRecord,
  ): Annotation | null {
    if (!this.#isHeld(image.id)) return null;
    if (this.#policy === 'replace') {
      this.#replaceOnce(image.id);
      return null;
    }
    const same = this.#findSame(annotation, image);
    if (!same) {
      this.#added.add(annotation.id);
      return null;
    }
    this.#counts.alreadyThere++;
    this.#addTexts(same, texts, annotation);
    return same;
  }

  /**
   * Whether an item of the file is to be added: the project has none of the same words about the
   * same annotations.
   */
  takesItem(item: Item): boolean {
    const known = this.#wordsAbout(item.imageId, item.imageId);
    const words = wordsOfItem(item);
    if (!known.has(words)) {
      known.add(words);
      return true;
    }
    this.#counts.alreadyThere++;
    return false;
  }

  /** The texts among `texts` that are not about the image already; those left out are counted. */
  takeTexts(texts: readonly RowText[], imageId: RecordId): RowText[] {
    const fresh = this.#missingTexts(imageId, imageId, texts);
    this.#counts.alreadyThere += texts.length - fresh.length;
    return fresh;
  }

  /** The annotations to be removed, each given once. */
  takeRemoved(): Annotation[] {
    const removed = this.#removed;
    this.#removed = [];
    return removed;
  }

  /**
   * The items about annotations of the project that their texts in the file became, each given
   * once.
   */
  takeAdded(): (Item | Review)[] {
    const added = this.#addedItems;
    this.#addedItems = [];
    return added;
  }

  #isHeld(imageId: RecordId): boolean {
    let held = this.#held.get(imageId);
    if (held === undefined) {
      held = this.#annotationsOf(imageId).length > 0;
      this.#held.set(imageId, held);
    }
    return held;
  }

  #replaceOnce(imageId: RecordId): void {
    if (this.#replacedImages.has(imageId)) return;
    this.#replacedImages.add(imageId);
    const before = this.#annotationsIn(imageId);
    this.#removed.push(...before);
    this.#counts.replaced += before.length;
  }

  #findSame(annotation: Annotation, image: ImageRecord): Annotation | undefined {
    const { bbox } = annotation;
    const all = this.#annotationsOf(image.id);
    const near = all.length > walkedThrough ? this.#annotationsIn(image.id, bbox) : all;
    return near.find(
      (other) =>
        touches(other.bbox, bbox) &&
        !this.#added.has(other.id) &&
        isSameObject(annotation, other, image),
    );
  }

  #annotationsOf(imageId: RecordId): readonly Annotation[] {
    const known = this.#recent.get(imageId);
    if (known) return known;
    const found = this.#annotationsIn(imageId);
    if (found.length === 0) return found;
    this.#recent.set(imageId, found);
    this.#recentCount += found.length;
    for (const [oldest, annotations] of this.#recent) {
      if (this.#recentCount <= heldAtOnce || oldest === imageId) break;
      this.#recent.delete(oldest);
      this.#recentCount -= annotations.length;
    }
    return found;
  }

  #addTexts({ id, imageId }: Annotation, texts: readonly RowText[], read: Annotation): void {
    const { provenance, createdAtMs: nowMs } = read;
    const origin = { imageId, annotationId: id, provenance, nowMs };
    for (const text of this.#missingTexts(id, imageId, texts)) {
      this.#addedItems.push(...recordsOfText(text, origin));
    }
  }

  /**
   * Those of the texts whose words are not about an image or annotation already; they are from now
   * on.
   */
  #missingTexts(subject: RecordId, imageId: RecordId, texts: readonly RowText[]): RowText[] {
    if (texts.length === 0) return [];
    const known = this.#wordsAbout(subject, imageId);
    return texts.filter((text) => {
      const words = wordsOf(text);
      if (known.has(words)) return false;
      known.add(words);
      return true;
    });
  }

  #wordsAbout(subject: RecordId, imageId: RecordId): Set<string> {
    if (!this.#imagesWithWords.has(imageId)) {
      this.#imagesWithWords.add(imageId);
      for (const item of this.#itemsIn(imageId)) this.#noteWords(item);
    }
    return this.#wordsOf(subject);
  }

  #noteWords(item: Item): void {
    if (!isText(item)) {
      this.#wordsOf(item.imageId).add(wordsOfItem(item));
      return;
    }
    const subject = item.segments[0]?.annotationId ?? item.imageId;
    this.#wordsOf(subject).add(wordsOf(textOfItem(item, [])));
  }

  #wordsOf(subject: RecordId): Set<string> {
    const known = this.#words.get(subject) ?? new Set();
    this.#words.set(subject, known);
    return known;
  }
}

function touches(a: Box, b: Box): boolean {
  return a[0] <= b[0] + b[2] && b[0] <= a[0] + a[2] && a[1] <= b[1] + b[3] && b[1] <= a[1] + a[3];
}

/**
 * Whether the annotation of the file and the project's have the same region, be it as polygon, mask
 * or box, and the same category and keypoints. A file that names no category, or no keypoints, says
 * nothing against the project's.
 */
function isSameObject(
  left: Annotation,
  right: Annotation,
  { width, height }: ImageRecord,
): boolean {
  if (left.categoryId !== null && left.categoryId !== right.categoryId) return false;
  if (!areKeypointsThere(left, right)) return false;
  const [smaller, larger] =
    left.area < right.area ? [left.area, right.area] : [right.area, left.area];
  if (smaller < sameRegionIou * larger) return false;
  if (isSameGeometry(left.geometry, right.geometry)) return true;
  if (!enclosesPixels(left.geometry) || !enclosesPixels(right.geometry)) return false;
  const [a, b] = [left, right].map(({ geometry }) => geometryRle(geometry, width, height));
  return rleIou(a!, b!) >= sameRegionIou;
}

/** Whether the project's annotation has all keypoints of the file's. */
function areKeypointsThere(left: Annotation, right: Annotation): boolean {
  const [read, held] = [keypointsOf(left), keypointsOf(right)];
  if (!read?.some(isLabelled)) return true;
  return held !== null && areSameKeypoints(read, held);
}

/** Whether two geometries are written alike, number by number. */
export function isSameGeometry(left: Geometry, right: Geometry): boolean {
  if (left.kind === 'polygon' && right.kind === 'polygon') {
    const [ringsOfLeft, ringsOfRight] = [left, right].map(({ parts }) =>
      parts.map(({ outer, holes }) => [outer, ...holes]),
    );
    return isSameList(ringsOfLeft!, ringsOfRight!, (a, b) => isSameList(a, b, areSameNumbers));
  }
  if (left.kind === 'mask' && right.kind === 'mask') {
    return left.rle.counts === right.rle.counts && areSameNumbers(left.rle.size, right.rle.size);
  }
  if (left.kind === 'polyline' && right.kind === 'polyline') {
    return areSameNumbers(left.points, right.points);
  }
  if (left.kind === 'tag' && right.kind === 'tag') return true;
  return left.kind === 'box' && right.kind === 'box' && areSameNumbers(left.box, right.box);
}

function areSameNumbers(left: readonly number[], right: readonly number[]): boolean {
  return isSameList(left, right, (a, b) => a === b);
}

function isSameList<Item>(
  left: readonly Item[],
  right: readonly Item[],
  isSame: (left: Item, right: Item) => boolean,
): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) {
    if (!isSame(left[index]!, right[index]!)) return false;
  }
  return true;
}
