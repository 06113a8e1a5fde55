import { AppError } from '../../errors.ts';
import { keypointsFromCoco } from '../../project/keypoints.ts';
import { categoryOfRow, readCocoHead, rowOfImage, type CocoHead } from '../coco-head.ts';
import { readCocoRegion } from '../coco-region.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { AnnotationRow, DatasetRow, ImageRow, NoteRow } from '../dataset-row.ts';
import { nameOf } from '../file-paths.ts';
import type { Likeness } from '../format.ts';
import { readJsonRows } from '../json-stream.ts';
import { listOf, otherKeys, splitAttributes } from '../json-values.ts';
import type { JsonObject } from '../json-values.ts';
import { readTexts } from '../read-texts.ts';
import { keypointsProblem } from './sentences.ts';
import { rowNote } from '../row-notes.ts';

/** Keys that are read; keypoints that are not sound as a whole are kept as they stand. */
const annotationKeys = [
  ...['id', 'image_id', 'category_id', 'segmentation', 'area', 'bbox', 'iscrowd'],
  ...['attributes', 'texts', 'caption', 'box_only'],
];

const keypointKeys = ['keypoints', 'num_keypoints'];

/** Reads keypoints files: all images, then their annotations in the order of the file. */
export async function* readKeypoints(files: DatasetFiles): AsyncGenerator<DatasetRow> {
  const paths = await keypointFiles(files);
  if (paths.length === 0) {
    throw keypointsProblem('keypointsNone', { name: files.name }, 'dataset-invalid');
  }
  for (const path of paths) {
    const head = await readCocoHead(files, path);
    yield* head.notes;
    yield* head.categories.values();
    yield* head.images.values();
    const isAnnotations = (section: string): boolean => section === 'annotations';
    const rows = readJsonRows(files.chunks(path), { wanted: isAnnotations, numbers: 'python' });
    for await (const row of rows) {
      if (row.index === null) continue;
      const place = `${path} annotations[${row.index}]`;
      const doubts: NoteRow[] = [];
      const doubt = (problem: AppError): void => void doubts.push(rowNote(place, false, problem));
      try {
        const { value, image } = rowOfImage(row, head);
        yield annotationRow(place, image, value, head, doubt);
        yield* doubts;
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        yield rowNote(place, true, thrown);
      }
    }
  }
}

/**
 * The files that hold keypoints, by their names or else their starts; the given one without a
 * look.
 */
export async function keypointFiles(files: DatasetFiles): Promise<string[]> {
  if (files.given !== null) return [files.given];
  const paths = (await files.list()).filter((path) => /\.json$/i.test(path));
  const named = paths.filter((path) => /keypoints/i.test(nameOf(path)));
  if (named.length > 0) return named;
  const found: string[] = [];
  for (const path of paths.slice(0, looked)) {
    const text = new TextDecoder().decode(await files.start(path));
    if (keypointsIn(text) !== 'none') found.push(path);
  }
  return found;
}

/** How many files without a telling name are looked into. */
const looked = 10;

/**
 * Whether the start of a file shows annotations with keypoints; only categories with some may
 * belong to other files, too.
 */
export function keypointsIn(text: string): Likeness {
  if (!/^\s*\{/.test(text)) return 'none';
  if (/"num_keypoints"\s*:/.test(text)) return 'certain';
  return /"keypoints"\s*:/.test(text) ? 'possible' : 'none';
}

function annotationRow(
  place: string,
  image: ImageRow,
  row: JsonObject,
  head: CocoHead,
  doubt: (problem: AppError) => void,
): AnnotationRow {
  const shape = readCocoRegion(row, image.size, doubt);
  if (shape === null) throw keypointsProblem('keypointsWithoutRegion', {});
  const { iscrowd, caption, texts } = row;
  const category = categoryOfRow(row, head, doubt);
  const keypoints = keypointsFromCoco(row['keypoints']);
  const expected = 3 * listOf(category?.extra?.['keypoints']).length;
  const found = listOf(row['keypoints']).length;
  if (expected > 0 && found > 0 && found !== expected) {
    doubt(keypointsProblem('keypointsCount', { found, expected }));
  }
  const { attributes, others } = splitAttributes(row['attributes']);
  const own = readTexts(texts).texts;
  const isCaption = own.length === 0 && typeof caption === 'string' && caption !== '';
  return {
    kind: 'annotation',
    place,
    image: image.key,
    category: category?.name ?? null,
    categoryParent: category?.parent ?? null,
    shape,
    ...(keypoints && { keypoints }),
    crowd: iscrowd === 1 || iscrowd === true,
    attributes,
    texts: isCaption ? [{ kind: 'description', text: caption }] : own,
    extra: {
      ...otherKeys(row, keypoints ? [...annotationKeys, ...keypointKeys] : annotationKeys),
      ...(Object.keys(others).length > 0 && { attributes: others }),
    },
  };
}
