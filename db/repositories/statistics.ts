import { imageStates, type ImageState } from '../../core/records.ts';
import type { Database } from '../database.ts';
import type { CategoryCount, ImageCount, ProjectCounts } from '../project.ts';
import type { RecordId } from '../../core/records.ts';

/** Annotations and images of every category, the most frequent first. */
export function countCategories(database: Database): CategoryCount[] {
  return database.all(
    `SELECT category.id AS categoryId, coalesce(annotations, 0) AS annotations, coalesce(images, 0) AS images
     FROM category LEFT JOIN category_count ON category_id = category.id
     UNION ALL
     SELECT NULL, annotations, images FROM category_count WHERE category_id = ''
     ORDER BY annotations DESC, categoryId`,
  );
}

/** The images that have annotations of a category, and how many, along the index. */
export function countImagesOf(database: Database, categoryId: RecordId | null): ImageCount[] {
  return database.all(
    `SELECT image_id AS imageId, count(*) AS annotations
     FROM annotation WHERE category_id IS :categoryId GROUP BY image_id`,
    { categoryId },
  );
}

/**
 * Counts the project: images by covering indexes, annotations by the counts that are kept of them.
 */
export function countProject(database: Database): ProjectCounts {
  const states = database.all<{ state: ImageState; images: number }>(
    'SELECT state, count(*) AS images FROM image GROUP BY state',
  );
  return {
    images: Object.fromEntries(
      imageStates.map((state) => [state, states.find((row) => row.state === state)?.images ?? 0]),
    ) as Record<ImageState, number>,
    categories: countCategories(database),
    areas: database
      .all<{ power: number; annotations: number }>(
        'SELECT power, annotations FROM area_count WHERE power >= 0 ORDER BY power',
      )
      .map(({ power, annotations }) => ({ from: 2 ** power, annotations })),
    perImage: database.all(
      `SELECT annotation_count AS annotations, count(*) AS images
       FROM image GROUP BY annotation_count ORDER BY annotation_count`,
    ),
  };
}

/**
 * Images that a model can learn from: with a region that has a category and an outline, and done;
 * where none is done, in any state.
 */
export function countTrainable(database: Database): number {
  const isAnyDone = database.get("SELECT 1 FROM image WHERE state = 'done' LIMIT 1") !== undefined;
  const sql = `SELECT count(*) AS images FROM image
    WHERE outline_count > 0 ${isAnyDone ? "AND state = 'done'" : ''}`;
  return database.get<{ images: number }>(sql)!.images;
}
