import { addition, removal, replacements, type Diff } from '../../diff.ts';
import { AppError, toErrorEnvelope, type ErrorEnvelope } from '../../errors.ts';
import {
  imageStates,
  type Category,
  type ImageRecord,
  type Person,
  type ProjectRecord,
  type Provenance,
  type RecordId,
  type Split,
} from '../../records.ts';
import { readAnnotation } from './annotation.ts';
import { CocoCategories } from './categories.ts';
import { CategoryClaims } from './category-claims.ts';
import { isObject, otherKeys } from '../json-values.ts';
import { isCocoId, knownId, knownKeys, type CocoId } from './row.ts';
import { describe, describeName } from '../describe.ts';
import { ChangedImage, changesOf } from '../changed-images.ts';
import { isSameName } from '../row-import.ts';
import { isNearly, isSize, scaleBetween, scaledRow, type Scale } from '../scale.ts';
import type { ExistingAnnotations } from '../existing-annotations.ts';
import type { JsonRow } from '../json-stream.ts';
import { recordsOfText } from '../item-text.ts';
import { SeenIds } from './seen-ids.ts';
import { keptSpelling } from './spelling.ts';
import { splitOf } from './splits.ts';
import { datasetProblem } from '../sentences.ts';
import { cocoFailure, rowProblem } from './sentences.ts';

/** One row that was not taken over, or taken over with a doubt, and why. The reason is a clause. */
export interface CocoRowNote {
  readonly section: string;
  readonly index: number | null;
  /** The row's id as it stands in the file; null when it has none. */
  readonly id: CocoId | null;
  readonly reason: string;
  /** The failure that the reason words. */
  readonly error: ErrorEnvelope;
}

export interface CocoImportReport {
  /** Rows of the sections `images`, `categories` and `annotations`. */
  readonly read: number;
  readonly kept: number;
  /**
   * Of the kept rows, those of `images`, `categories` and `annotations`. Annotations that the
   * project has already, or whose image is left alone, are not among them (see
   * ExistingAnnotations).
   */
  readonly images: number;
  readonly categories: number;
  readonly annotations: number;
  readonly dropped: readonly CocoRowNote[];
  readonly warnings: readonly CocoRowNote[];
}

export interface CocoImportOptions {
  /** Name of the file, kept as the provenance of what comes from it. */
  readonly file: string;
  /**
   * The image of the project that a `file_name` (with `/` separators) means; null when there is
   * none, the paths of those that may be meant when there are several.
   */
  readonly findImage: (fileName: string) => ImageRecord | readonly string[] | null;
  /** The project's categories; one of the same name is used instead of adding another. */
  readonly categories: readonly Category[];
  /** Existing annotations of the images, looked up for each annotation. */
  readonly existing: ExistingAnnotations;
  readonly nowMs: number;
  /** The importing person; absent without a name. */
  readonly person?: Person | null;
  /** By the number of a licence in the file, as text: the project's, where it is another. */
  readonly licenses?: ReadonlyMap<string, string | number | null>;
}

type SectionName = 'images' | 'categories' | 'annotations';
type Row = Readonly<Record<string, unknown>>;

class ImageChange extends ChangedImage {
  /** Whether the file says that somebody was done with it. */
  isSaidDone = false;
}

/** Where a row stands, for notes about it. */
type Place = Omit<CocoRowNote, 'reason' | 'error'>;

/**
 * Turns a COCO file (instances, captions, keypoints) into records, row by row, in any order of
 * its sections. A row that cannot be used is noted and left out; it never stops the others.
 *
 * An annotation that comes before its image or its category is held until the end. COCO's own
 * files have the categories last, so the reader of a large file passes the rows of `images` and
 * `categories` in first.
 */
export class CocoImporter {
  readonly #options: Omit<CocoImportOptions, 'findImage'>;
  #findImage: CocoImportOptions['findImage'];
  /** All records have this one, so that it is written as JSON once. */
  readonly #provenance: Provenance;
  readonly #categories: CocoCategories;
  readonly #categoryClaims = new CategoryClaims<CocoId, Place>();
  /**
   * By the file's image id: the project's image, before and after the import, or why the row was
   * dropped.
   */
  readonly #images = new Map<CocoId, ImageChange | AppError>();
  /** Of the images that have another size on disk than in the file. */
  readonly #scales = new Map<CocoId, Scale>();
  /** The row of each image. */
  readonly #imageRows = new Map<CocoId, number | null>();
  readonly #changes = new Map<RecordId, ImageChange>();
  readonly #annotationIds = new SeenIds();
  /** Annotations that came before their image or category. */
  readonly #waiting: [Place, Row][] = [];
  readonly #sections = new Set<string>();
  readonly #kept = { images: 0, categories: 0, annotations: 0 };
  readonly #dropped: CocoRowNote[] = [];
  readonly #warnings: CocoRowNote[] = [];
  #read = 0;

