import { imageStates, type ImageState } from '../../core/records.ts';
import type { Database } from '../database.ts';
import type { CategoryCount, ProjectCounts } from '../project.ts';

/** Annotations and images of every category, the most frequent first; read from a covering index. */
export function countCategories(database: Database): CategoryCount[] {
  return database.all(
    `SELECT category.id AS categoryId, count(annotation.id) AS annotations,
       count(DISTINCT image_id) AS images
     FROM category LEFT JOIN annotation ON category_id = category.id GROUP BY category.id
     UNION ALL
     SELECT NULL, count(*), count(DISTINCT image_id)
     FROM annotation WHERE category_id IS NULL HAVING count(*) > 0
     ORDER BY annotations DESC, categoryId`,
  );
}

/** Counts the project by covering indexes where there is one; areas read every annotation's row. */
export function countProject(database: Database): ProjectCounts {
  const states = database.all<{ state: ImageState; images: number }>(
    'SELECT state, count(*) AS images FROM image GROUP BY state',
  );
  return {
    images: Object.fromEntries(
      imageStates.map((state) => [state, states.find((row) => row.state === state)?.images ?? 0]),
    ) as Record<ImageState, number>,
    categories: countCategories(database),
    areas: database.all(
      `SELECT 1 << CAST(log2(area) AS INTEGER) AS "from", count(*) AS annotations
       FROM annotation WHERE area >= 1 GROUP BY 1 ORDER BY 1`,
    ),
    perImage: database.all(
      `SELECT annotation_count AS annotations, count(*) AS images
       FROM image GROUP BY annotation_count ORDER BY annotation_count`,
    ),
  };
}

/**
 * Images that a model can learn from: with a region that has a category and an outline, and done; where none is done, in
 * any state.
 */
export function countTrainable(database: Database): number {
  const sql = (states: string) => `SELECT count(*) AS images FROM image WHERE ${states}
    EXISTS (SELECT 1 FROM annotation WHERE image_id = image.id AND category_id IS NOT NULL
      AND json_extract(geometry, '$.kind') <> 'box')`;
  const isAnyDone = database.get("SELECT 1 FROM image WHERE state = 'done' LIMIT 1") !== undefined;
  return database.get<{ images: number }>(sql(isAnyDone ? "state = 'done' AND" : ''))!.images;
}
