import { AppError } from '../../errors.ts';
import { rleRuns } from '../../geometry/rle.ts';
import type { Rle } from '../../geometry/shapes.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type {
  AnnotationRow,
  DatasetRow,
  ImageRow,
  NoteRow,
  RowShape,
  RowText,
} from '../dataset-row.ts';
import { nameOf, stemOf } from '../file-paths.ts';
import { unitedGroups } from '../grouped-parts.ts';
import { readJsonRows } from '../json-stream.ts';
import { describe } from '../describe.ts';
import { isObject, listOf, otherKeys, splitAttributes } from '../json-values.ts';
import type { JsonObject } from '../json-values.ts';
import { ellipseCorners, ellipseOutline, turnedBox } from '../outlines.ts';
import { regionProblem } from '../region-sentences.ts';
import { readTexts } from '../read-texts.ts';
import { splitNamed } from '../split-folders.ts';
import { readLabels, type Label } from './labels.ts';
import type { DatumaroReadOptions } from './options.ts';
import { rowNote } from '../row-notes.ts';
import { wholeSize } from '../scale.ts';

/** Keys of items and annotations that are read; all others are kept. */
const itemKeys = ['id', 'annotations', 'attr', 'image', 'media'];
const annotationKeys = [
  ...['id', 'type', 'attributes', 'group', 'label_id', 'z_order'],
  ...['bbox', 'points', 'rle', 'caption', 'size'],
];
/** Keys among the attributes of an item or an annotation that have a meaning of their own. */
const ownAttributes = ['is_crowd', 'description', 'texts', 'state'];

/** Reads `annotations/<subset>.json`, each twice: first the labels, then the items in a stream. */
export async function* readDatumaro(
  files: DatasetFiles,
  options: DatumaroReadOptions,
): AsyncGenerator<DatasetRow> {
  for (const path of await subsetFiles(files)) yield* readSubset(files, path, options);
}

/** The annotation files of a dataset, one for each subset. */
export async function subsetFiles(files: DatasetFiles): Promise<string[]> {
  if (files.given !== null) return [files.given];
  const paths = (await files.list()).filter((path) => /\.json$/i.test(path));
  const inFolder = paths.filter((path) => /(^|\/)annotations\/[^/]+$/i.test(path));
  return inFolder.length > 0 ? inFolder : paths;
}

async function* readSubset(
  files: DatasetFiles,
  path: string,
  options: DatumaroReadOptions,
): AsyncGenerator<DatasetRow> {
  let categories: unknown;
  const faults: NoteRow[] = [];
  const isHead = (section: string): boolean => section === 'categories' || section === 'infos';
  for await (const row of readJsonRows(files.chunks(path), { wanted: isHead })) {
    if ('problem' in row) {
      const problem = regionProblem('regionFileUnreadable', { reason: row.problem });
      faults.push(rowNote(`${path} ${row.section}`, true, problem));
    } else if (row.section === 'categories') categories = row.value;
    else if (isObject(row.value) && Object.keys(row.value).length > 0) {
      const keys = Object.keys(row.value);
      faults.push(rowNote(`${path} infos`, true, regionProblem('regionInfosLeft', { keys })));
    }
  }
  const { labels, rows } = readLabels(path, categories, (place, problem) =>
    faults.push(rowNote(place, true, problem)),
  );
  yield* faults;
  yield* rows;
  const subset = nameOf(stemOf(path));
  const isItems = (section: string): boolean => section === 'items';
  for await (const row of readJsonRows(files.chunks(path), { wanted: isItems })) {
    if (row.index === null) continue;
    const place = `${path} items[${row.index}]`;
    try {
      if ('problem' in row) throw regionProblem('regionFileUnreadable', { reason: row.problem });
      yield* readItem(place, subset, row.value, labels, options);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      yield rowNote(place, true, thrown);
    }
  }
}

