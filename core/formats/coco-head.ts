import { AppError } from '../errors.ts';
import type { Split } from '../records.ts';
import { parentOf } from './coco/row.ts';
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

/**
 * The images and categories of a COCO file, by their ids as texts: some tools write `1` in one
 * place and `"1"` in another.
 */
export interface CocoHead {
  readonly images: ReadonlyMap<string, ImageRow>;
  readonly categories: ReadonlyMap<string, CategoryRow>;
  /** Rows that cannot be used, and images whose id another one has. */
  readonly notes: readonly NoteRow[];
}

const imageKeys = ['id', 'file_name', 'width', 'height', 'state', 'split', 'texts'];
const categoryKeys = ['id', 'name', 'supercategory', 'color'];

/**
 * Reads the sections `images` and `categories`. Images with one id are all left out: nobody can
 * know which is meant.
 * @throws AppError `dataset-invalid` as readJsonRows
 */
export async function readCocoHead(files: DatasetFiles, path: string): Promise<CocoHead> {
  const images = new Map<string, ImageRow>();
  const shared = new Set<string>();
  const categories = new Map<string, CategoryRow>();
  const notes: NoteRow[] = [];
  const split = splitNamed(nameOf(stemOf(path)).replace(/^.*_/, ''));
  const isHead = (section: string): boolean => section === 'images' || section === 'categories';
  const rows = readJsonRows(files.chunks(path), { wanted: isHead, numbers: 'python' });
  for await (const row of rows) {
    if (row.index === null) continue;
    const place = `${path} ${row.section}[${row.index}]`;
    try {
      if ('problem' in row) throw regionProblem('regionFileUnreadable', { reason: row.problem });
      const value = withId(row.value);
      const id = String(value['id']);
      if (row.section === 'categories') {
        if (categories.has(id)) throw taken('category', value);
        categories.set(id, categoryRow(place, value));
        continue;
      }
      if (images.has(id) || shared.has(id)) {
        const first = images.get(id);
        if (first) notes.push(loss(first.place, taken('image', value)));
        images.delete(id);
        shared.add(id);
        throw taken('image', value);
      }
      images.set(id, imageRow(place, `${path}:${id}`, value, split));
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      notes.push(loss(place, thrown));
    }
  }
  return { images, categories, notes };
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

/** @throws AppError `invalid-input` for a row without an id. */
function withId(value: unknown): JsonObject {
  const id = isObject(value) ? value['id'] : undefined;
  if (isObject(value) && ['string', 'number'].includes(typeof id)) return value;
  throw regionProblem('regionRowWrong', { key: 'id', expected: 'a number', found: describe(id) });
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
  if (typeof fileName !== 'string' || fileName === '') {
    const parts = { key: 'file_name', expected: 'a text', found: describe(fileName) };
    throw regionProblem('regionRowWrong', parts);
  }
  const split = typeof row['split'] === 'string' ? splitNamed(row['split']) : null;
  return {
    kind: 'image',
    place,
    key,
    fileName,
    split: split ?? splitOfFile,
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
  if (typeof name !== 'string' || name === '') {
    const parts = { key: 'name', expected: 'a text', found: describe(name) };
    throw regionProblem('regionRowWrong', parts);
  }
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
