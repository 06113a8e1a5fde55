import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { exportDataset } from '../dataset/dataset-export.ts';
import { locateImage } from '../images/image-files.ts';
import type { JobContext } from '../../jobs/job-kind.ts';
import { AppError, toErrorEnvelope } from '../../../core/errors.ts';
import type { ImageRecord, ImageState } from '../../../core/records.ts';
import { minTrainingImages } from '../../../core/training.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import type { LeftOut } from '../../api/contract/jobs.ts';

/**
 * The labels of a project, ready to train on: a COCO file with absolute paths of photos and a
 * split.
 */
export interface LabelledImages {
  readonly file: string;
  /** sha256 of the labels; equal when nothing has changed that training would see. */
  readonly fingerprint: string;
  readonly training: number;
  readonly heldOut: number;
  readonly annotations: number;
  readonly skipped: readonly LeftOut[];
}

const cocoSchema = z.object({
  images: z.array(z.looseObject({ id: z.number(), width: z.number(), height: z.number() })),
  annotations: z.array(
    z.looseObject({ id: z.number(), image_id: z.number(), box_only: z.boolean().optional() }),
  ),
  categories: z.array(z.looseObject({ id: z.number() })),
});

/**
 * Of the images with masks, when the project does not say itself which are for validation or test.
 */
const heldOutShare = 0.15;

/**
 * Exports the images that a person is done with, or, where none is marked so, all that have
 * annotations; images reviewed as empty come along as negatives. Objects with a box but no mask
 * are left out: a filled box is no mask to learn.
 * @throws AppError `invalid-input` when too little is labelled, and what the export throws
 */
export async function writeLabelledImages(
  database: ProjectDatabase,
  folder: string,
  context: JobContext,
): Promise<LabelledImages> {
  const records = new Map([...database.exportImages()].map((row) => [row.exportId, row.image]));
  const exported = join(folder, 'exported.json');
  const states: ImageState[] = ['done', 'reviewed-empty'];
  const isAnyDone = [...records.values()].some(({ state }) => state === 'done');
  const report = await exportDataset(
    database,
    { path: exported, format: 'coco', states: isAnyDone ? states : undefined },
    context,
  );
  const coco = cocoSchema.parse(JSON.parse(await readFile(exported, 'utf8')));
  await rm(exported);

  const skipped: LeftOut[] = report.skipped.filter(({ section }) => section === 'annotations');
  const masks = coco.annotations.filter(({ id, box_only: isBoxOnly }) => {
    if (isBoxOnly) skipped.push({ what: `annotation ${id}`, reason: 'it is a box without a mask' });
    return !isBoxOnly;
  });
  const masked = new Set(masks.map(({ image_id: id }) => id));
  const isKnownEmpty = (id: number) => records.get(id)!.state === 'reviewed-empty';
  const usable = coco.images.filter(({ id }) => masked.has(id) || isKnownEmpty(id));
  const paths = await locateImages(database, records, usable, skipped);
  const images = usable.filter(({ id }) => paths.has(id));
  const annotations = masks.filter(({ image_id: id }) => paths.has(id));
  const withMasks = new Set(annotations.map(({ image_id: id }) => id));
  if (withMasks.size < minTrainingImages) {
    throw new AppError(
      'invalid-input',
      `${database.name} has ${withMasks.size} images with masks to learn from; expected at least ${minTrainingImages}. ` +
        'Label more, and mark them as done.',
    );
  }
  const heldOut = chooseHeldOut(
    images.map(({ id }) => [id, records.get(id)!]),
    withMasks,
  );
  if (heldOut.size === withMasks.size) {
    throw new AppError(
      'invalid-input',
      `Every image of ${database.name} with masks is for validation or test; expected some to learn from.`,
    );
  }
  const rows = images.map((image) => ({
    ...image,
    file_name: paths.get(image.id)!,
    split: heldOut.has(image.id) ? 'dev' : 'train',
  }));
  const text = JSON.stringify({ images: rows, annotations, categories: coco.categories });
  const file = join(folder, 'dataset.json');
  await writeFile(file, text);
  return {
    file,
    fingerprint: createHash('sha256').update(text).digest('hex'),
    training: images.length - heldOut.size,
    heldOut: heldOut.size,
    annotations: annotations.length,
    skipped,
  };
}

async function locateImages(
  database: ProjectDatabase,
  records: ReadonlyMap<number, ImageRecord>,
  images: z.infer<typeof cocoSchema>['images'],
  skipped: LeftOut[],
): Promise<ReadonlyMap<number, string>> {
  const paths = new Map<number, string>();
  for (const { id } of images) {
    try {
      paths.set(id, await locateImage(database, records.get(id)!));
    } catch (thrown) {
      skipped.push({ what: records.get(id)!.path, reason: toErrorEnvelope(thrown).message });
    }
  }
  return paths;
}

/**
 * The project's images for validation and test. Where it has none, a share of those with masks,
 * chosen by content so that an image mostly stays on its side while more are labelled.
 */
function chooseHeldOut(
  images: readonly (readonly [id: number, record: ImageRecord])[],
  withMasks: ReadonlySet<number>,
): ReadonlySet<number> {
  const isForMeasuring = ({ split }: ImageRecord) => split === 'validation' || split === 'test';
  const chosen = images.filter(([id, record]) => isForMeasuring(record) && withMasks.has(id));
  if (chosen.length > 0) return new Set(chosen.map(([id]) => id));
  const bySha = images
    .filter(([id]) => withMasks.has(id))
    .toSorted(([, a], [, b]) => (a.sha256 < b.sha256 ? -1 : 1));
  const number = Math.max(1, Math.round(heldOutShare * bySha.length));
  return new Set(bySha.slice(0, number).map(([id]) => id));
}
