import { AppError } from '../../errors.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { AnnotationRow, DatasetRow, ImageRow, NoteRow, RowShape } from '../dataset-row.ts';
import { folderOf, pathFrom } from '../file-paths.ts';
import { unitedGroups } from '../grouped-parts.ts';
import { describe } from '../describe.ts';
import { isObject, listOf, otherKeys, splitAttributes } from '../json-values.ts';
import type { JsonObject } from '../json-values.ts';
import { parseJson } from '../parse-json.ts';
import { regionProblem } from '../region-sentences.ts';
import { readTexts } from '../read-texts.ts';
import { splitNamed } from '../split-folders.ts';
import type { LabelmeReadOptions } from './options.ts';
import { isBareShape, readShape, typeOf } from './shapes.ts';
import { rowNote } from '../row-notes.ts';
import { wholeSize } from '../scale.ts';

/**
 * Keys of a file and of a shape that are read; all others are kept. `state` and `texts` and so on
 * are ours.
 */
const fileKeys = [
  ...['version', 'shapes', 'imagePath', 'imageData', 'imageWidth', 'imageHeight'],
  ...['state', 'split', 'texts'],
];
const shapeKeys = [
  ...['label', 'points', 'shape_type', 'mask', 'flags', 'description', 'group_id'],
  ...['attributes', 'texts', 'crowd'],
];

/**
 * Reads every labelme file of a folder, or the one that was given: an image each, followed by its
 * shapes.
 */
export async function* readLabelme(
  files: DatasetFiles,
  options: LabelmeReadOptions,
): AsyncGenerator<DatasetRow> {
  const paths = files.given === null ? await files.list() : [files.given];
  for (const path of paths) {
    if (!/\.json$/i.test(path)) continue;
    try {
      yield* readFile(path, parsedFile(await files.text(path)), options);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      yield rowNote(path, true, thrown);
    }
  }
}

/** @throws AppError `invalid-input` for what is not a labelme file. */
function parsedFile(text: string): JsonObject {
  let file: unknown;
  try {
    file = parseJson(text);
  } catch (thrown) {
    throw regionProblem('regionFileUnreadable', { reason: (thrown as Error).message });
  }
  if (isObject(file) && Array.isArray(file['shapes'])) return file;
  const found = describe(isObject(file) ? file['shapes'] : file);
  throw regionProblem('regionRowWrong', { key: 'shapes', expected: 'a list', found });
}

function* readFile(
  path: string,
  file: JsonObject,
  options: LabelmeReadOptions,
): Generator<DatasetRow> {
  const { imagePath } = file;
  if (typeof imagePath !== 'string' || imagePath === '') {
    const parts = { key: 'imagePath', expected: 'a path', found: describe(imagePath) };
    throw regionProblem('regionRowWrong', parts);
  }
  const notes: NoteRow[] = [];
  const size = sizeOf(file);
  const kept: JsonObject[] = [];
  const annotations: AnnotationRow[] = [];
  listOf(file['shapes']).forEach((shape, index) => {
    const place = `${path} shapes[${index}]`;
    const doubt = (problem: AppError): void => void notes.push(rowNote(place, false, problem));
    try {
      if (!isObject(shape)) {
        const parts = { key: 'value', expected: 'an object', found: describe(shape) };
        throw regionProblem('regionRowWrong', parts);
      }
      const type = typeOf(shape);
      if (isBareShape(type)) {
        kept.push(shape);
        doubt(regionProblem('regionWithoutArea', { type }));
        return;
      }
      const region = readShape(shape, size, doubt);
      annotations.push(annotationRow(place, path, shape, region, doubt));
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      notes.push(rowNote(place, true, thrown));
    }
  });
  const doubt = (problem: AppError): void => void notes.push(rowNote(path, false, problem));
  yield imageRow(path, imagePath, file, size, kept, options, doubt);
  yield* options.groups === 'one' ? unitedGroups(annotations, groupOf) : annotations;
  yield* notes;
}

function imageRow(
  path: string,
  imagePath: string,
  file: JsonObject,
  size: ImageRow['size'],
  kept: readonly JsonObject[],
  { imageData }: LabelmeReadOptions,
  doubt: (problem: AppError) => void,
): ImageRow {
  const { state, split, flags } = file;
  const known = typeof split === 'string' ? splitNamed(split) : null;
  if (known === null && split !== undefined && split !== null) {
    doubt(regionProblem('regionSplitUnknown', { found: describe(split) }));
  }
  const { texts, unknown } = readTexts(file['texts']);
  if (unknown > 0) doubt(regionProblem('regionTextsUnknown', { count: unknown }));
  const hasFlags = isObject(flags) && Object.keys(flags).length > 0;
  const embedded = imageData && typeof file['imageData'] === 'string';
  return {
    kind: 'image',
    place: path,
    key: path,
    fileName: pathFrom(folderOf(path), imagePath),
    size,
    split: known,
    ...((state === 'done' || state === 'reviewed-empty') && { state }),
    texts,
    extra: {
      ...otherKeys(file, [...fileKeys, 'flags']),
      ...(hasFlags && otherKeys({ flags }, [])),
      ...(embedded && otherKeys({ labelme_image_data: file['imageData'] }, [])),
      ...(kept.length > 0 && otherKeys({ labelme_shapes: kept }, [])),
    },
  };
}

function annotationRow(
  place: string,
  image: string,
  shape: JsonObject,
  region: RowShape,
  doubt: (problem: AppError) => void,
): AnnotationRow {
  const { label, description, group_id: group } = shape;
  const flags = splitAttributes(shape['flags']);
  const attributes = splitAttributes(shape['attributes']);
  const own = readTexts(shape['texts']);
  if (own.unknown > 0) doubt(regionProblem('regionTextsUnknown', { count: own.unknown }));
  const said = typeof description === 'string' && description !== '' ? description : null;
  const hasOthers = Object.keys(attributes.others).length > 0;
  return {
    kind: 'annotation',
    place,
    image,
    category: typeof label === 'string' && label !== '' ? label : null,
    shape: region,
    crowd: shape['crowd'] === true,
    attributes: { ...flags.attributes, ...attributes.attributes },
    texts: [...(said === null ? [] : [{ kind: 'description' as const, text: said }]), ...own.texts],
    extra: {
      ...otherKeys(shape, shapeKeys),
      ...(hasOthers && { attributes: attributes.others }),
      ...(group !== null && group !== undefined && otherKeys({ group_id: group }, [])),
    },
  };
}

/**
 * Polygons of one label and group are the parts of one region, as labelme's own converters take
 * them.
 */
function groupOf({ extra }: AnnotationRow): number | null {
  const group = extra?.['group_id'];
  return Number.isInteger(group) ? Number(group) : null;
}

function sizeOf({ imageWidth: width, imageHeight: height }: JsonObject): ImageRow['size'] {
  return wholeSize(width, height);
}