  constructor({ findImage, ...options }: CocoImportOptions) {
    this.#options = options;
    this.#findImage = findImage;
    const { file, person } = options;
    this.#provenance = { source: 'import', file, ...(person && { by: person.id }) };
    this.#categories = new CocoCategories(options.categories);
  }

  /**
   * Takes the next row and returns the records to add, categories before the annotations that need
   * them.
   * @throws AppError `dataset-invalid` when one of the three sections is not a list.
   */
  read(row: JsonRow): ProjectRecord[] {
    this.#sections.add(row.section);
    if (!isSection(row.section)) return [];
    const { section, index } = row;
    if (index === null) {
      if ('value' in row && Array.isArray(row.value)) return [];
      const found = 'value' in row ? describe(row.value) : null;
      const { file } = this.#options;
      throw cocoFailure('dataset-invalid', 'datasetSectionNotList', { file, section, found });
    }
    this.#read++;
    if ('problem' in row) {
      const problem = rowProblem('rowNotJson', { reason: row.problem });
      this.#note(this.#dropped, { section, index, id: null }, problem);
      return [];
    }
    const id = isObject(row.value) && isCocoId(row.value['id']) ? row.value['id'] : null;
    const place: Place = { section, index, id };
    try {
      if (!isObject(row.value)) throw rowProblem('rowNotObject', { found: describe(row.value) });
      const value = row.hasNonFinite ? this.#withoutNonFinite(place, row.value) : row.value;
      const kept = id === null ? null : keptSpelling(id, row.longNumbers);
      return this.#take(section, place, kept === id ? value : { ...value, id: kept });
    } catch (thrown) {
      this.#note(this.#dropped, place, thrown);
      return [];
    }
  }

