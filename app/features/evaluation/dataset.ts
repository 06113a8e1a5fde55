import { existsSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { AppError, toErrorEnvelope } from '../../../core/errors.ts';
import { readDataset } from '../../files/read-dataset.ts';
import type { AnnotationRow, ImageRow } from '../../../core/formats/dataset-row.ts';
import { readShape } from '../../../core/formats/row-shape.ts';
import { geometryRle } from '../../../core/geometry/region.ts';
import type {
  CategoryFrequencies,
  EvaluationImage,
  Target,
} from '../../../models/evaluation/targets.ts';
import type { LeftOut } from '../../api/contract/jobs.ts';

export interface EvaluationDataset {
  /** In the file's order. */
  readonly targets: readonly Target[];
  /** In the file's order of categories. */
  readonly frequencies: CategoryFrequencies;
  readonly skipped: readonly LeftOut[];
}

/**
 * The ground truth of a dataset, without crowds. A photo is `images/file name`, else `images/` and
 * its last part.
 * @param split keep only images whose split is this, as the dataset says it; null keeps all.
 * @throws AppError `not-found`, `dataset-invalid` when no usable object is left.
 */
export async function readEvaluationDataset(
  path: string,
  images: string,
  split: string | null,
): Promise<EvaluationDataset> {
  const photos = new Map<string, EvaluationImage>();
  const frequencies = new Map<string, number>();
  const targets: Target[] = [];
  const skipped: LeftOut[] = [];
  for await (const row of readDataset(path)) {
    if (row.kind === 'image' && (split === null || isInSplit(row, split))) {
      const photo = locatePhoto(row, images, skipped);
      if (photo) photos.set(row.key, photo);
    } else if (row.kind === 'category') {
      frequencies.set(row.name, frequencies.get(row.name) ?? 0);
    } else if (row.kind === 'annotation' && row.category !== null && !row.crowd) {
      frequencies.set(row.category, (frequencies.get(row.category) ?? 0) + 1);
      const image = photos.get(row.image);
      const target = image && readTarget(row, image, targets.length + 1, skipped);
      if (target) targets.push(target);
    } else if (row.kind === 'note' && row.isLoss) {
      skipped.push({ what: row.place, reason: row.problem.message });
    }
  }
  if (targets.length === 0) {
    throw new AppError(
      'dataset-invalid',
      `${path} has no object to evaluate on${split ? ` in the split "${split}"` : ''}; ` +
        `${skipped.length} rows could not be used` +
        `${skipped[0] ? `, the first because ${skipped[0].what}: ${skipped[0].reason}` : ''}.`,
      { file: path },
    );
  }
  return { targets, frequencies, skipped };
}

function isInSplit({ split, splitName }: ImageRow, wanted: string): boolean {
  return splitName === wanted || split === wanted;
}

function locatePhoto(
  { fileName, size, key }: ImageRow,
  folder: string,
  skipped: LeftOut[],
): EvaluationImage | null {
  const file = [join(folder, fileName), join(folder, basename(fileName))].find((path) =>
    existsSync(path),
  );
  if (file && size) return { id: key, file, ...size };
  const reason = file ? 'its size is unknown' : `there is no ${fileName} in ${folder}`;
  skipped.push({ what: `image ${key}`, reason });
  return null;
}

function readTarget(
  { id, category, shape, unit = 'pixel', place }: AnnotationRow,
  image: EvaluationImage,
  next: number,
  skipped: LeftOut[],
): Target | null {
  try {
    if (shape.kind !== 'polygon' && shape.kind !== 'mask') {
      throw new AppError('invalid-input', `it is a ${shape.kind} without a mask`);
    }
    const { geometry, area } = readShape(shape, unit, image, null, () => undefined);
    const rle = geometryRle(geometry, image.width, image.height);
    return { id: id ?? next, image, category: category!, rle, area };
  } catch (thrown) {
    const what = id === undefined ? place : `annotation ${id}`;
    skipped.push({ what, reason: toErrorEnvelope(thrown).message });
    return null;
  }
}

/** The label of a file in a table: its name, or its path if another file has the same name. */
export function setNames(files: readonly string[]): Map<string, string> {
  const nameOf = (file: string) => basename(file, extname(file));
  const alike = Map.groupBy(new Set(files), nameOf);
  return new Map(
    files.map((file) => [file, alike.get(nameOf(file))!.length > 1 ? file : nameOf(file)]),
  );
}
