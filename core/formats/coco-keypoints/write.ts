import { cocoSkeleton, skeletonOf } from '../../project/keypoints.ts';
import { writeSegmentation, type SegmentationOptions } from '../coco/profiles.ts';
import { cocoCategory, cocoImage, cocoStart } from '../coco-written.ts';
import type { DatasetOutput } from '../dataset-files.ts';
import type {
  DatasetSource,
  RowShape,
  SourceAnnotation,
  SourceCategory,
  SourceImage,
  WrittenNote,
} from '../dataset-row.ts';
import { jsonListPieces } from '../json-pieces.ts';
import { isObject, listOf, otherKeys } from '../json-values.ts';
import { regionProblem } from '../region-sentences.ts';
import {
  annotationNote,
  imageNote,
  pixelsOf,
  writtenKeypoints,
  writtenTexts,
} from '../written-notes.ts';
import { keypointsProblem } from './sentences.ts';

type Note = (note: WrittenNote) => void;

const annotationKeys = [
  ...['id', 'image_id', 'category_id', 'segmentation', 'area', 'bbox', 'iscrowd', 'ignore'],
  ...['attributes', 'texts', 'caption', 'box_only', 'keypoints', 'num_keypoints'],
];

/** Writes one file; Datumaro wants it to be named `person_keypoints_<subset>.json`. */
export async function writeKeypoints(
  source: DatasetSource,
  _options: object,
  output: DatasetOutput,
  note: Note,
): Promise<void> {
  await output.stream('person_keypoints.json', pieces(source, note));
}

function* pieces(source: DatasetSource, note: Note): Generator<string, void> {
  yield cocoStart(source);
  const categories = source.categories.map((each) => ({
    ...cocoCategory(each),
    ...(cocoSkeleton(each.category) ?? { keypoints: keypointNames(each), skeleton: [] }),
  }));
  yield* jsonListPieces('"categories":[', categories, '],\n');
  yield* jsonListPieces('"images":[', imageRows(source, note), '],\n');
  yield* jsonListPieces('"annotations":[', annotationRows(source, note), ']}\n');
}

function* imageRows(source: DatasetSource, note: Note): Generator<object, void> {
  for (const image of source.images()) {
    const count = image.texts.length;
    if (count > 0) note(imageNote(image, false, regionProblem('writtenTextsLeft', { count })));
    yield cocoImage(image);
  }
}

function* annotationRows(source: DatasetSource, note: Note): Generator<object, void> {
  for (const image of source.images()) {
    for (const written of image.annotations()) {
      const problem = reasonAgainst(written, image);
      if (problem) note(annotationNote(image, written, true, problem));
      else yield annotationRow(written, image, note);
    }
  }
}

/** A category without names for keypoints cannot be read as one that has some. */
function reasonAgainst({ annotation, category }: SourceAnnotation, { image }: SourceImage) {
  if (category === null) return regionProblem('writtenWithoutCategory', {});
  if (keypointNames(category).length === 0) {
    return keypointsProblem('keypointsUndefined', { category: category.category.name });
  }
  const isBox = annotation.geometry.kind === 'box';
  return isBox || pixelsOf(annotation, image) ? null : regionProblem('writtenEmpty', {});
}

function annotationRow(written: SourceAnnotation, image: SourceImage, note: Note): object {
  const { annotation, category, exportId, texts } = written;
  const { width, height } = image.image;
  const { geometry, extra } = annotation;
  const isBox = geometry.kind === 'box';
  const region = isBox ? null : writeSegmentation(geometry, width, height, segmentationOf(written));
  const count = 3 * keypointNames(category!).length;
  const set = writtenKeypoints(written)?.flat();
  const kept = set ?? listOf(extra['keypoints']);
  const isKept = kept.length === count && kept.every(Number.isFinite);
  if (!isKept) note(annotationNote(image, written, false, keypointsProblem('keypointsUnset', {})));
  const keypoints = isKept ? (kept as number[]) : new Array<number>(count).fill(0);
  const attributes = {
    ...(isObject(extra['attributes']) && extra['attributes']),
    ...annotation.attributes,
  };
  return {
    ...otherKeys(extra, annotationKeys),
    id: exportId,
    image_id: image.exportId,
    category_id: category!.exportId,
    segmentation: region?.segmentation ?? [],
    area: region?.decoded.area ?? annotation.area,
    bbox: region?.decoded.bbox ?? annotation.bbox,
    iscrowd: annotation.crowd ? 1 : 0,
    keypoints,
    num_keypoints: keypoints.filter((value, index) => index % 3 === 2 && value > 0).length,
    ...(texts.length > 0 && { texts: writtenTexts(texts) }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
}

/** Plain outlines stay outlines; what has holes, and masks, become RLE, which is exact. */
function segmentationOf({ annotation: { geometry } }: SourceAnnotation): SegmentationOptions {
  const isPlain =
    geometry.kind === 'polygon' && geometry.parts.every(({ holes }) => holes.length === 0);
  return { profile: isPlain ? 'training' : 'evaluation', holes: 'keyhole', tolerance: 0 };
}

function keypointNames({ category }: SourceCategory): readonly unknown[] {
  return skeletonOf(category)?.keypoints ?? listOf(category.extra['keypoints']);
}

/** A box, or what a reader decodes from the segmentation. */
export function keypointsShape(written: SourceAnnotation, image: SourceImage): RowShape | null {
  if (reasonAgainst(written, image) !== null) return null;
  const { geometry } = written.annotation;
  if (geometry.kind === 'box') return geometry;
  const { width, height } = image.image;
  const { decoded } = writeSegmentation(geometry, width, height, segmentationOf(written));
  return { kind: 'mask', rle: decoded.rle };
}
