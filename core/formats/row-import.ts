import { addition, removal, replacements, type Diff } from '../diff.ts';
import { AppError } from '../errors.ts';
import { newId } from '../ids.ts';
import { canBeSaid } from '../image-states.ts';
import { scaleKeypoints, withOwnKeypoints } from '../project/keypoints.ts';
import { makeItem } from '../project/make-item.ts';
import type { FoundImage } from '../project/image-names.ts';
import {
  attributeValueSchema,
  type Annotation,
  type ImageRecord,
  type ProjectRecord,
  type Provenance,
  type RecordId,
} from '../records.ts';
import { ChangedImage, changesOf } from './changed-images.ts';
import { CategoryTree, type CategoryDoubt } from './category-tree.ts';
import type { DatasetFiles } from './dataset-files.ts';
import type {
  AnnotationRow,
  CategoryRow,
  ImageRow,
  ItemRow,
  RowPlace,
  RowText,
} from './dataset-row.ts';
import { describe, describeName } from './describe.ts';
import { describedCategories } from './described-categories.ts';
import type { ExistingAnnotations } from './existing-annotations.ts';
import { recordsOfText } from './item-text.ts';
import type {
  DatasetImporter,
  DatasetReader,
  ImportOutcome,
  ImportProject,
  OpenDataset,
  Pause,
} from './format.ts';
import { Notes } from './notes.ts';
import { readShape } from './row-shape.ts';
import { isNearly, isSize, scaleBetween, type Scale } from './scale.ts';
import { datasetProblem } from './sentences.ts';

/**
 * Imports the rows of a reader. The rows are read twice: first for the images and categories,
 * so that the photos can be registered and rows may come in any order; then for the records, which
 * are handed on as they come, so that memory does not grow with the annotations. A row that cannot
 * be used is noted and left out; it never stops the others.
 */
export function rowImporter<Options>(reader: DatasetReader<Options>): DatasetImporter<Options> {
  return {
    async open(files, options, pause) {
      const head = await readHead(reader, files, options, pause);
      return new OpenRows(reader, files, options, head);
    },
  };
}

/** Facts of an image row, kept until its annotations are read. */
type ImageHead = Pick<ImageRow, 'place' | 'fileName' | 'size'>;

interface DatasetHead {
  /** By the key; several rows may claim one. */
  readonly images: Map<string, readonly ImageHead[]>;
  readonly categories: readonly CategoryRow[];
  readonly rows: number;
  /** Whether `rows` counts those of categories and images alone. */
  readonly isOfHead: boolean;
}

async function readHead<Options>(
  reader: DatasetReader<Options>,
  files: DatasetFiles,
  options: Options,
  pause: Pause,
): Promise<DatasetHead> {
  const images = new Map<string, ImageHead[]>();
  const categories: CategoryRow[] = [];
  let rows = 0;
  const isOfHead = reader.readHead !== undefined;
  for await (const row of reader.readHead?.(files, options) ?? reader.read(files, options)) {
    rows++;
    if (row.kind === 'category') categories.push(row);
    if (row.kind === 'image') {
      const { key, place, fileName, size } = row;
      const heads = images.get(key);
      if (heads) heads.push({ place, fileName, size });
      else images.set(key, [{ place, fileName, size }]);
    }
    const rest = pause();
    if (rest) await rest;
  }
  return { images, categories, rows, isOfHead };
}

class OpenRows<Options> implements OpenDataset {
  fileNames: readonly string[];
  readonly #reader: DatasetReader<Options>;
  readonly #files: DatasetFiles;
  readonly #options: Options;
  readonly #head: DatasetHead;

  constructor(
    reader: DatasetReader<Options>,
    files: DatasetFiles,
    options: Options,
    head: DatasetHead,
  ) {
    this.#reader = reader;
    this.#files = files;
    this.#options = options;
    this.#head = head;
    this.fileNames = [...head.images.values()].flat().map(({ fileName }) => fileName);
  }