function* readItem(
  place: string,
  subset: string,
  item: unknown,
  labels: readonly (Label | null)[],
  options: DatumaroReadOptions,
): Generator<DatasetRow> {
  const id = isObject(item) ? item['id'] : undefined;
  if (!isObject(item) || typeof id !== 'string') {
    throw regionProblem('regionRowWrong', { key: 'id', expected: 'a text', found: describe(id) });
  }
  const key = `${subset}/${id}`;
  const size = sizeOf(item);
  const captions: RowText[] = [];
  const kept: JsonObject[] = [];
  const annotations: AnnotationRow[] = [];
  const notes: NoteRow[] = [];
  listOf(item['annotations']).forEach((annotation, index) => {
    const where = `${place}.annotations[${index}]`;
    const doubt = (problem: AppError): void => void notes.push(rowNote(where, false, problem));
    try {
      if (!isObject(annotation)) {
        const found = describe(annotation);
        throw regionProblem('regionRowWrong', { key: 'value', expected: 'an object', found });
      }
      const type = String(annotation['type']);
      if (type === 'caption' && typeof annotation['caption'] === 'string') {
        captions.push({ kind: 'description', text: annotation['caption'] });
      } else if (withoutArea.has(type)) {
        kept.push(namedLabel(annotation, labels));
        doubt(regionProblem('regionWithoutArea', { type }));
      } else {
        const shape = readShape(type, annotation, size, doubt);
        annotations.push(annotationRow(where, key, annotation, shape, labels, doubt));
      }
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      notes.push(rowNote(where, true, thrown));
    }
  });
  yield imageRow(place, key, subset, item, size, captions, kept, notes);
  const groupOf = ({ extra }: AnnotationRow): number | null => Number(extra?.['group']) || null;
  yield* options.groups === 'one' ? unitedGroups(annotations, groupOf) : annotations;
  yield* notes;
}

/** Datumaro shapes that are kept unchanged. */
const withoutArea: ReadonlySet<string> = new Set([
  ...['points', 'skeleton', 'cuboid_3d', 'cuboid_2d', 'feature_vector'],
  ...['tabular', 'hash_key'],
]);

function imageRow(
  place: string,
  key: string,
  subset: string,
  item: JsonObject,
  size: ImageRow['size'],
  captions: readonly RowText[],
  kept: readonly JsonObject[],
  notes: NoteRow[],
): ImageRow {
  const attributes = isObject(item['attr']) ? item['attr'] : {};
  const { state } = attributes;
  const { texts, unknown } = readTexts(attributes['texts']);
  if (unknown > 0) {
    notes.push(rowNote(place, false, regionProblem('regionTextsUnknown', { count: unknown })));
  }
  const others = otherKeys(attributes, ownAttributes);
  const split = splitNamed(subset);
  return {
    kind: 'image',
    place,
    key,
    fileName: fileNameOf(item),
    size,
    split,
    ...((state === 'done' || state === 'reviewed-empty') && { state }),
    texts: [...captions, ...texts],
    extra: {
      ...otherKeys(item, itemKeys),
      ...(split === null && subset !== 'default' && { datumaro_subset: subset }),
      ...(Object.keys(others).length > 0 && { datumaro_attributes: others }),
      ...(kept.length > 0 && otherKeys({ datumaro_annotations: kept }, [])),
    },
  };
}

/**
 * The path in `image` or, in files of some versions, in `media`; else the id, which is the path
 * without its ending.
 */
function fileNameOf({ id, image, media }: JsonObject): string {
  for (const held of [image, media]) {
    if (isObject(held) && typeof held['path'] === 'string' && held['path'] !== '') {
      return held['path'];
    }
  }
  return String(id);
}

/** Datumaro writes [height, width]. */
function sizeOf({ image }: JsonObject): ImageRow['size'] {
  const [height, width] = isObject(image) ? listOf(image['size']) : [];
  return wholeSize(width, height);
}

function annotationRow(
  place: string,
  image: string,
  annotation: JsonObject,
  shape: RowShape,
  labels: readonly (Label | null)[],
  doubt: (problem: AppError) => void,
): AnnotationRow {
  const { group, label_id: labelId, z_order: zOrder } = annotation;
  const { attributes, others } = splitAttributes(annotation['attributes']);
  const { is_crowd: crowd, description, ...simple } = attributes;
  const { texts, unknown } = readTexts(others['texts']);
  if (unknown > 0) doubt(regionProblem('regionTextsUnknown', { count: unknown }));
  const said = typeof description === 'string' && description !== '' ? description : null;
  const kept = otherKeys(others, ownAttributes);
  const label = labelAt(labelId, labels, doubt);
  return {
    kind: 'annotation',
    place,
    image,
    category: label?.name ?? null,
    categoryParent: label?.parent ?? null,
    shape,
    crowd: crowd === true || crowd === 1,
    ...(Number.isInteger(zOrder) && { zOrder: Number(zOrder) }),
    attributes: simple,
    texts: [...(said === null ? [] : [{ kind: 'description' as const, text: said }]), ...texts],
    extra: {
      ...otherKeys(annotation, annotationKeys),
      ...(Number(group) > 0 && { group: Number(group) }),
      ...(Object.keys(kept).length > 0 && { attributes: kept }),
    },
  };
}

