import { AppError } from '../errors.ts';
import type { Split } from '../records.ts';
import { knownKeys, parentOf, type CocoId } from './coco/row.ts';
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

export interface CocoHeadOptions<Id> {
  /** The key of an id in the maps; null for a value that is no id. */
  readonly idOf: (value: unknown) => Id | null;
  /**
   * The path of the file, which then begins places and image keys, and whose name may tell the
   * split; null where the dataset is one file.
   */
  readonly path: string | null;
}

/**
 * The images and categories of a COCO file by their ids. Images with one id are all left out,
 * because an annotation of it is ambiguous; of categories with one id the first stays.
 */
export class CocoHeadRows<Id extends CocoId> {
  readonly images = new Map<Id, ImageRow>();
  readonly categories = new Map<Id, CategoryRow>();
  readonly #sharedIds = new Set<Id>();
  readonly #options: CocoHeadOptions<Id>;
  readonly #split: Split | null;

  constructor(options: CocoHeadOptions<Id>) {
    const { path } = options;
    this.#options = options;
    this.#split = path === null ? null : splitNamed(nameOf(stemOf(path)).replace(/^.*_/, ''));
  }

  /**
   * Reads the sections `images` and `categories`; gives each category and a note for each row that
   * is left out. The images are complete at the end.
   * @throws AppError `dataset-invalid` as readJsonRows
   */
  async *read(files: DatasetFiles, file: string): AsyncGenerator<CategoryRow | NoteRow> {
    const wanted = (section: string) => section === 'images' || section === 'categories';
    const rows = readJsonRows(files.chunks(file), { wanted, numbers: 'python' });
    for await (const row of rows) if (row.index !== null) yield* this.#readRow(row);
  }

  *#readRow(row: JsonRow): Generator<CategoryRow | NoteRow> {
    const { path, idOf } = this.#options;
    const place = `${path === null ? '' : `${path} `}${row.section}[${row.index}]`;
    try {
      if ('problem' in row) throw regionProblem('regionFileUnreadable', { reason: row.problem });
      const value = isObject(row.value) ? row.value : {};
      const id = idOf(value['id']);
      if (id === null) throw wrong('id', 'a number', value['id']);
      if (row.section === 'images') yield* this.#image(place, id, value);
      else yield this.#category(place, id, value);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      yield loss(place, thrown);
    }
  }

  *#image(place: string, id: Id, row: JsonObject): Generator<NoteRow> {
    const other = this.images.get(id);
    if (other === undefined && !this.#sharedIds.has(id)) {
      const { path } = this.#options;
      const key = path === null ? String(id) : `${path}:${id}`;
      this.images.set(id, imageRow(place, key, row, this.#split));
      return;
    }
    if (other) yield loss(other.place, taken('image', row));
    this.images.delete(id);
    this.#sharedIds.add(id);
    throw taken('image', row);
  }

  #category(place: string, id: Id, row: JsonObject): CategoryRow {
    if (this.categories.has(id)) throw taken('category', row);
    const category = categoryRow(place, row);
    this.categories.set(id, category);
    return category;
  }
}

/**
 * The images and categories of a COCO file, by their ids as texts: some tools write `1` in one
 * place and `"1"` in another.
 */
export interface CocoHead {
  readonly images: ReadonlyMap<string, ImageRow>;
  readonly categories: ReadonlyMap<string, CategoryRow>;
  /** The omitted rows, each with a reason. */
  readonly notes: readonly NoteRow[];
}

/**
 * The whole head of one file of a dataset.
 * @throws AppError `dataset-invalid` as readJsonRows
 */
export async function readCocoHead(files: DatasetFiles, path: string): Promise<CocoHead> {
  const idOf = (value: unknown) =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  const head = new CocoHeadRows({ idOf, path });
  const notes: NoteRow[] = [];
  for await (const row of head.read(files, path)) if (row.kind === 'note') notes.push(row);
  return { images: head.images, categories: head.categories, notes };
}

/**
 * The category of a row of `annotations`; null, with a doubt, where the file has none of its id.
 */
export function categoryOfRow(
  { category_id: id }: JsonObject,
  { categories }: Pick<CocoHead, 'categories'>,
  doubt: (problem: AppError) => void,
): CategoryRow | null {
  const category = categories.get(String(id));
  if (category === undefined)
    doubt(regionProblem('regionCategoryMissing', { found: describe(id) }));
  return category ?? null;
}

function wrong(key: string, expected: string, value: unknown): AppError {
  return regionProblem('regionRowWrong', { key, expected, found: describe(value) });
}

function taken(kind: 'image' | 'category', { id }: JsonObject): AppError {
  return regionProblem('regionIdTaken', { kind, found: describe(id) });
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
  const image = head.images.get(String(value['image_id']));
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