  /** No generator itself, since that would hold the project's images by name as long as it runs. */
  records(
    project: ImportProject,
    progress: (done: number, total: number | null) => void,
  ): AsyncGenerator<readonly ProjectRecord[], ImportOutcome> {
    const importer = new RowImporter(project, this.#files.name);
    const categories = importer.begin(this.#head, project.findImage);
    this.fileNames = [];
    return this.#recordsOf(importer, categories, progress);
  }

  async *#recordsOf(
    importer: RowImporter,
    categories: readonly ProjectRecord[],
    progress: (done: number, total: number | null) => void,
  ): AsyncGenerator<readonly ProjectRecord[], ImportOutcome> {
    yield categories;
    let done = 0;
    for await (const row of this.#reader.read(this.#files, this.#options)) {
      const { rows, isOfHead } = this.#head;
      if (!isOfHead || row.kind === 'image' || row.kind === 'category') progress(++done, rows);
      switch (row.kind) {
        case 'category':
          break;
        case 'image':
          yield importer.takeImage(row);
          break;
        case 'annotation':
          yield importer.takeAnnotation(row);
          break;
        case 'item':
          yield importer.takeItem(row);
          break;
        case 'note':
          importer.notes.add({ place: row.place }, row.isLoss, row.problem);
      }
    }
    return importer.finish();
  }
}

class ImageChange extends ChangedImage {
  /** Whether the dataset says that somebody was done with it. */
  isSaidDone = false;
  /** Sound annotations of the dataset. */
  regions = 0;
  /** Texts about the whole image, of the dataset. */
  texts = 0;

  /** An image that somebody was done with is done, unless nothing sound is left of what it had. */
  override get to(): ImageRecord {
    const isDone = this.isSaidDone && canBeSaid('done', this.regions, this.texts);
    return isDone ? { ...super.to, state: 'done' } : super.to;
  }
}

/** An image of the dataset: the project's, or why it is left out. */
type KnownImage =
  { readonly change: ImageChange; readonly scale: Scale | null } | { readonly problem: AppError };

const nothing: readonly ProjectRecord[] = [];

/** Makes records of rows, once the images and categories of the dataset are known. */
class RowImporter {
  readonly notes = new Notes<{ readonly place: RowPlace }>();
  readonly #existing: ExistingAnnotations;
  readonly #nowMs: number;
  readonly #provenance: Provenance;
  readonly #tree: CategoryTree<string>;
  /** The first category of each name, for rows that name no parent. */
  readonly #firstOfName = new Map<string, string>();
  /** Categories whose skeleton is described in several ways. */
  readonly #withoutSkeleton = new Set<string>();
  readonly #images = new Map<string, KnownImage>();
  readonly #changes = new Map<RecordId, ImageChange>();
  /** Ids of the annotations that items may name; null where several have the key. */
  readonly #annotations = new Map<string, RecordId | null>();
  readonly #kept = { images: 0, categories: 0, annotations: 0 };
  #rows = 0;

  constructor({ existing, nowMs, categories, person }: ImportProject, file: string) {
    this.#existing = existing;
    this.#nowMs = nowMs;
    this.#provenance = { source: 'import', file, ...(person && { by: person.id }) };
    this.#tree = new CategoryTree(categories);
  }

  /**
   * Finds the images, which are taken out of the head, and makes the categories; answers the new
   * ones.
   */
  begin(
    { images, categories }: DatasetHead,
    findImage: ImportProject['findImage'],
  ): readonly ProjectRecord[] {
    for (const { row, differing, others } of describedCategories(categories)) {
      this.#addCategory(row);
      if (differing.includes('skeleton'))
        this.#withoutSkeleton.add(categoryKey(row.name, row.parent ?? null));
      if (differing.length === 0) continue;
      const problem = datasetProblem('rowCategoryDescribed', { name: row.name, parts: differing });
      for (const place of others) this.notes.add({ place }, false, problem);
    }
    for (const [key, heads] of images) {
      const found = heads.map(({ fileName }) =>
        findImage(fileName.replaceAll('\\', '/').replace(/^(\.\/)+/, '')),
      );
      this.#images.set(key, this.#choose(key, heads, found));
    }
    images.clear();
    return this.#tree.takeNew();
  }

