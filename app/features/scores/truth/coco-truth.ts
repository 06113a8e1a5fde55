import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AppError } from '../../../../core/errors.ts';
import { readCocoRegion } from '../../../../core/formats/coco-region.ts';
import type { RowShape } from '../../../../core/formats/dataset-row.ts';
import { readJsonRows } from '../../../../core/formats/json-stream.ts';
import { isObject, type JsonObject } from '../../../../core/formats/json-values.ts';
import { geometryRle } from '../../../../core/geometry/region.ts';
import { rleArea } from '../../../../core/geometry/rle.ts';
import { rleFromParts } from '../../../../core/geometry/coco-polygon.ts';
import type { Box, Rle } from '../../../../core/geometry/shapes.ts';
import type { Geometry } from '../../../../core/records.ts';
import type { CocoRegion } from '../../../../core/scores/coco-matches.ts';
import type { ScoredItem, TruthObject } from '../../../../core/scores/scored-item.ts';
import { fileSource, type ImageSource } from '../../../../models/image/image-source.ts';
import { openDataset } from '../../../files/dataset-on-disk.ts';
import { scoreFailure } from '../sentences.ts';
import type { GivenTruth } from './truth.ts';
import type { CocoTaskId } from '../../../../core/scores/tasks/registry.ts';

/** The categories of a COCO file by their ids, which results name. */
export interface CocoTruth extends GivenTruth {
  readonly categoryNames: ReadonlyMap<string, string>;
}

interface Photo {
  readonly fileName: string;
  readonly width: number;
  readonly height: number;
  readonly objects: TruthObject[];
}

/**
 * The photos and objects of a COCO file of instances, as pycocotools reads them: photos in the
 * order of their ids, areas and boxes as the file says. An item's id is its photo's.
 * @throws AppError `not-found`, `dataset-invalid`
 */
export async function cocoTruth(
  path: string,
  task: CocoTaskId,
  images: string | null,
): Promise<CocoTruth> {
  const files = await openDataset(path);
  if (files.given === null) {
    const expected = 'a COCO file of instances';
    throw scoreFailure('dataset-invalid', 'scoreFileUnfit', { name: path, task, expected });
  }
  const sections = { images: [], annotations: [], categories: [] } as Record<string, JsonObject[]>;
  const chunks = files.chunks(files.given);
  for await (const row of readJsonRows(chunks, { wanted: (section) => section in sections })) {
    if ('value' in row && row.index !== null && isObject(row.value)) {
      sections[row.section]!.push(row.value);
    }
  }
  const byId = (a: JsonObject, b: JsonObject) => Number(a['id']) - Number(b['id']);
  const categories = sections['categories']!.sort(byId);
  const categoryNames = new Map(categories.map(({ id, name }) => [String(id), String(name)]));
  const photos = new Map<string, Photo>();
  for (const { id, file_name: fileName, width, height } of sections['images']!.sort(byId)) {
    const size = { width: Number(width), height: Number(height) };
    photos.set(String(id), { fileName: String(fileName), ...size, objects: [] });
  }
  const skipped: { what: string; reason: string }[] = [];
  for (const row of sections['annotations']!) {
    const what = `annotation ${String(row['id'])}`;
    try {
      const photo = photos.get(String(row['image_id']));
      const category = categoryNames.get(String(row['category_id']));
      if (!photo) throw unfit(what, 'image_id', 'the id of an image of the file');
      if (category === undefined) throw unfit(what, 'category_id', 'the id of a category');
      photo.objects.push({
        category,
        ...regionOf(row, photo, task, what),
        crowd: Number(row['iscrowd'] ?? 0) === 1,
      });
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      skipped.push({ what, reason: thrown.message });
    }
  }
  const items = [...photos].map(([id, { fileName, width, height, objects }]): ScoredItem => {
    const truth = { kind: 'objects' as const, objects };
    return { id, image: fileName, width, height, prompts: [], truth };
  });
  return {
    name: basename(path),
    items,
    skipped,
    categories: [...categoryNames.values()],
    categoryNames,
    photoOf: (item) => photoIn(images, item.image),
  };
}

/** @throws AppError `not-found` */
export async function photoIn(folder: string | null, file: string): Promise<ImageSource> {
  if (folder === null) throw scoreFailure('invalid-input', 'scoreImagesMissing', {});
  const found = [join(folder, file), join(folder, basename(file))].find((path) => existsSync(path));
  if (found !== undefined) return fileSource(found);
  throw scoreFailure('not-found', 'scorePhotoMissing', { file, folder });
}

/**
 * The region of a row of COCO as pycocotools compares it, and its area: of truth what the file
 * says; of results that have a box, the box's, even where masks are compared (`COCO.loadRes`).
 * @throws AppError `dataset-invalid`
 */
export function regionOf(
  row: JsonObject,
  size: { readonly width: number; readonly height: number },
  task: CocoTaskId,
  place: string,
): { region: CocoRegion; area: number } {
  const { bbox, area: given } = row;
  const isBox = Array.isArray(bbox) && bbox.length === 4 && bbox.every(Number.isFinite);
  const box = isBox ? (bbox as unknown as Box) : null;
  if (task === 'detection') {
    if (box === null) throw unfit(place, 'bbox', '[x, y, width, height]');
    return { region: { kind: 'box', box }, area: areaOf(given, () => box[2] * box[3]) };
  }
  const shape = readCocoRegion(row, size, () => undefined);
  if (shape === null || (shape.kind === 'box' && box === null)) {
    throw unfit(place, 'segmentation', 'polygons or an RLE');
  }
  const rle = shapeRle(shape, size);
  const area = areaOf(given, () => (box === null ? rleArea(rle) : box[2] * box[3]));
  return { region: { kind: 'mask', rle }, area };
}

/** The pixels of a region of COCO, by the rules of pycocotools. @throws AppError `invalid-input` */
export function shapeRle(
  shape: RowShape,
  { width, height }: { width: number; height: number },
): Rle {
  if (shape.kind === 'polygon') return rleFromParts(shape.parts, width, height);
  const geometry: Geometry =
    shape.kind === 'polyline' ? { kind: 'polyline', points: [...shape.points] } : shape;
  return geometryRle(geometry, width, height);
}

function areaOf(given: unknown, measured: () => number): number {
  return typeof given === 'number' && Number.isFinite(given) ? given : measured();
}

function unfit(place: string, key: string, expected: string): AppError {
  return scoreFailure('dataset-invalid', 'scoreRowUnfit', { place, key, expected });
}
