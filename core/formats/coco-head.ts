import { AppError } from '../errors.ts';
import type { Split } from '../records.ts';
import { CategoryClaims } from './coco/category-claims.ts';
import { isCocoId, knownId, knownKeys, parentOf, type CocoId } from './coco/row.ts';
import { rowProblem } from './coco/sentences.ts';
import type { CategoryRow, ImageRow, NoteRow } from './dataset-row.ts';
import type { DatasetFiles } from './dataset-files.ts';
import { nameOf, stemOf } from './file-paths.ts';
import { readJsonRows, type JsonRow } from './json-stream.ts';
import { describe } from './describe.ts';
import { isObject, otherKeys, type JsonObject } from './json-values.ts';
import { regionProblem } from './region-sentences.ts';
import { splitNamed } from './split-folders.ts';
import { loss } from './row-notes.ts';
import { wholeSize } from './scale.ts';

const imageKeys = [...knownKeys.image, 'texts'];
const categoryKeys = [...knownKeys.category, 'color'];

/**
 * The images and categories of a COCO file by their ids, as the file writes them. Images with one
 * id are all left out, and so are categories, because an annotation with it is ambiguous.
 */
export class CocoHeadRows implements CocoHead {
  readonly images = new Map<CocoId, ImageRow>();
  readonly categories = new Map<CocoId, CategoryRow>();
  readonly sharedCategories = new Map<CocoId, AppError>();
  readonly #claims = new CategoryClaims<CocoId, string>();
  readonly #sharedIds = new Set<CocoId>();
  readonly #path: string | null;
  readonly #split: Split | null;

  /**
   * @param path the path of the file, which then begins places and image keys, and whose name may
   *   tell the split; null where the dataset is one file
   */
  constructor(path: string | null) {
    this.#path = path;
    this.#split = path === null ? null : splitNamed(nameOf(stemOf(path)).replace(/^.*_/, ''));
  }

  /**
   * Reads the sections `images` and `categories`; gives a note for each row that is left out, and
   * the categories at the end, when the images are complete, too.
   * @throws AppError `dataset-invalid` as readJsonRows
   */
  async *read(files: DatasetFiles, file: string): AsyncGenerator<CategoryRow | NoteRow> {
    const wanted = (section: string) => section === 'images' || section === 'categories';
    const rows = readJsonRows(files.chunks(file), { wanted, numbers: 'python' });
    for await (const row of rows) if (row.index !== null) yield* this.#readRow(row);
    yield* this.#decideCategories();
  }

  *#readRow(row: JsonRow): Generator<NoteRow> {
    const place = `${this.#path === null ? '' : `${this.#path} `}${row.section}[${row.index}]`;
    try {
      if ('problem' in row) throw regionProblem('regionFileUnreadable', { reason: row.problem });
      const value = isObject(row.value) ? row.value : {};
      const id = value['id'];
      if (!isCocoId(id)) throw wrong('id', 'a number', id);
      if (row.section === 'images') yield* this.#image(place, id, value);
      else this.#claims.add(id, place, value);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      yield loss(place, thrown);
    }
  }

  *#image(place: string, id: CocoId, row: JsonObject): Generator<NoteRow> {
    const other = this.images.get(id);
    const isTaken = other !== undefined || this.#sharedIds.has(id);
    if (other) yield loss(other.place, imageTaken(row));
    this.images.delete(id);
    if (isTaken) {
      this.#sharedIds.add(id);
      throw imageTaken(row);
    }
    const key = this.#path === null ? keyOf(id) : `${this.#path}:${keyOf(id)}`;
    // A row that cannot be read has the id all the same.
    this.#sharedIds.add(id);
    this.images.set(id, imageRow(place, key, row, this.#split));
  }

  *#decideCategories(): Generator<CategoryRow | NoteRow> {
    for (const { id, claims, sharedBy } of this.#claims.take()) {
      const [{ place, row }, ...repeated] = claims;
      if (sharedBy) {
        const problem = rowProblem('rowCategoryIdShared', { id, names: sharedBy });
        this.sharedCategories.set(id, problem);
        for (const each of claims) yield loss(each.place, problem);
        continue;
      }
      try {
        const category = categoryRow(place, row);
        this.categories.set(id, category);
        yield category;
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        yield loss(place, thrown);
      }
      const problem = rowProblem('rowIdTaken', { kind: 'category', id });
      for (const each of repeated) yield loss(each.place, problem);
    }
  }
}

/** The key of an image; a number and the text of its digits have two. */
function keyOf(id: CocoId): string {
  return typeof id === 'string' && String(Number(id)) === id ? JSON.stringify(id) : String(id);
}