  #addCategory({ place, name, parent = null, color, skeleton, extra = {} }: CategoryRow): void {
    if (name === '') {
      this.notes.add({ place }, true, datasetProblem('rowNameEmpty', {}));
      return;
    }
    const key = categoryKey(name, parent);
    if (this.#tree.has(key)) return;
    const isColor = color !== undefined && /^#[0-9a-f]{6}$/i.test(color);
    if (color !== undefined && !isColor) {
      this.notes.add(
        { place },
        false,
        datasetProblem('rowColorUnknown', { found: describe(color) }),
      );
    }
    const described = {
      ...{ name, parent, extra },
      ...(isColor && { color: color.toLowerCase() }),
      ...(skeleton && { skeleton }),
    };
    this.#tree.add(key, described, (doubt) => this.#warnOfCategory(place, doubt));
    if (!this.#firstOfName.has(name)) this.#firstOfName.set(name, key);
    this.#kept.categories++;
  }

  #warnOfCategory(place: RowPlace, doubt: CategoryDoubt): void {
    const problem = problemOf(doubt);
    if (problem) this.notes.add({ place }, false, problem);
  }

  /**
   * Several rows with one key are one image where they mean the same photo, else none of them is.
   */
  #choose(key: string, heads: readonly ImageHead[], found: readonly FoundImage[]): KnownImage {
    const [first] = heads;
    const [image] = found;
    if (heads.length > 1) {
      const isSame = isImage(image!) && found.every((other) => other === image);
      const name = isSame ? 'rowImageRepeated' : 'rowImageKeyShared';
      const problem = datasetProblem(name, { found: describe(key) });
      for (const { place } of heads.slice(isSame ? 1 : 0))
        this.notes.add({ place }, !isSame, problem);
      if (!isSame) return { problem };
    }
    return this.#useImage(first!, image!);
  }

