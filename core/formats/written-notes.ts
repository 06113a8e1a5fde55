import type { AppError } from '../errors.ts';
import { measuredMask } from '../geometry/region.ts';
import type { Ring, Rle } from '../geometry/shapes.ts';
import { isLabelled, keypointsOf, skeletonOf } from '../project/keypoints.ts';
import type { Annotation, Geometry, ImageRecord, Keypoint } from '../records.ts';
import type { RowText, SourceAnnotation, SourceImage, WrittenNote } from './dataset-row.ts';

/** A note about an image. */
export function imageNote(
  { fileName }: SourceImage,
  isLoss: boolean,
  problem: AppError,
): WrittenNote {
  return { what: fileName, section: 'images', isLoss, problem };
}

/** A note about an annotation of an image. */
export function annotationNote(
  { fileName }: SourceImage,
  { exportId }: SourceAnnotation,
  isLoss: boolean,
  problem: AppError,
): WrittenNote {
  const what = `${fileName}, annotation ${exportId}`;
  return { what, section: 'annotations', isLoss, problem };
}

/** The one ring of a polygon that has neither holes nor further parts; null for everything else. */
export function soleRing(geometry: Geometry): Ring | null {
  if (geometry.kind !== 'polygon' || geometry.parts.length !== 1) return null;
  const [part] = geometry.parts;
  return part!.holes.length === 0 ? part!.outer : null;
}

/** The keypoints of an annotation; null where none is set, or its category has not as many. */
export function writtenKeypoints({
  annotation,
  category,
}: SourceAnnotation): readonly Keypoint[] | null {
  const keypoints = keypointsOf(annotation);
  const skeleton = category && skeletonOf(category.category);
  const isFitting = skeleton?.keypoints.length === keypoints?.length;
  return isFitting && keypoints?.some(isLabelled) ? keypoints : null;
}

/** The pixels of an annotation; null when it covers none. */
export function pixelsOf({ geometry }: Annotation, { width, height }: ImageRecord): Rle | null {
  const mask = measuredMask(geometry, width, height);
  return mask.area > 0 ? mask.rle : null;
}

/** Texts as they stand in a file: without what only a project needs. */
export function writtenTexts(texts: readonly RowText[]): object[] {
  return texts.map((text) =>
    text.kind === 'question'
      ? { kind: text.kind, question: text.question, choices: text.choices, answer: text.answer }
      : { kind: text.kind, text: text.text },
  );
}