/** The images and categories of a COCO file, by their ids. */
export interface CocoHead {
  readonly images: ReadonlyMap<CocoId, ImageRow>;
  readonly categories: ReadonlyMap<CocoId, CategoryRow>;
  /** By the ids of several categories, why none of them is meant. */
  readonly sharedCategories: ReadonlyMap<CocoId, AppError>;
}

/**
 * The whole head of one file of a dataset, and a note for each row that is left out.
 * @throws AppError `dataset-invalid` as readJsonRows
 */
export async function readCocoHead(
  files: DatasetFiles,
  path: string,
): Promise<CocoHead & { readonly notes: readonly NoteRow[] }> {
  const head = new CocoHeadRows(path);
  const notes: NoteRow[] = [];
  for await (const row of head.read(files, path)) if (row.kind === 'note') notes.push(row);
  const { images, categories, sharedCategories } = head;
  return { images, categories, sharedCategories, notes };
}

/** The image that a row names; undefined where the file has none of the id. */
export function imageOfId(id: unknown, { images }: Pick<CocoHead, 'images'>): ImageRow | undefined {
  const known = isCocoId(id) ? knownId(id, images) : null;
  return known === null ? undefined : images.get(known);
}

/**
 * The category of a row of `annotations`; null, with a doubt, where the file has none of its id.
 * @throws AppError whose message is a clause, where several categories have the id
 */
export function categoryOfRow(
  { category_id: id }: JsonObject,
  head: Pick<CocoHead, 'categories' | 'sharedCategories'>,
  doubt: (problem: AppError) => void,
): CategoryRow | null {
  const category = categoryOfId(id, head);
  if (category === null) doubt(regionProblem('regionCategoryMissing', { found: describe(id) }));
  return category;
}

/**
 * The category that an id names; null where the file has none.
 * @throws AppError whose message is a clause, where several categories have the id
 */
export function categoryOfId(
  id: unknown,
  { categories, sharedCategories }: Pick<CocoHead, 'categories' | 'sharedCategories'>,
): CategoryRow | null {
  const has = (each: CocoId): boolean => categories.has(each) || sharedCategories.has(each);
  const known = isCocoId(id) ? knownId(id, { has }) : null;
  if (known === null) return null;
  const shared = sharedCategories.get(known);
  if (shared) throw shared;
  return categories.get(known)!;
}

function wrong(key: string, expected: string, value: unknown): AppError {
  return regionProblem('regionRowWrong', { key, expected, found: describe(value) });
}

function imageTaken({ id }: JsonObject): AppError {
  return regionProblem('regionIdTaken', { found: describe(id) });
}

function imageRow(
  place: string,
  key: string,
  row: JsonObject,
  splitOfFile: Split | null,
): ImageRow {
  const { file_name: fileName, width, height, state } = row;
  if (typeof fileName !== 'string' || fileName === '') throw wrong('file_name', 'a text', fileName);
  const splitName = typeof row['split'] === 'string' ? row['split'] : null;
  return {
    kind: 'image',
    place,
    key,
    fileName,
    split: (splitName === null ? null : splitNamed(splitName)) ?? splitOfFile,
    ...(splitName !== null && { splitName }),
    size: wholeSize(width, height),
    ...((state === 'done' || state === 'reviewed-empty') && { state }),
    extra: otherKeys(row, imageKeys),
  };
}

/**
 * The content of a row about an image, and the image.
 * @throws AppError `dataset-invalid` for a row that cannot be read, or names no image of the file
 */
export function rowOfImage(row: JsonRow, head: CocoHead): { value: JsonObject; image: ImageRow } {
  if ('problem' in row) throw regionProblem('regionFileUnreadable', { reason: row.problem });
  const value = isObject(row.value) ? row.value : {};
  const image = imageOfId(value['image_id'], head);
  if (image) return { value, image };
  throw regionProblem('regionImageMissing', { found: describe(value['image_id']) });
}

function categoryRow(place: string, row: JsonObject): CategoryRow {
  const { name, color } = row;
  if (typeof name !== 'string' || name === '') throw wrong('name', 'a text', name);
  const hex = hexOf(color);
  return {
    kind: 'category',
    place,
    name,
    parent: parentOf(row),
    ...(hex !== null && { color: hex }),
    extra: otherKeys(row, hex === null ? categoryKeys.slice(0, -1) : categoryKeys),
  };
}

/** `#rrggbb`, or, in panoptic files, `[red, green, blue]`. */
function hexOf(color: unknown): string | null {
  if (typeof color === 'string') return /^#[0-9a-f]{6}$/i.test(color) ? color.toLowerCase() : null;
  const isBytes =
    Array.isArray(color) &&
    color.length === 3 &&
    color.every((each) => Number.isInteger(each) && each >= 0 && each < 256);
  if (!isBytes) return null;
  return `#${(color as number[]).map((each) => each.toString(16).padStart(2, '0')).join('')}`;
}
