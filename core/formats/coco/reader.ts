import { AppError } from '../../errors.ts';
import { categoryOfId, CocoHeadRows, imageOfId, type CocoHead } from '../coco-head.ts';
import type { DatasetRow, ImageRow, RowShape } from '../dataset-row.ts';
import type { DatasetReader } from '../format.ts';
import { readJsonRows, type JsonRow } from '../json-stream.ts';
import { doubt, loss } from '../row-notes.ts';
import { wordsOfText } from '../../project/make-item.ts';
import { readTexts } from './annotation.ts';
import { annotationFile } from './detect.ts';
import { isObject, otherKeys, splitAttributes } from '../json-values.ts';
import { isBox, isCocoId, knownKeys } from './row.ts';
import { readSegmentation, isEmptySegmentation } from './segmentation.ts';
import { rowProblem } from './sentences.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * Reads a COCO file as rows, for evaluation, comparison and prompts from boxes. An import goes
 * through cocoImporter.
 */
export const cocoReader: DatasetReader = {
  async *read(files): AsyncGenerator<DatasetRow> {
    const file = await annotationFile(files);
    const head = new CocoHeadRows(null);
    yield* head.read(files, file);
    yield* head.images.values();
    const wanted = (section: string) => section === 'annotations';
    for await (const row of readJsonRows(files.chunks(file), { wanted, numbers: 'python' })) {
      if (row.index !== null) yield* annotationOf(row, head);
    }
  },
};

function* annotationOf({ index, ...row }: JsonRow, head: CocoHead): Generator<DatasetRow> {
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

function* readAnnotationRow(place: string, row: Row, head: CocoHead): Generator<DatasetRow> {
  const { id, image_id: imageId, category_id: categoryId, bbox, iscrowd } = row;
  const image = imageOfId(imageId, head);
  if (image === undefined) {
    throw rowProblem('rowImageMissing', { id: isCocoId(imageId) ? imageId : 'nothing' });
  }
  const category = categoryOfId(categoryId, head);
  const doubts: DatasetRow[] = [];
  const texts = readTexts(row, (problem) => doubts.push(doubt(place, problem)));
  yield* doubts;
  if (texts.length > 0 && !hasRegion(row)) {
    for (const text of texts) {
      const about = { place, image: image.key, segments: [] };
      yield { kind: 'item', ...about, words: wordsOfText(text) };
    }
    return;
  }
  yield {
    kind: 'annotation',
    place,
    image: image.key,
    category: category?.name ?? null,
    categoryParent: category?.parent ?? null,
    shape: shapeOf(row, image.size),
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