  /**
   * A row without the keys that hold NaN; those that it needs stay and are judged by what reads
   * them.
   */
  #withoutNonFinite(place: Place, row: Row): Row {
    const kept = Object.entries(row).filter(([key, value]) => {
      if (neededKeys.has(key) || !hasNonFinite(value)) return true;
      this.#warn(place, rowProblem('rowKeyNotFinite', { key }));
      return false;
    });
    return Object.fromEntries(kept);
  }

  #take(section: SectionName, place: Place, row: Row): ProjectRecord[] {
    if (place.id === 0) {
      this.#warn(place, rowProblem('rowIdZero', {}));
    }
    switch (section) {
      case 'images':
        this.#takeImage(place, row);
        return [];
      case 'categories':
        this.#takeCategory(place, row);
        return [];
      case 'annotations':
        return this.#takeAnnotation(place, row);
    }
  }

  #takeImage({ id, ...place }: Place, row: Row): void {
    if (id === null) throw lacks('id', row['id']);
    const other = this.#images.get(id);
    const fileName = row['file_name'];
    if (typeof fileName !== 'string' || fileName === '') {
      const problem = lacks('file_name', fileName);
      if (other !== undefined) this.#shareId({ id, ...place }, id, other, null);
      else this.#dropImage(id, problem);
      throw problem;
    }
    const image = this.#findImage(fileName.replaceAll('\\', '/').replace(/^(\.\/)+/, ''));
    if (other !== undefined) throw this.#shareId({ id, ...place }, id, other, image);
    this.#imageRows.set(id, place.index);
    if (image === null) {
      const found = describeName(fileName);
      throw this.#dropImage(id, datasetProblem('rowImageUnknown', { found }));
    }
    if (isPaths(image)) {
      const parts = { found: describeName(fileName), paths: image };
      throw this.#dropImage(id, datasetProblem('rowImageAmbiguous', parts));
    }
    if (!isSameName(fileName, image.path)) {
      const parts = { found: describeName(fileName), path: image.path };
      this.#warn({ id, ...place }, datasetProblem('rowImageAlike', parts));
    }
    this.#readSize({ id, ...place }, id, row, image);
    const { state, split } = row;
    const change = this.#changes.get(image.id) ?? new ImageChange(image);
    if (!this.#options.existing.isLeftAlone(image.id)) {
      const written = imageStates.find((candidate) => candidate === state);
      const isOpen = change.state === 'untouched';
      change.isSaidDone ||= isOpen && written === 'done';
      if (isOpen && written) change.state = written;
      change.split ??= this.#readSplit({ id, ...place }, split);
      change.keepId(row['id'] as CocoId);
      change.addExtra(this.#extraOf({ id, ...place }, row));
    }
    this.#changes.set(image.id, change);
    this.#images.set(id, change);
    this.#kept.images++;
  }

  /** The keys that are kept as they are, but for the number of a licence that has another one. */
  #extraOf(place: Place, row: Row): ImageRecord['extra'] {
    const { license: written, ...extra } = otherKeys(row, knownKeys.image);
    if (written === undefined) return extra;
    const license = this.#options.licenses?.get(String(written));
    if (license !== null) return { ...extra, license: license ?? written };
    this.#warn(place, rowProblem('rowLicenseShared', { found: describe(written) }));
    return extra;
  }

  /**
   * Compares the size that the file gives with that on disk: another one in the same proportions
   * scales the shapes.
   */
  #readSize(place: Place, id: CocoId, { width, height }: Row, image: ImageRecord): void {
    if ((width ?? image.width) === image.width && (height ?? image.height) === image.height) return;
    const { width: diskWidth, height: diskHeight } = image;
    const written = { width: Number(width), height: Number(height) };
    const size = { width: diskWidth, height: diskHeight };
    if (!isSize(width) || !isSize(height) || isNearly(written, size)) {
      const described = { width: describe(width), height: describe(height) };
      this.#warn(place, rowProblem('rowImageSize', { written: described, ...size }));
      return;
    }
    const scale = scaleBetween(written, size);
    if (!scale) throw this.#dropImage(id, datasetProblem('rowImageOther', { written, ...size }));
    this.#scales.set(id, scale);
    this.#warn(place, datasetProblem('rowImageScaled', { written, ...size }));
  }

  /** The split of the project is kept; without one, that of the file is used. */
  #readSplit(place: Place, split: unknown): Split | null {
    if (split === undefined || split === null || split === '') return null;
    const known = splitOf(split);
    if (!known) this.#warn(place, rowProblem('rowSplitUnknown', { found: describe(split) }));
    return known;
  }

  /** Two images with one id: unless both rows mean the same photo, neither gets the annotations. */
  #shareId(
    place: Place,
    id: CocoId,
    other: ImageChange | AppError,
    image: ReturnType<CocoImportOptions['findImage']>,
  ): AppError {
    const isSame = !(other instanceof AppError) && image === other.from;
    if (isSame) return rowProblem('rowIdTaken', { kind: 'image', id });
    const problem = rowProblem('rowImageIdShared', { id });
    if (!(other instanceof AppError)) {
      this.#kept.images--;
      this.#note(this.#dropped, { ...place, index: this.#imageRows.get(id) ?? null }, problem);
    }
    return this.#dropImage(id, problem);
  }

  #dropImage(id: CocoId, problem: AppError): AppError {
    this.#images.set(id, problem);
    return problem;
  }

  #takeCategory(place: Place, row: Row): void {
    if (place.id === null) throw lacks('id', row['id']);
    this.#categoryClaims.add(place.id, place, row);
  }

  /** Makes the categories whose ids name one, and notes the rows that are left out. */
  #decideCategories(): void {
    for (const { id, claims, sharedBy } of this.#categoryClaims.take()) {
      if (sharedBy) {
        const problem = rowProblem('rowCategoryIdShared', { id, names: sharedBy });
        this.#categories.share(id, problem);
        for (const { place } of claims) this.#note(this.#dropped, place, problem);
        continue;
      }
      const [{ place, row }, ...repeated] = claims;
      try {
        const { name } = row;
        if (typeof name !== 'string' || name === '') throw lacks('name', name);
        this.#categories.add(id, name, row, (doubt) => this.#warn(place, doubt));
        this.#kept.categories++;
      } catch (thrown) {
        this.#note(this.#dropped, place, thrown);
      }
      const problem = rowProblem('rowIdTaken', { kind: 'category', id });
      for (const each of repeated) this.#note(this.#dropped, each.place, problem);
    }
  }

  #takeAnnotation(place: Place, row: Row): ProjectRecord[] {
    const { image_id: imageId, category_id: categoryId } = row;
    if (!isCocoId(imageId)) throw lacks('image_id', imageId);
    const isCategoryKnown = !isCocoId(categoryId) || this.#categories.has(categoryId);
    if (knownId(imageId, this.#images) === null || !isCategoryKnown) {
      this.#waiting.push([place, row]);
      return [];
    }
    return this.#addAnnotation(place, row, imageId);
  }

  #addAnnotation(place: Place, row: Row, imageId: CocoId): ProjectRecord[] {
    const knownImageId = knownId(imageId, this.#images) ?? imageId;
    const change = this.#images.get(knownImageId);
    if (change === undefined) throw rowProblem('rowImageMissing', { id: imageId });
    if (change instanceof AppError) {
      throw rowProblem('rowImageDropped', { id: imageId, reason: change.message });
    }
    const { existing } = this.#options;
    if (existing.isLeftAlone(change.from.id)) {
      existing.skip();
      return [];
    }
    const scale = this.#scales.get(knownImageId);
    const { nowMs } = this.#options;
    const provenance = this.#provenance;
    const { annotation, texts } = readAnnotation(scale ? scaledRow(row, scale) : row, {
      image: change.from,
      categoryId: this.#categoryOf(place, row),
      provenance,
      zOrder: place.index!,
      nowMs,
      warn: (doubt) => this.#warn(place, doubt),
    });
    this.#noteId(place);
    const { id } = change.from;
    if (annotation === null) {
      const fresh = existing.takeTexts(texts, id);
      this.#kept.annotations += Math.min(fresh.length, 1);
      const origin = { imageId: id, annotationId: null, provenance, nowMs };
      return fresh.flatMap((text) => recordsOfText(text, origin));
    }
    if (existing.alreadyThere(annotation, texts, change.from)) return existing.takeAdded();
    this.#kept.annotations++;
    change.state = change.isSaidDone ? 'done' : 'to-check';
    const origin = { imageId: id, annotationId: annotation.id, provenance, nowMs };
    const items = texts.flatMap((text) => recordsOfText(text, origin));
    return [...this.#categories.takeNew(), annotation, ...items];
  }

  #categoryOf(place: Place, { category_id: id, segmentation, bbox }: Row): string | null {
    const found = isCocoId(id) ? this.#categories.find(id) : null;
    if (found instanceof AppError) throw found;
    if (found !== null) return found;
    const isRegion = segmentation !== undefined || bbox !== undefined;
    if (isRegion) {
      const doubt = isCocoId(id)
        ? rowProblem('rowCategoryMissing', { id })
        : rowProblem('rowWithoutCategory', { found: describe(id) });
      this.#warn(place, doubt);
    }
    return null;
  }

  #noteId(place: Place): void {
    if (place.id === null) {
      this.#warn(place, rowProblem('rowIdMissing', {}));
      return;
    }
    const row = this.#annotationIds.add(place.id, place.index);
    if (row === undefined) return;
    this.#warn(place, rowProblem('rowIdRepeated', { row: row!, id: place.id }));
  }

  /**
   * Says that no images and categories come any more: what finds images by their names is let go.
   * Until then annotations wait for the meaning of their categories.
   */
  endHead(): void {
    this.#decideCategories();
    this.#findImage = () => null;
    this.#imageRows.clear();
  }

  /**
   * Ends the import: what could not be decided earlier, then the images as they have changed, some
   * at a time.
   * @throws AppError `dataset-invalid` when the file has no images section, so it cannot be a COCO
   * file.
   */
  finish(): { rest: Iterable<Diff>; report: CocoImportReport } {
    if (!this.#sections.has('images')) {
      const parts = { file: this.#options.file, sections: [...this.#sections] };
      throw cocoFailure('dataset-invalid', 'datasetWithoutImages', parts);
    }
    this.#decideCategories();
    const added: ProjectRecord[] = this.#categories.takeNew();
    for (const [place, row] of this.#waiting) {
      try {
        added.push(...this.#addAnnotation(place, row, row['image_id'] as CocoId));
      } catch (thrown) {
        this.#note(this.#dropped, place, thrown);
      }
    }
    const { removed } = removal(...this.#options.existing.takeRemoved());
    this.#images.clear();
    const { updated } = replacements(this.#categories.takeChanged());
    const late = { ...addition(...added), updated, removed };
    return { rest: this.#rest(late), report: this.#report() };
  }

  *#rest(late: Diff): Generator<Diff> {
    yield late;
    yield* changesOf(this.#changes);
  }

  #report(): CocoImportReport {
    const { images, categories, annotations } = this.#kept;
    return {
      read: this.#read,
      kept: images + categories + annotations,
      ...this.#kept,
      dropped: this.#dropped,
      warnings: this.#warnings,
    };
  }

  #warn(place: Place, doubt: AppError): void {
    this.#note(this.#warnings, place, doubt);
  }

  #note(notes: CocoRowNote[], place: Place, thrown: unknown): void {
    if (!(thrown instanceof AppError)) throw thrown;
    notes.push({ ...place, reason: thrown.message, error: toErrorEnvelope(thrown) });
  }
}

/** Keys that are read with a reason of their own when they are wrong. */
const neededKeys: ReadonlySet<string> = new Set([
  ...['id', 'image_id', 'category_id', 'segmentation', 'bbox', 'iscrowd', 'caption', 'texts'],
  ...['file_name', 'width', 'height', 'name'],
]);

function hasNonFinite(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasNonFinite);
}

function isPaths(found: ImageRecord | readonly string[]): found is readonly string[] {
  return Array.isArray(found);
}

function isSection(name: string): name is SectionName {
  return name === 'images' || name === 'categories' || name === 'annotations';
}

/** Thrown to leave the present row out: it has another value, or none, where a key needs one. */
function lacks(key: string, value: unknown): AppError {
  return rowProblem('rowLacks', { key, found: describe(value) });
}
