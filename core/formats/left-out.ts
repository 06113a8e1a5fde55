import { failuresOf } from '../errors.ts';
import type { SourceAnnotation, SourceImage, WrittenNote } from './dataset-row.ts';
import { leftOutSentences } from './left-out-sentences.ts';

const leftOutFailure = failuresOf(leftOutSentences);

/** Optional fields of an annotation beside region and category. */
export const besides = ['attributes', 'texts', 'crowd'] as const;
export type Beside = (typeof besides)[number];

/**
 * A note about what of an annotation has no place in a format that holds no more than `held`; null
 * where all has.
 */
export function leftOutNote(
  { exportId, annotation, texts }: SourceAnnotation,
  { fileName }: SourceImage,
  held: readonly Beside[],
): WrittenNote | null {
  const has: Readonly<Record<Beside, boolean>> = {
    attributes: Object.keys(annotation.attributes).length > 0,
    texts: texts.length > 0,
    crowd: annotation.crowd,
  };
  const what = besides.filter((beside) => has[beside] && !held.includes(beside));
  if (what.length === 0) return null;
  return {
    what: annotationName(fileName, exportId),
    section: 'annotations',
    isLoss: false,
    problem: leftOutFailure('invalid-input', 'besidesLeftOut', { what }),
  };
}

interface WrittenWithProblems {
  readonly annotation: SourceAnnotation;
  readonly problems: readonly Pick<WrittenNote, 'isLoss' | 'problem'>[];
}

/**
 * Notes the problems of a region that a format draws, and, where it is drawn at all, what beside
 * it has no place.
 */
export function noteWritten(
  { annotation, problems }: WrittenWithProblems,
  image: SourceImage,
  held: readonly Beside[],
  note: (note: WrittenNote) => void,
): void {
  const what = annotationName(image.fileName, annotation.exportId);
  for (const { isLoss, problem } of problems) {
    note({ what, section: 'annotations', isLoss, problem });
  }
  const left = leftOutNote(annotation, image, held);
  if (left && problems.every(({ isLoss }) => !isLoss)) note(left);
}

/** How a {@link WrittenNote} names an annotation. */
export function annotationName(fileName: string, exportId: number): string {
  return `${fileName}, annotation ${exportId}`;
}
