import { AppError } from '../../errors.ts';
import type { Rle } from '../../geometry/shapes.ts';
import { rleArea } from '../../geometry/rle.ts';
import { categoryOfRow, readCocoHead, rowOfImage, type CocoHead } from '../coco-head.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { AnnotationRow, DatasetRow, ImageRow, NoteRow, RowText } from '../dataset-row.ts';
import { folderOf, nameOf, pathFrom, stemOf } from '../file-paths.ts';
import { readJsonRows } from '../json-stream.ts';
import { describe } from '../describe.ts';
import { isObject, listOf, otherKeys, splitAttributes } from '../json-values.ts';
import type { JsonObject } from '../json-values.ts';
import { readPng } from '../png-pixels.ts';
import { regionProblem } from '../region-sentences.ts';
import { readTexts } from '../read-texts.ts';
import { emptyIdMap, masksOf } from './id-map.ts';
import { panopticProblem } from './sentences.ts';
import { rowNote } from '../row-notes.ts';

const segmentKeys = [
  ...['id', 'category_id', 'area', 'bbox', 'iscrowd'],
  ...['description', 'caption', 'texts', 'attributes'],
];

/** Reads panoptic files: first the images and categories, then picture by picture its segments. */
export async function* readPanoptic(files: DatasetFiles): AsyncGenerator<DatasetRow> {
  const paths = await panopticFiles(files);
  if (paths.length === 0) {
    throw panopticProblem('panopticNone', { name: files.name }, 'dataset-invalid');
  }
  const pictures = new Pictures(await files.list());
  for (const path of paths) yield* readFile(files, path, pictures);
}

/** The files that hold segments, by their starts and names; the given one without a look. */
export async function panopticFiles(files: DatasetFiles): Promise<string[]> {
  if (files.given !== null) return [files.given];
  const paths = (await files.list()).filter((path) => /\.json$/i.test(path));
  const found: string[] = [];
  for (const [index, path] of paths.entries()) {
    const isNamed = /^panoptic/i.test(nameOf(path));
    if (!isNamed && index >= looked) continue;
    const text = new TextDecoder().decode(await files.start(path));
    // The segments may stand behind more images than a start shows: then the name tells.
    const isOther = !isNamed || text.includes('"segmentation"');
    if (text.includes('"segments_info"') || !isOther) found.push(path);
  }
  return found;
}

/** How many files without a telling name are looked into. */
const looked = 10;

async function* readFile(
  files: DatasetFiles,
  path: string,
  pictures: Pictures,
): AsyncGenerator<DatasetRow> {
  const head = await readCocoHead(files, path);
  yield* head.notes;
  yield* head.categories.values();
  const seen = new Set<ImageRow>();
  const isAnnotations = (section: string): boolean => section === 'annotations';
  const rows = readJsonRows(files.chunks(path), { wanted: isAnnotations, numbers: 'python' });
  for await (const row of rows) {
    if (row.index === null) continue;
    const place = `${path} annotations[${row.index}]`;
    try {
      const { value, image } = rowOfImage(row, head);
      if (!seen.has(image)) yield stated(image, value);
      seen.add(image);
      yield* await readSegments(files, path, place, image, value, head, pictures);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      yield rowNote(place, true, thrown);
    }
  }
  for (const image of head.images.values()) if (!seen.has(image)) yield image;
}

/** Words about the photo stand, if anywhere, beside its segments. */
function stated(image: ImageRow, annotation: JsonObject): ImageRow {
  const { texts } = readTexts(annotation['texts']);
  return texts.length > 0 ? { ...image, texts } : image;
}

async function readSegments(
  files: DatasetFiles,
  path: string,
  place: string,
  image: ImageRow,
  annotation: JsonObject,
  head: CocoHead,
  pictures: Pictures,
): Promise<(AnnotationRow | NoteRow)[]> {
  const segments = listOf(annotation['segments_info']);
  const picture = pictures.find(path, annotation['file_name']);
  const masks = await masksOfPicture(files, picture, image.size);
  const rows: (AnnotationRow | NoteRow)[] = [];
  const listed = new Map<number, number>();
  for (const segment of segments.filter(isObject)) {
    const id = Number(segment['id']);
    listed.set(id, (listed.get(id) ?? 0) + 1);
  }
  segments.forEach((segment, index) => {
    const where = `${place}.segments_info[${index}]`;
    const doubt = (problem: AppError): void => void rows.push(rowNote(where, false, problem));
    try {
      if (!isObject(segment)) {
        const found = describe(segment);
        throw regionProblem('regionRowWrong', { key: 'value', expected: 'an object', found });
      }
      const id = Number(segment['id'] ?? NaN);
      if (!Number.isInteger(id)) {
        const found = describe(segment['id']);
        throw regionProblem('regionRowWrong', { key: 'id', expected: 'a whole number', found });
      }
      if (listed.get(id)! > 1) {
        throw panopticProblem('panopticSegmentShared', { id: describe(segment['id']) });
      }
      const rle = masks.get(id);
      if (rle === undefined) {
        throw panopticProblem('panopticSegmentMissing', { id: describe(segment['id']) });
      }
      rows.push(annotationRow(where, image.key, segment, rle, head, doubt));
      masks.delete(id);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      rows.push(rowNote(where, true, thrown));
    }
  });
  for (const [id, rle] of masks) {
    if (listed.has(id)) continue;
    const parts = { id, pixels: rleArea(rle) };
    rows.push(rowNote(place, true, panopticProblem('panopticSegmentUnlisted', parts)));
  }
  return rows;
}

