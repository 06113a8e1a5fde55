import { AppError } from '../../errors.ts';
import { imageStates } from '../../records.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetRow, ImageRow, RowShape } from '../dataset-row.ts';
import type { DatasetReader } from '../format.ts';
import { readJsonRows, type JsonRow } from '../json-stream.ts';
import { doubt, loss } from '../row-notes.ts';
import { isSize } from '../scale.ts';
import { wordsOfText } from '../../project/make-item.ts';
import { readTexts } from './annotation.ts';
import { annotationFile } from './detect.ts';
import { isObject, otherKeys, splitAttributes } from '../json-values.ts';
import { isBox, isCocoId, knownId, knownKeys, parentOf, type CocoId } from './row.ts';
import { readSegmentation, isEmptySegmentation } from './segmentation.ts';
import { rowProblem } from './sentences.ts';
import { splitOf } from './splits.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * Reads a COCO file as rows, for evaluation, comparison and prompts from boxes. An import goes
 * through cocoImporter.
 */
export const cocoReader: DatasetReader = {
  async *read(files): AsyncGenerator<DatasetRow> {
    const file = await annotationFile(files);
    const head = new RegionFileHead();
    for await (const row of rowsOf(files, file, (section) => section !== 'annotations')) {
      yield* head.read(row);
    }
    yield* head.images.values();
    for await (const row of rowsOf(files, file, (section) => section === 'annotations')) {
      if (row.index !== null) yield* annotationOf(row, head);
    }
  },
};

function rowsOf(files: DatasetFiles, file: string, wanted: (section: string) => boolean) {
  return readJsonRows(files.chunks(file), { wanted, numbers: 'python' });
}

/**
 * The images and categories of a file of regions, by their ids. Unlike `readCocoHead` of the other
 * formats it streams categories, keeps the types of ids and reads no split from the file's name.
 */
class RegionFileHead {
  readonly images = new Map<CocoId, ImageRow>();
  /** Ids that several images have: nobody can know which of them an annotation means. */
  readonly #shared = new Set<CocoId>();
  readonly categories = new Map<
    CocoId,
    { readonly name: string; readonly parent: string | null }
  >();

  *read({ section, index, ...row }: JsonRow): Generator<DatasetRow> {
    if (index === null || (section !== 'images' && section !== 'categories')) return;
    const place = `${section}[${index}]`;
    const value = 'value' in row && isObject(row.value) ? row.value : {};
    const { id } = value;
    const name = value[section === 'images' ? 'file_name' : 'name'];
    if (!isCocoId(id) || typeof name !== 'string' || name === '') {
      const problem = rowProblem('rowLacks', {
        key: isCocoId(id) ? 'name' : 'id',
        found: 'nothing',
      });
      yield loss(place, problem);
      return;
    }
    if (section === 'images') yield* this.#image(place, id, name, value);
    else yield this.#category(place, id, name, value);
  }

  /** Keeps an image until all are known; notes all that share an id. */
  *#image(place: string, id: CocoId, fileName: string, row: Row): Generator<DatasetRow> {
    const other = this.images.get(id);
    if (other || this.#shared.has(id)) {
      const problem = rowProblem('rowImageIdShared', { id });
      if (other) yield loss(other.place, problem);
      this.images.delete(id);
      this.#shared.add(id);
      yield loss(place, problem);
      return;
    }
    const { width, height, state, split } = row;
    const said = imageStates.find((known) => known === state);
    this.images.set(id, {
      kind: 'image',
      place,
      key: String(id),
      fileName,
      size: isSize(width) && isSize(height) ? { width, height } : null,
      split: splitOf(split),
      ...(typeof split === 'string' && { splitName: split }),
      ...((said === 'done' || said === 'reviewed-empty') && { state: said }),
      extra: otherKeys(row, knownKeys.image),
    });
  }

  #category(place: string, id: CocoId, name: string, row: Row): DatasetRow {
    const parent = parentOf(row);
    this.categories.set(id, { name, parent });
    return { kind: 'category', place, name, parent, extra: otherKeys(row, knownKeys.category) };
  }
}

function* annotationOf({ index, ...row }: JsonRow, head: RegionFileHead): Generator<DatasetRow> {
  const place = `annotations[${index}]`;
  try {
    if (!('value' in row) || !isObject(row.value)) {
      throw rowProblem('rowNotObject', { found: 'problem' in row ? row.problem : 'nothing' });
    }
    yield* readAnnotationRow(place, row.value, head);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    yield loss(place, thrown);
  }
}

function* readAnnotationRow(place: string, row: Row, head: RegionFileHead): Generator<DatasetRow> {
  const { id, image_id: imageId, category_id: categoryId, bbox, iscrowd } = row;
  const image = isCocoId(imageId) ? knownId(imageId, head.images) : null;
  if (image === null) {
    throw rowProblem('rowImageMissing', { id: isCocoId(imageId) ? imageId : 'nothing' });
  }
  const known = isCocoId(categoryId) ? knownId(categoryId, head.categories) : null;
  const category = known === null ? null : head.categories.get(known)!;
  const doubts: DatasetRow[] = [];
  const texts = readTexts(row, (problem) => doubts.push(doubt(place, problem)));
  yield* doubts;
  if (texts.length > 0 && !hasRegion(row)) {
    for (const text of texts) {
      const about = { place, image: String(image), segments: [] };
      yield { kind: 'item', ...about, words: wordsOfText(text) };
    }
    return;
  }
  yield {
    kind: 'annotation',
    place,
    image: String(image),
    category: category?.name ?? null,
    categoryParent: category?.parent ?? null,
    shape: shapeOf(row, head.images.get(image)!.size),
    ...(typeof id === 'number' && { id }),
    ...(isBox(bbox) && { box: bbox }),
    crowd: iscrowd === 1 || iscrowd === true,
    attributes: splitAttributes(row['attributes']).attributes,
    texts,
    extra: otherKeys(row, knownKeys.annotation),
  };
}

/** A row without one says something of the whole image. */
function hasRegion({ segmentation, bbox }: Row): boolean {
  return (bbox !== undefined && bbox !== null) || !isEmptySegmentation(segmentation);
}

/** @throws AppError `invalid-input` whose message is a clause. */
function shapeOf(
  { segmentation, bbox, box_only: isBoxOnly }: Row,
  size: ImageRow['size'],
): RowShape {
  if (isBox(bbox) && (isBoxOnly === true || isEmptySegmentation(segmentation))) {
    return { kind: 'box', box: bbox };
  }
  // An object without a known region: readShape reports that it has none.
  if (isEmptySegmentation(segmentation)) return { kind: 'polygon', parts: [] };
  const { width, height } = size ?? sizeOf(segmentation);
  const region = readSegmentation(segmentation, width, height);
  if (region.kind === 'mask') return { kind: 'mask', rle: region.rle };
  return { kind: 'polygon', parts: region.rings.map((outer) => ({ outer, holes: [] })) };
}

/** The size that a mask gives of itself; polygons need none. */
function sizeOf(segmentation: unknown): NonNullable<ImageRow['size']> {
  const size: unknown = isObject(segmentation) ? segmentation['size'] : null;
  const [height, width] = Array.isArray(size) ? (size as unknown[]) : [];
  return { width: Number(width), height: Number(height) };
}
