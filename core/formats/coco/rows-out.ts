import type { Category, ImageRecord } from '../../records.ts';
import { cocoKeypoints, cocoSkeleton } from '../../project/keypoints.ts';
import type { RowText } from '../dataset-row.ts';
import type { ExportedAnnotation } from '../export-source.ts';
import {
  writeSegmentation,
  type SegmentationOptions,
  type WrittenSegmentation,
} from './profiles.ts';
import { isObject, otherKeys } from '../json-values.ts';
import { knownKeys } from './row.ts';
import { regionWithoutPixels } from '../region-without-pixels.ts';

/** A row of `images`. `state` and `split` are ours; readers pass over keys they do not know. */
export function imageRow(exportId: number, image: ImageRecord, fileName: string): object {
  return {
    id: exportId,
    file_name: fileName,
    width: image.width,
    height: image.height,
    state: image.state,
    ...(image.split && { split: image.split }),
    ...otherKeys(image.extra, knownKeys.image),
  };
}

/** A row of `categories`. */
export function categoryRow(exportId: number, category: Category, supercategory: string): object {
  return {
    id: exportId,
    name: category.name,
    supercategory,
    ...otherKeys(category.extra, knownKeys.category),
    ...cocoSkeleton(category),
  };
}

/**
 * A row of `annotations`, its segmentation, and the IoU of its mask with the original. Area and box
 * are those of the mask that pycocotools decodes from the row, except for a box that was drawn as a
 * box, which stays what it was. Never has the key `ignore`, which stops some readers.
 * @throws AppError `invalid-input` whose message is a clause about why it cannot be written.
 */
export function annotationRow(
  { exportId, imageExportId, categoryExportId, annotation, texts }: ExportedAnnotation,
  { width, height }: { readonly width: number; readonly height: number },
  options: SegmentationOptions,
): { row: object; segmentation: WrittenSegmentation['segmentation']; iou: number } {
  const { geometry } = annotation;
  const { segmentation, decoded, iou } = writeSegmentation(geometry, width, height, options);
  const { area, bbox } = decoded;
  if (area === 0) throw regionWithoutPixels(geometry);
  const row = {
    id: exportId,
    image_id: imageExportId,
    category_id: categoryExportId,
    segmentation,
    area: geometry.kind === 'box' ? annotation.area : area,
    bbox: geometry.kind === 'box' ? geometry.box : bbox,
    iscrowd: annotation.crowd ? 1 : 0,
    ...(geometry.kind === 'box' && { box_only: true }),
    ...textKeys(texts),
    ...attributeKeys(annotation),
    ...otherKeys(annotation.extra, keysNotTaken),
    ...cocoKeypoints(annotation),
  };
  return { row, segmentation, iou };
}

/** Of what an annotation has besides. */
const keysNotTaken = [...knownKeys.annotation, 'ignore'];

/** The descriptions among texts. */
export function captionsOf(texts: readonly RowText[]): string[] {
  return texts.flatMap((text) => (text.kind === 'description' ? [text.text] : []));
}

/** `caption` is the first description; `texts` follows when that is not all. */
function textKeys(texts: readonly RowText[]): { caption?: string; texts?: object[] } {
  if (texts.length === 0) return {};
  const [caption] = captionsOf(texts);
  const isAll = texts.length === 1 && caption !== undefined;
  return {
    ...(caption !== undefined && { caption }),
    ...(!isAll && { texts: [...texts] }),
  };
}

/** Our attributes and those of imported files whose values we do not model. */
function attributeKeys({ attributes, extra }: ExportedAnnotation['annotation']): {
  attributes?: object;
} {
  const unknown = isObject(extra['attributes']) ? extra['attributes'] : {};
  const all = { ...unknown, ...attributes };
  return Object.keys(all).length > 0 ? { attributes: all } : {};
}
