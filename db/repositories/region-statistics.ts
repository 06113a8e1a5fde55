import { placeCells, type RegionStatistic } from '../../core/project/region-statistic.ts';
import type { RecordId } from '../../core/records.ts';
import type { Database, SqlParameters } from '../database.ts';
import type { RegionStatistics } from '../project.ts';

/** Categories whose pairs are counted: a table of more could not be read. */
const mostPaired = 12;
/** Images that one statistic names. */
const mostImages = 5000;
/** A pause that is longer was no work. */
const longestPauseMs = 5 * 60_000;

const lowScore = 0.5;
/** Standard deviations of the logarithm of the area. */
const farOut = 3;
/** Of so few, none can be told to be unusual. */
const fewestOfCategory = 20;
const duplicateIou = 0.9;

/** A column of JSON; a file of others may hold there what is none. */
const provenance = `CASE WHEN json_valid(provenance) THEN provenance ELSE '{}' END`;

/** COCO's classes of size. */
const sizeClass = `CASE WHEN area < 32 * 32 THEN 'small' WHEN area < 96 * 96 THEN 'medium' ELSE 'large' END`;
const cellOf = (start: string, side: string, whole: string) =>
  `min(max(CAST((annotation.${start} + annotation.${side} / 2) * ${placeCells} / image.${whole} AS INTEGER), 0), ${placeCells - 1})`;

const cells = `SELECT image.id AS image_id, ${sizeClass} AS size, ${cellOf('x', 'w', 'width')} AS column_index,
    ${cellOf('y', 'h', 'height')} AS row_index
  FROM annotation JOIN image ON image.id = annotation.image_id WHERE area > 0`;

const frequent = `SELECT category_id FROM category_count WHERE category_id <> ''
  ORDER BY annotations DESC, category_id LIMIT ${mostPaired}`;

/** Images of a kind of suspected label error. */
const suspects = {
  score: `SELECT image_id FROM annotation WHERE (${provenance}) ->> '$.score' < ${lowScore}`,
  size: `WITH usual AS (
      SELECT category_id, avg(ln(area)) AS middle,
        sqrt(max(avg(ln(area) * ln(area)) - avg(ln(area)) * avg(ln(area)), 0.01)) AS spread
      FROM annotation WHERE area > 0 AND category_id IS NOT NULL
      GROUP BY category_id HAVING count(*) >= ${fewestOfCategory})
    SELECT image_id FROM annotation JOIN usual USING (category_id)
    WHERE area > 0 AND abs(ln(area) - middle) > ${farOut} * spread`,
  // Boxes that have so much in common begin near each other; the index of boxes finds them.
  duplicate: `SELECT one.image_id FROM annotation AS one
    JOIN image ON image.id = one.image_id
    JOIN annotation_box AS near
      ON near.image_min <= image.export_id AND near.image_max >= image.export_id
      AND near.x_min <= one.x + one.w * 0.1 AND near.x_max >= one.x + one.w * 0.9
      AND near.y_min <= one.y + one.h * 0.1 AND near.y_max >= one.y + one.h * 0.9
    JOIN annotation AS other ON other.export_id = near.export_id
    WHERE other.export_id > one.export_id AND other.image_id = one.image_id
      AND other.category_id IS one.category_id AND one.area > 0 AND other.area > 0
      AND max(0, min(one.x + one.w, other.x + other.w) - max(one.x, other.x))
        * max(0, min(one.y + one.h, other.y + other.h) - max(one.y, other.y))
        * (1 + ${duplicateIou})
        > ${duplicateIou} * (one.w * one.h + other.w * other.h)`,
} as const;

/**
 * Statistics of regions besides their count; each number leads to images. Reads every annotation.
 */
export function regionStatistics(database: Database): RegionStatistics {
  const count = (sql: string) =>
    database.get<{ images: number }>(`SELECT count(DISTINCT image_id) AS images FROM (${sql})`)!
      .images;
  return {
    together: database.all(
      `WITH held AS (SELECT DISTINCT category_id, image_id FROM annotation WHERE category_id IN (${frequent}))
       SELECT one.category_id AS first, other.category_id AS second, count(*) AS images
       FROM held AS one JOIN held AS other USING (image_id)
       WHERE one.category_id <= other.category_id GROUP BY 1, 2`,
    ),
    places: database.all(
      `SELECT size, column_index AS "column", row_index AS "row", count(*) AS annotations
       FROM (${cells}) GROUP BY 1, 2, 3`,
    ),
    people: database.all(
      `WITH made AS (
         SELECT (${provenance}) ->> '$.by' AS id, count(*) AS annotations, count(DISTINCT image_id) AS images
         FROM annotation GROUP BY 1),
       pauses AS (
         SELECT person_id AS id, at_ms - lag(at_ms) OVER (PARTITION BY person_id ORDER BY id) AS pause
         FROM journal_step),
       worked AS (
         SELECT id, sum(CASE WHEN pause BETWEEN 0 AND ${longestPauseMs} THEN pause ELSE 0 END) AS ms
         FROM pauses GROUP BY id)
       SELECT person.id, name, coalesce(annotations, 0) AS annotations, coalesce(images, 0) AS images,
         coalesce(ms, 0) AS workedMs
       FROM person LEFT JOIN made USING (id) LEFT JOIN worked USING (id) ORDER BY annotations DESC, name`,
    ),
    suspects: {
      score: count(suspects.score),
      size: count(suspects.size),
      duplicate: count(suspects.duplicate),
    },
  };
}

/** The images behind one of the numbers, at most so many that a list can be filtered by them. */
export function imagesOfStatistic(database: Database, of: RegionStatistic): RecordId[] {
  const { sql, parameters } = statementOf(of);
  return database
    .all<{ image_id: RecordId }>(
      `SELECT DISTINCT image_id FROM (${sql}) LIMIT ${mostImages}`,
      parameters,
    )
    .map(({ image_id }) => image_id);
}

function statementOf(of: RegionStatistic): { sql: string; parameters: SqlParameters } {
  if (of.kind === 'suspect') return { sql: suspects[of.suspect], parameters: {} };
  if (of.kind === 'place') {
    const { size, column, row } = of;
    return {
      sql: `SELECT image_id FROM (${cells}) WHERE size = @size AND column_index = @column AND row_index = @row`,
      parameters: { size, column, row },
    };
  }
  if (of.kind === 'category') {
    return {
      sql: 'SELECT image_id FROM annotation WHERE category_id IS @categoryId',
      parameters: { categoryId: of.categoryId },
    };
  }
  if (of.kind === 'area') {
    return {
      sql: 'SELECT image_id FROM annotation WHERE area >= @from AND area < 2 * @from',
      parameters: { from: of.from },
    };
  }
  if (of.kind === 'count') {
    return {
      sql: 'SELECT id AS image_id FROM image WHERE annotation_count = @annotations',
      parameters: { annotations: of.annotations },
    };
  }
  const { first, second } = of;
  return {
    sql: `SELECT image_id FROM annotation WHERE category_id = @first
      INTERSECT SELECT image_id FROM annotation WHERE category_id = @second`,
    parameters: { first, second },
  };
}