  #useImage({ place, fileName, size }: ImageHead, image: FoundImage): KnownImage {
    try {
      if (!isImage(image)) throw imageProblem(fileName, image);
      if (!isSameName(fileName, image.path) && !isNameWithoutEnding(fileName, image.path)) {
        const parts = { found: describeName(fileName), path: image.path };
        this.notes.add({ place }, false, datasetProblem('rowImageAlike', parts));
      }
      const scale = this.#scaleOf(place, size, image);
      const change = this.#changes.get(image.id) ?? new ImageChange(image);
      this.#changes.set(image.id, change);
      this.#kept.images++;
      return { change, scale };
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      this.notes.add({ place }, true, thrown);
      return { problem: thrown };
    }
  }

  /** By how much shapes are scaled: the size in the file may be another one than on disk. */
  #scaleOf(place: RowPlace, written: ImageRow['size'], image: ImageRecord): Scale | null {
    const { width, height } = image;
    if (written === null || (written.width === width && written.height === height)) return null;
    if (!isSize(written.width) || !isSize(written.height)) {
      const found = `${written.width} x ${written.height}`;
      this.notes.add({ place }, false, datasetProblem('rowImageSizeless', { found }));
      return null;
    }
    const parts = { written: { width: written.width, height: written.height }, width, height };
    if (isNearly(written, image)) {
      this.notes.add({ place }, false, datasetProblem('rowImageNearly', parts));
      return null;
    }
    const scale = scaleBetween(written, image);
    if (!scale) throw datasetProblem('rowImageOther', parts);
    this.notes.add({ place }, false, datasetProblem('rowImageScaled', parts));
    return scale;
  }

  /**
   * Takes over what an image row says beside its name and size; answers the records of its texts.
   */
  takeImage(row: ImageRow): readonly ProjectRecord[] {
    const { key, place, split = null, state, texts = [], extra = {} } = row;
    const known = this.#images.get(key)!;
    if ('problem' in known) return nothing;
    const { change } = known;
    const existing = this.#existing;
    if (existing.isLeftAlone(change.from.id)) return nothing;
    const isOpen = change.from.state === 'untouched';
    const isEmptySaid = state === 'reviewed-empty' && isOpen && change.regions === 0;
    const isEmpty = isEmptySaid && !existing.holds(change.from.id);
    if (state === 'reviewed-empty' && isOpen && !isEmpty) {
      this.notes.add({ place }, false, datasetProblem('rowReviewedEmptyWithRegions', {}));
    }
    change.isSaidDone ||= isOpen && state === 'done';
    const added = existing.takeTexts(texts, change.from.id);
    if (isEmpty) change.state = 'reviewed-empty';
    change.split ??= split;
    change.addExtra(extra);
    change.texts += texts.length;
    this.#kept.annotations += added.length;
    return this.#itemsOf(added, change.from.id, null);
  }

  #itemsOf(
    texts: readonly RowText[],
    imageId: RecordId,
    annotationId: RecordId | null,
  ): readonly ProjectRecord[] {
    const origin = { imageId, annotationId, provenance: this.#provenance, nowMs: this.#nowMs };
    return texts.flatMap((text) => recordsOfText(text, origin));
  }

  /**
   * The record of an annotation, after those of categories that it needs; none where it is left
   * out.
   */
  takeAnnotation(row: AnnotationRow): readonly ProjectRecord[] {
    const zOrder = this.#rows++;
    try {
      return this.#addAnnotation(row, zOrder);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      this.notes.add({ place: row.place }, true, thrown);
      return nothing;
    }
  }

  #addAnnotation(row: AnnotationRow, order: number): readonly ProjectRecord[] {
    const { change, scale } = this.#requireImage(row.image);
    const [existing, nowMs] = [this.#existing, this.#nowMs];
    if (existing.isLeftAlone(change.from.id)) {
      existing.skip();
      return nothing;
    }
    const warn = (doubt: AppError): void => this.notes.add({ place: row.place }, false, doubt);
    const shape = readShape(row.shape, row.unit ?? 'pixel', change.from, scale, warn);
    const keypoints = this.#keypointsOf(row, warn);
    const annotation = withOwnKeypoints({
      kind: 'annotation',
      id: newId(),
      imageId: change.from.id,
      categoryId: this.#categoryOf(row, warn),
      ...shape,
      ...(keypoints && { keypoints: scale ? scaleKeypoints(keypoints, scale) : [...keypoints] }),
      crowd: row.crowd ?? false,
      zOrder: orderOf(row.zOrder, order, warn),
      attributes: attributesOf(row.attributes ?? {}, warn),
      provenance: this.#provenance,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
      extra: row.extra ?? {},
    });
    change.regions++;
    const texts = row.texts ?? [];
    const same = existing.alreadyThere(annotation, texts, change.from);
    if (row.key !== undefined) {
      const key = annotationKey(row.image, row.key);
      this.#annotations.set(key, this.#annotations.has(key) ? null : (same ?? annotation).id);
    }
    if (same) return [...this.#tree.takeNew(), ...existing.takeAdded()];
    this.#kept.annotations++;
    if (change.state === 'reviewed-empty' && change.from.state === 'untouched') {
      warn(datasetProblem('rowReviewedEmptyWithRegions', {}));
    }
    change.state = 'to-check';
    const items = this.#itemsOf(texts, annotation.imageId, annotation.id);
    return [...this.#tree.takeNew(), annotation, ...items];
  }

  /** The record of an item; none where it is left out. */
  takeItem(row: ItemRow): readonly ProjectRecord[] {
    try {
      return this.#addItem(row);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      this.notes.add({ place: row.place }, true, thrown);
      return nothing;
    }
  }

  #addItem({ image, words, segments, extra = {} }: ItemRow): readonly ProjectRecord[] {
    const { change } = this.#requireImage(image);
    const { id: imageId } = change.from;
    if (this.#existing.isLeftAlone(imageId)) {
      this.#existing.skip();
      return nothing;
    }
    const about = segments.map(({ tag, annotation, role }) => {
      const annotationId = this.#annotations.get(annotationKey(image, annotation));
      if (annotationId === undefined) throw datasetProblem('rowItemRegionLeftOut', { tag });
      if (annotationId === null) throw datasetProblem('rowItemRegionShared', { tag });
      return { tag, annotationId, role };
    });
    const made = makeItem(words, { imageId, segments: about }, this.#provenance, this.#nowMs);
    const item = { ...made, extra };
    change.texts++;
    return this.#existing.takesItem(item) ? [item] : nothing;
  }

  /** @throws AppError whose message is a clause. */
  #requireImage(key: string): Exclude<KnownImage, { problem: AppError }> {
    const known = this.#images.get(key);
    if (known && !('problem' in known)) return known;
    const found = describe(key);
    if (!known) throw datasetProblem('rowImageNotListed', { found });
    throw datasetProblem('rowImageLeftOut', { found, reason: known.problem.message });
  }

  #categoryOf(
    { category, categoryParent, place }: AnnotationRow,
    warn: (doubt: AppError) => void,
  ): RecordId | null {
    if (category === null || category === '') {
      warn(datasetProblem('rowNoCategory', {}));
      return null;
    }
    const key = this.#keyOf(category, categoryParent);
    if (!this.#tree.has(key)) {
      const parent = categoryParent ?? null;
      this.#addCategory({ kind: 'category', place, name: category, parent });
    }
    return this.#tree.find(key);
  }

  /** Keypoints mean nothing where it is unknown which of them is which. */
  #keypointsOf(
    { keypoints, category, categoryParent }: AnnotationRow,
    warn: (doubt: AppError) => void,
  ): AnnotationRow['keypoints'] {
    if (!keypoints || category === null) return keypoints;
    if (!this.#withoutSkeleton.has(this.#keyOf(category, categoryParent))) return keypoints;
    warn(datasetProblem('rowKeypointsUnknown', { name: category }));
    return undefined;
  }

  #keyOf(category: string, parent: string | null | undefined): string {
    const first = parent === undefined ? this.#firstOfName.get(category) : undefined;
    return first ?? categoryKey(category, parent ?? null);
  }

  /** Decisions that need the whole dataset. */
  finish(): ImportOutcome {
    return {
      ...this.#kept,
      rest: this.#rest(),
      notes: this.notes.all({ place: '…' }),
    };
  }

  *#rest(): Generator<Diff> {
    this.#images.clear();
    const added = addition(...this.#tree.takeNew());
    const { removed } = removal(...this.#existing.takeRemoved());
    yield { ...replacements(this.#tree.takeChanged()), added: added.added, removed };
    yield* changesOf(this.#changes);
  }
}

function categoryKey(name: string, parent: string | null): string {
  return JSON.stringify([name, parent]);
}

/** The id of an annotation, unique in the dataset. */
function annotationKey(image: string, annotation: string): string {
  return JSON.stringify([image, annotation]);
}

function problemOf(doubt: CategoryDoubt): AppError | null {
  switch (doubt.kind) {
    case 'broken-name':
      return datasetProblem('rowNameBroken', { name: doubt.name });
    case 'merged':
      return null;
    case 'taken':
      return datasetProblem('rowParentTaken', { name: doubt.name, taken: doubt.taken });
    case 'other-skeleton':
      return datasetProblem('rowSkeletonOther', { name: doubt.name });
    case 'circle':
      return datasetProblem('rowParentCircle', { name: doubt.name, parent: doubt.parent });
  }
}

function isImage(found: FoundImage): found is ImageRecord {
  return found !== null && 'id' in found;
}

function imageProblem(fileName: string, image: readonly string[] | null): AppError {
  const found = describeName(fileName);
  return image === null
    ? datasetProblem('rowImageUnknown', { found })
    : datasetProblem('rowImageAmbiguous', { found, paths: image });
}

/** Whether a name in the dataset and the path of an image have the same last part. */
export function isSameName(fileName: string, path: string): boolean {
  return lastPart(fileName) === lastPart(path);
}

/** Some formats name an image by its file without the ending. */
function isNameWithoutEnding(fileName: string, path: string): boolean {
  return lastPart(fileName) === lastPart(path).replace(/\.[^.]+$/, '');
}

function lastPart(path: string): string {
  return path.normalize('NFC').split(/[\\/]/).at(-1)!;
}

function orderOf(
  written: number | undefined,
  order: number,
  warn: (doubt: AppError) => void,
): number {
  if (written === undefined || Number.isSafeInteger(written)) return written ?? order;
  warn(datasetProblem('rowOrderUnknown', { found: describe(written) }));
  return order;
}

function attributesOf(
  written: NonNullable<AnnotationRow['attributes']>,
  warn: (doubt: AppError) => void,
): Annotation['attributes'] {
  const sound = Object.entries(written).filter(([name, value]) => {
    if (attributeValueSchema.safeParse(value).success) return true;
    warn(datasetProblem('rowAttributeUnknown', { name, found: describe(value) }));
    return false;
  });
  return Object.fromEntries(sound);
}