function labelAt(
  id: unknown,
  labels: readonly (Label | null)[],
  doubt: (problem: AppError) => void,
): Label | null {
  if (id === undefined || id === null) return null;
  const label = labels[Number(id)] ?? null;
  if (label === null) doubt(regionProblem('regionCategoryMissing', { found: describe(id) }));
  return label;
}

/** An annotation to keep, with its label's name: the numbers of another export are others. */
function namedLabel(annotation: JsonObject, labels: readonly (Label | null)[]): JsonObject {
  const label = labels[Number(annotation['label_id'] ?? -1)];
  const others = otherKeys(annotation, ['label_id']);
  return label ? { ...others, label: label.name } : others;
}

/** @throws AppError `invalid-input` whose message is a clause. */
function readShape(
  type: string,
  annotation: JsonObject,
  size: ImageRow['size'],
  doubt: (problem: AppError) => void,
): RowShape {
  switch (type) {
    case 'bbox': {
      const [x, y, width, height] = numbersOf(annotation, 'bbox', 4);
      return { kind: 'box', box: [x!, y!, width!, height!] };
    }
    case 'polygon': {
      const outer = numbersOf(annotation, 'points', 'ring');
      return { kind: 'polygon', parts: [{ outer, holes: [] }] };
    }
    case 'polyline':
      return { kind: 'polyline', points: numbersOf(annotation, 'points', 'line') };
    case 'label':
      return { kind: 'tag' };
    case 'ellipse': {
      const [left, top, right, bottom] = numbersOf(annotation, 'points', 4);
      doubt(regionProblem('regionRounded', { type, corners: ellipseCorners }));
      const centre: [number, number] = [(left! + right!) / 2, (top! + bottom!) / 2];
      const outer = ellipseOutline(centre, [(right! - left!) / 2, (bottom! - top!) / 2]);
      return { kind: 'polygon', parts: [{ outer, holes: [] }] };
    }
    case 'rotated_bbox': {
      const [x, y, width, height, degrees] = numbersOf(annotation, 'points', 5);
      doubt(regionProblem('regionTurned', { degrees: degrees! }));
      const box = [x! - width! / 2, y! - height! / 2, width!, height!] as const;
      const outer = turnedBox(box, degrees!, [x!, y!]);
      return { kind: 'polygon', parts: [{ outer, holes: [] }] };
    }
    case 'mask':
      return { kind: 'mask', rle: rleOf(annotation['rle'], size) };
    default:
      throw regionProblem('regionTypeUnknown', { found: describe(annotation['type']) });
  }
}

const leastPairs = { line: 2, ring: 3 } as const;

function numbersOf(
  annotation: JsonObject,
  key: string,
  count: number | keyof typeof leastPairs,
): number[] {
  const value = annotation[key];
  const isRight =
    Array.isArray(value) &&
    value.every(Number.isFinite) &&
    (typeof count === 'number'
      ? value.length === count
      : value.length >= 2 * leastPairs[count] && value.length % 2 === 0);
  if (isRight) return value as number[];
  const expected =
    typeof count === 'number'
      ? `${count} numbers`
      : `${leastPairs[count]} or more pairs of numbers`;
  throw regionProblem('regionRowWrong', { key, expected, found: describe(value) });
}

function rleOf(value: unknown, size: ImageRow['size']): Rle {
  const { counts, size: own } = Object(value) as Record<string, unknown>;
  const [height, width] = listOf(own);
  if (typeof counts !== 'string' || !Number.isInteger(width) || !Number.isInteger(height)) {
    const expected = '{"counts": text, "size": [height, width]}';
    throw regionProblem('regionRowWrong', { key: 'rle', expected, found: describe(value) });
  }
  const mask = { width: Number(width), height: Number(height) };
  if (size && (size.width !== mask.width || size.height !== mask.height)) {
    throw regionProblem('regionMaskSize', { mask, expected: size });
  }
  const rle: Rle = { size: [mask.height, mask.width], counts };
  rleRuns(rle);
  return rle;
}
