import { isDraftItem } from '../../../../core/authoring/draft-items.ts';
import { enclosesPixels, geometryBox, geometryRle } from '../../../../core/geometry/region.ts';
import type { Rle } from '../../../../core/geometry/shapes.ts';
import type { Annotation, ImageRecord, Item } from '../../../../core/records.ts';
import type { ScoredItem, TruthObject } from '../../../../core/scores/scored-item.ts';
import { scoreTask, type ScoreTaskId } from '../../../../core/scores/tasks/registry.ts';
import { taskOf } from '../../../../core/tasks/registry.ts';
import type { ProjectDatabase } from '../../../../db/project-database.ts';
import { imageSource } from '../../images/image-files.ts';
import type { Distractor, GivenTruth } from './truth.ts';

/**
 * The items of a project that a task can score, in export order. Detection and segmentation score
 * every photo that has regions or was reviewed as empty.
 */
export function projectTruth(database: ProjectDatabase, task: ScoreTaskId): GivenTruth {
  const images = new Map<string, ImageRecord>();
  for (const { image } of database.exportImages()) images.set(image.id, image);
  const imageOf = new Map<string, ImageRecord>();
  const { truth } = scoreTask(task);
  const items: ScoredItem[] = [];
  const add = (item: ScoredItem, image: ImageRecord) => {
    items.push(item);
    imageOf.set(item.id, image);
  };
  const categories = database.categories();
  if (truth === 'objects') {
    const names = new Map(categories.map(({ id, name }) => [id, name]));
    for (const image of images.values()) {
      const item = photoItem(image, database.annotations(image.id), names, task);
      if (item) add(item, image);
    }
  } else {
    for (const item of database.exportItems()) {
      if (isDraftItem(item)) continue;
      const image = images.get(item.imageId)!;
      const scored = scoredItem(database, item, image, task);
      if (scored) add(scored, image);
    }
  }
  return {
    name: database.name,
    items,
    skipped: [],
    categories: truth === 'objects' ? categories.map(({ name }) => name) : [],
    photoOf: (item) => imageSource(database, imageOf.get(item.id)!),
    imageIdOf: (item) => imageOf.get(item.id)!.id,
    distractorsOf: (item) => regionsOf(database, imageOf.get(item.id)!),
  };
}

function regionsOf(database: ProjectDatabase, image: ImageRecord): Distractor[] {
  return database
    .annotations(image.id)
    .filter(({ geometry }) => enclosesPixels(geometry))
    .map((annotation) => ({ annotationId: annotation.id, rle: maskOf(annotation, image) }));
}

function maskOf({ geometry }: Annotation, { width, height }: ImageRecord): Rle {
  return geometryRle(geometry, width, height);
}

function photoItem(
  image: ImageRecord,
  annotations: readonly Annotation[],
  names: ReadonlyMap<string, string>,
  task: ScoreTaskId,
): ScoredItem | null {
  const { id, path, width, height } = image;
  const objects = annotations.flatMap((annotation): TruthObject[] => {
    const category = annotation.categoryId === null ? undefined : names.get(annotation.categoryId);
    const { geometry, area, crowd } = annotation;
    if (category === undefined || !enclosesPixels(geometry)) return [];
    const region =
      task === 'detection'
        ? { kind: 'box' as const, box: geometryBox(geometry, width, height) }
        : { kind: 'mask' as const, rle: maskOf(annotation, image) };
    return [{ category, region, area, crowd }];
  });
  if (objects.length === 0 && image.state !== 'reviewed-empty') return null;
  return { id, image: path, width, height, prompts: [], truth: { kind: 'objects', objects } };
}

function scoredItem(
  database: ProjectDatabase,
  item: Item,
  image: ImageRecord,
  task: ScoreTaskId,
): ScoredItem | null {
  const masksOf = (role: 'prompt' | 'target') =>
    item.segments
      .filter((segment) => segment.role === role)
      .flatMap(({ annotationId }) => {
        const annotation = database.annotation(annotationId);
        return annotation ? [maskOf(annotation, image)] : [];
      });
  const { truth: scored, needsTargets = false } = scoreTask(task);
  const own = taskOf(item.task).truth;
  if (own?.kind !== scored) return null;
  const prompts = masksOf('prompt');
  const targets = masksOf('target');
  if (needsTargets && targets.length === 0) return null;
  const truth = own.of(item.content, item.segments, targets);
  if (truth === null) return null;
  const isOfRegion = truth.kind === 'text' || truth.kind === 'choice';
  if (isOfRegion && prompts.length === 0) return null;
  const { path, width, height } = image;
  return { id: item.id, image: path, width, height, prompts, truth };
}
