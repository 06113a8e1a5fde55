import { existsSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { z } from 'zod';
import { AppError, toErrorEnvelope } from '../../../core/errors.ts';
import { decodeSegmentation } from '../../../core/formats/coco/segmentation.ts';
import { readJsonRows } from '../../../core/formats/json-stream.ts';
import { rleArea } from '../../../core/geometry/rle.ts';
import type {
  CategoryFrequencies,
  EvaluationImage,
  Target,
} from '../../../models/evaluation/targets.ts';
import type { LeftOut } from '../../api/contract/jobs.ts';
import { openText } from '../annotation/coco-boxes.ts';

const imageSchema = z.looseObject({
  id: z.number(),
  file_name: z.string(),
  width: z.number().int().min(1),
  height: z.number().int().min(1),
  split: z.string().optional(),
});
const categorySchema = z.looseObject({ id: z.number(), name: z.string() });
const annotationSchema = z.looseObject({
  id: z.number(),
  image_id: z.number(),
  category_id: z.number(),
  iscrowd: z.union([z.number(), z.boolean()]).optional(),
});

export interface EvaluationDataset {
  /** In the file's order. */
  readonly targets: readonly Target[];
  /** In the file's order of categories. */
  readonly frequencies: CategoryFrequencies;
  readonly skipped: readonly LeftOut[];
}

/**
 * The ground truth of a COCO file, without crowds. A photo is `images/file_name`, else `images/` and its last part.
 * @param split keep only images whose `split` is this; null keeps all.
 * @throws AppError `not-found`, `dataset-invalid` when no usable object is left.
 */
export async function readEvaluationDataset(
  file: string,
  images: string,
  split: string | null,
): Promise<EvaluationDataset> {
  const photos = new Map<number, z.infer<typeof imageSchema>>();
  const categories = new Map<number, string>();
  const annotations: z.infer<typeof annotationSchema>[] = [];
  for await (const row of readJsonRows(openText(file))) {
    const value = 'value' in row ? row.value : null;
    if (row.section === 'images') {
      const photo = imageSchema.safeParse(value).data;
      if (photo && (split === null || photo.split === split)) photos.set(photo.id, photo);
    } else if (row.section === 'categories') {
      const category = categorySchema.safeParse(value).data;
      if (category) categories.set(category.id, category.name);
    } else if (row.section === 'annotations') {
      const annotation = annotationSchema.safeParse(value).data;
      if (annotation && !annotation.iscrowd) annotations.push(annotation);
    }
  }
  const skipped: LeftOut[] = [];
  const located = locatePhotos(photos.values(), images, skipped);
  const targets = annotations.flatMap((annotation) => {
    const image = located.get(annotation.image_id);
    return image ? (readTarget(annotation, image, categories, skipped) ?? []) : [];
  });
  if (targets.length === 0) {
    throw new AppError(
      'dataset-invalid',
      `${file} has no object to evaluate on${split ? ` in the split "${split}"` : ''}; ` +
        `${skipped.length} rows could not be used` +
        `${skipped[0] ? `, the first because ${skipped[0].what}: ${skipped[0].reason}` : ''}.`,
      { file },
    );
  }
  return { targets, frequencies: countByCategory(annotations, categories), skipped };
}

function countByCategory(
  annotations: readonly z.infer<typeof annotationSchema>[],
  categories: ReadonlyMap<number, string>,
): CategoryFrequencies {
  const counts = new Map([...categories.values()].map((name) => [name, 0]));
  for (const { category_id: id } of annotations) {
    const name = categories.get(id);
    if (name !== undefined) counts.set(name, counts.get(name)! + 1);
  }
  return counts;
}

function locatePhotos(
  photos: Iterable<z.infer<typeof imageSchema>>,
  folder: string,
  skipped: LeftOut[],
): Map<number, EvaluationImage> {
  const located = new Map<number, EvaluationImage>();
  for (const { id, file_name: name, width, height } of photos) {
    const file = [join(folder, name), join(folder, basename(name))].find((path) =>
      existsSync(path),
    );
    if (file) located.set(id, { file, width, height });
    else skipped.push({ what: `image ${id}`, reason: `there is no ${name} in ${folder}` });
  }
  return located;
}

function readTarget(
  annotation: z.infer<typeof annotationSchema>,
  image: EvaluationImage,
  categories: ReadonlyMap<number, string>,
  skipped: LeftOut[],
): Target | null {
  const { id, category_id: categoryId, segmentation } = annotation;
  try {
    const category = categories.get(categoryId);
    if (category === undefined) throw new AppError('invalid-input', 'its category is unknown');
    const rle = decodeSegmentation(segmentation, image.width, image.height);
    const area = rleArea(rle);
    if (area === 0) throw new AppError('invalid-input', 'its mask is empty');
    return { id, image, category, rle, area };
  } catch (thrown) {
    skipped.push({ what: `annotation ${id}`, reason: toErrorEnvelope(thrown).message });
    return null;
  }
}

/** What each of several files is called in a table: its name, or its path where another one has the same name. */
export function setNames(files: readonly string[]): Map<string, string> {
  const nameOf = (file: string) => basename(file, extname(file));
  const alike = Map.groupBy(new Set(files), nameOf);
  return new Map(
    files.map((file) => [file, alike.get(nameOf(file))!.length > 1 ? file : nameOf(file)]),
  );
}