function annotationRow(
  place: string,
  image: string,
  segment: JsonObject,
  rle: Rle,
  head: CocoHead,
  doubt: (problem: AppError) => void,
): AnnotationRow {
  const category = categoryOfRow(segment, head, doubt);
  const { attributes, others } = splitAttributes(segment['attributes']);
  const hasOthers = Object.keys(others).length > 0;
  return {
    kind: 'annotation',
    place,
    image,
    category: category?.name ?? null,
    categoryParent: category?.parent ?? null,
    shape: { kind: 'mask', rle },
    crowd: segment['iscrowd'] === 1 || segment['iscrowd'] === true,
    attributes,
    texts: textsOf(segment),
    extra: { ...otherKeys(segment, segmentKeys), ...(hasOthers && { attributes: others }) },
  };
}

/** All texts where we wrote them, else the one description that some datasets have. */
function textsOf({ texts, description, caption }: JsonObject): RowText[] {
  const own = readTexts(texts).texts;
  if (own.length > 0) return own;
  const said = description ?? caption;
  return typeof said === 'string' && said !== '' ? [{ kind: 'description', text: said }] : [];
}

/** The mask of each segment of a picture, whose colours are ids: red + 256 green + 65536 blue. */
async function masksOfPicture(
  files: DatasetFiles,
  path: string,
  size: ImageRow['size'],
): Promise<Map<number, Rle>> {
  const { width, height, channels, data } = readPng(await files.bytes(path));
  if (size && (size.width !== width || size.height !== height)) {
    throw regionProblem('regionMaskSize', { mask: { width, height }, expected: size });
  }
  if (channels < 3) throw panopticProblem('panopticChannels', { channels });
  const map = emptyIdMap(width, height);
  for (let pixel = 0; pixel < map.ids.length; pixel++) {
    const at = pixel * channels;
    map.ids[pixel] = data[at]! + 256 * data[at + 1]! + 65536 * data[at + 2]!;
  }
  try {
    return masksOf(map);
  } catch (thrown) {
    throw regionProblem('regionMaskUnreadable', { reason: (thrown as Error).message });
  }
}

/**
 * Where the pictures lie: beside the file in a folder of its name, or anywhere under a name that
 * only one has.
 */
class Pictures {
  readonly #paths: ReadonlySet<string>;
  readonly #byName = new Map<string, string[]>();

  constructor(paths: readonly string[]) {
    this.#paths = new Set(paths);
    for (const path of paths) {
      if (!/\.png$/i.test(path)) continue;
      const name = nameOf(path);
      const others = this.#byName.get(name);
      if (others) others.push(path);
      else this.#byName.set(name, [path]);
    }
  }

  /** @throws AppError `invalid-input` where there is none, or several. */
  find(json: string, fileName: unknown): string {
    if (typeof fileName !== 'string' || fileName === '') {
      const parts = { key: 'file_name', expected: 'a PNG', found: describe(fileName) };
      throw regionProblem('regionRowWrong', parts);
    }
    const usual = [pathFrom(stemOf(json), fileName), pathFrom(folderOf(json), fileName)];
    const there = usual.find((path) => this.#paths.has(path));
    if (there !== undefined) return there;
    const named = this.#byName.get(nameOf(pathFrom('', fileName))) ?? [];
    const sameEnd = named.filter((path) => path.endsWith(`/${nameOf(stemOf(json))}/${fileName}`));
    const candidates = sameEnd.length > 0 ? sameEnd : named;
    if (candidates.length === 1) return candidates[0]!;
    const found = describe(fileName);
    throw candidates.length === 0
      ? panopticProblem('panopticPngMissing', { found })
      : panopticProblem('panopticPngAmbiguous', { found, count: candidates.length });
  }
}
