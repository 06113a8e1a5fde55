import { AppError } from '../../errors.ts';
import { categoryOfRow, readCocoHead, rowOfImage, type CocoHead } from '../coco-head.ts';
import { readCocoRegion } from '../coco-region.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { AnnotationRow, DatasetRow, ImageRow, NoteRow, RowShape } from '../dataset-row.ts';
import { nameOf } from '../file-paths.ts';
import { readJsonList } from '../json-list.ts';
import { otherKeys, type JsonObject } from '../json-values.ts';
import { resultsProblem } from './sentences.ts';
import { rowNote } from '../row-notes.ts';

const resultKeys = ['id', 'image_id', 'category_id', 'segmentation', 'bbox', 'area', 'iscrowd'];

/**
 * Reads results: an image each time one is first named, so annotations may follow other images,
 * too.
 */
export async function* readResults(files: DatasetFiles): AsyncGenerator<DatasetRow> {
  const { results, instances } = await resultFiles(files);
  if (results.length === 0) {
    throw resultsProblem('resultsNone', { name: files.name }, 'dataset-invalid');
  }
  if (instances.length !== 1) {
    const file = results[0]!;
    throw instances.length === 0
      ? resultsProblem('resultsWithoutImages', { file }, 'dataset-invalid')
      : resultsProblem('resultsAmbiguous', { file, found: instances }, 'dataset-invalid');
  }
  const head = await readCocoHead(files, instances[0]!);
  yield* head.notes;
  yield* head.categories.values();
  const seen = new Set<ImageRow>();
  for (const path of results) {
    for await (const row of readJsonList(files.chunks(path), { numbers: 'python' })) {
      if (row.index === null) continue;
      const place = `${path} row ${row.index}`;
      try {
        const { value, image } = rowOfImage(row, head);
        const doubts: NoteRow[] = [];
        const doubt = (problem: AppError): void => void doubts.push(rowNote(place, false, problem));
        const annotation = annotationRow(place, image, value, head, doubt);
        if (!seen.has(image)) yield image;
        seen.add(image);
        yield annotation;
        yield* doubts;
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        yield rowNote(place, true, thrown);
      }
    }
  }
}

/** The results of a dataset, and the files that can say what their numbers mean. */
export async function resultFiles(
  files: DatasetFiles,
): Promise<{ results: string[]; instances: string[] }> {
  const paths = (await files.list()).filter((path) => /\.json$/i.test(path)).slice(0, looked);
  const results: string[] = [];
  const instances: string[] = [];
  for (const path of paths) {
    const text = new TextDecoder().decode(await files.start(path));
    const isEmpty = /^\s*\[\s*\]\s*$/.test(text) && /results/i.test(nameOf(path));
    if (isEmpty || isResults(text)) results.push(path);
    else if (/^\s*\{\s*"(info|licenses|images|annotations|categories)"/.test(text)) {
      instances.push(path);
    }
  }
  return { results: files.given === null ? results : [files.given], instances };
}

/** How many files are looked into. */
const looked = 20;

/** A list whose first row has an image's number and a score. */
export function isResults(text: string): boolean {
  const first = /^\s*\[\s*\{[^}]*/.exec(text)?.[0] ?? '';
  const isRow = /"image_id"/.test(first) && /"(category_id|bbox|segmentation|score)"/.test(first);
  return isRow && /"score"/.test(text);
}

function annotationRow(
  place: string,
  image: ImageRow,
  row: JsonObject,
  head: CocoHead,
  doubt: (problem: AppError) => void,
): AnnotationRow {
  const shape = readShape(row, image.size, doubt);
  const category = categoryOfRow(row, head, doubt);
  return {
    kind: 'annotation',
    place,
    image: image.key,
    category: category?.name ?? null,
    categoryParent: category?.parent ?? null,
    shape,
    extra: otherKeys(row, resultKeys),
  };
}

/** @throws AppError `invalid-input` whose message is a clause. */
function readShape(
  row: JsonObject,
  size: ImageRow['size'],
  doubt: (problem: AppError) => void,
): RowShape {
  const shape = readCocoRegion(row, size, doubt);
  if (shape === null) throw resultsProblem('resultsWithoutRegion', {});
  if (shape.kind === 'polygon') doubt(resultsProblem('resultsPolygons', {}));
  return shape;
}
