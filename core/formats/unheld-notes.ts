import type { DatasetSource, SourceAnnotation, SourceImage, WrittenNote } from './dataset-row.ts';
import { regionProblem } from './region-sentences.ts';
import { wordProblem } from './word-sentences.ts';
import { annotationNote } from './written-notes.ts';

/**
 * Notes what formats leave out that have masks and words only: categories, splits, attributes,
 * crowds and boxes.
 */
export function noteUnheld(
  source: DatasetSource,
  isWritten: (annotation: SourceAnnotation, image: SourceImage) => boolean,
  hasSplits: boolean,
  note: (note: WrittenNote) => void,
): void {
  let categories = 0;
  let splits = 0;
  for (const image of source.images()) {
    if (image.image.split !== null) splits++;
    for (const written of image.annotations()) {
      if (!isWritten(written, image)) continue;
      const { attributes, crowd, geometry } = written.annotation;
      if (written.category !== null) categories++;
      const doubt = (problem: WrittenNote['problem']): void =>
        note(annotationNote(image, written, false, problem));
      const names = Object.keys(attributes);
      if (names.length > 0) doubt(regionProblem('writtenAttributesLeft', { names }));
      if (crowd) doubt(regionProblem('writtenCrowdLeft', {}));
      if (geometry.kind === 'box') doubt(regionProblem('writtenBoxAsMask', {}));
    }
  }
  const whole = (problem: WrittenNote['problem']): void =>
    note({ what: source.projectName, section: 'annotations', isLoss: false, problem });
  if (categories > 0) whole(wordProblem('wordsCategoriesLeft', { count: categories }));
  if (splits > 0 && !hasSplits) whole(wordProblem('wordsSplitsLeft', { count: splits }));
}
