import { rleBox } from '../../geometry/rle.ts';
import { cocoCategory, cocoImage, cocoStart } from '../coco-written.ts';
import type { DatasetOutput } from '../dataset-files.ts';
import type {
  DatasetSource,
  RowShape,
  SourceAnnotation,
  SourceImage,
  WrittenNote,
} from '../dataset-row.ts';
import { jsonListPieces } from '../json-pieces.ts';
import { regionProblem } from '../region-sentences.ts';
import { annotationNote, imageNote, pixelsOf } from '../written-notes.ts';
import type { ResultsWriteOptions } from './options.ts';
import { resultsProblem } from './sentences.ts';

type Note = (note: WrittenNote) => void;

/**
 * Writes `results.json`, and `images.json`, which says what its numbers mean: the file to give to
 * pycocotools' COCO.
 */
export async function writeResults(
  source: DatasetSource,
  options: ResultsWriteOptions,
  output: DatasetOutput,
  note: Note,
): Promise<void> {
  await output.stream('images.json', headPieces(source));
  const unscored = { count: 0 };
  const rows = rowsOf(source, options, unscored, note);
  await output.stream('results.json', jsonListPieces('[', rows, '\n]\n'));
  if (unscored.count === 0) return;
  const problem = resultsProblem('resultsUnscored', {
    count: unscored.count,
    score: options.score,
  });
  note({ what: source.projectName, section: 'annotations', isLoss: false, problem });
}

function* headPieces(source: DatasetSource): Generator<string, void> {
  yield cocoStart(source);
  yield* jsonListPieces('"images":[', imageRows(source), '],\n');
  const categories = source.categories.map(cocoCategory);
  yield* jsonListPieces('"categories":[', categories, '],\n"annotations":[]}\n');
}

function* imageRows(source: DatasetSource): Generator<object, void> {
  for (const image of source.images()) yield cocoImage(image);
}

function* rowsOf(
  source: DatasetSource,
  options: ResultsWriteOptions,
  unscored: { count: number },
  note: Note,
): Generator<object, void> {
  for (const image of source.images()) {
    let boxed = 0;
    let texts = image.texts.length;
    for (const written of image.annotations()) {
      const { annotation, category } = written;
      const shape = resultShape(written, image, options);
      if (shape === null) {
        const name = category === null ? 'writtenWithoutCategory' : 'writtenEmpty';
        note(annotationNote(image, written, true, regionProblem(name, {})));
        continue;
      }
      const isBox = annotation.geometry.kind === 'box';
      if (shape.kind === 'box' && !isBox) boxed++;
      if (shape.kind === 'mask' && isBox) {
        note(annotationNote(image, written, false, regionProblem('writtenBoxAsMask', {})));
      }
      texts += written.texts.length + Object.keys(annotation.attributes).length;
      const score = scoreOf(written);
      if (score === null) unscored.count++;
      yield {
        image_id: image.exportId,
        category_id: category!.exportId,
        ...(shape.kind === 'mask' ? { segmentation: shape.rle } : { bbox: boxOf(shape) }),
        score: score ?? options.score,
      };
    }
    if (boxed > 0) note(imageNote(image, false, resultsProblem('resultsBoxed', { count: boxed })));
    if (texts > 0)
      note(imageNote(image, false, resultsProblem('resultsTextsLeft', { count: texts })));
  }
}

function boxOf(shape: RowShape): readonly number[] {
  return shape.kind === 'box' ? shape.box : [];
}

/** The score of an imported result, or of the model that made the region. */
function scoreOf({ annotation: { extra, provenance } }: SourceAnnotation): number | null {
  const kept = extra['score'];
  if (typeof kept === 'number') return kept;
  return provenance.source === 'model' ? provenance.score : null;
}

/** A mask, or its box, as is chosen for the whole file. */
export function resultShape(
  { annotation, category }: SourceAnnotation,
  { image }: SourceImage,
  { regions }: ResultsWriteOptions,
): RowShape | null {
  if (category === null) return null;
  const { geometry } = annotation;
  if (regions === 'bbox' && geometry.kind === 'box') return geometry;
  const rle = pixelsOf(annotation, image);
  if (rle === null) return null;
  return regions === 'segm' ? { kind: 'mask', rle } : { kind: 'box', box: rleBox(rle) };
}
