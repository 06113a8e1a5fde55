import type { RecordId } from '../../core/records.ts';
import type { Database } from '../database.ts';

/** A region that nobody has looked at (core/reviewing/waiting.ts), in an image that is to check. */
export interface WaitingRegion {
  readonly id: RecordId;
  readonly imageId: RecordId;
  /** Path of the image in its folder. */
  readonly path: string;
  /** The score of the model, 0 to 1. */
  readonly score: number;
}

export interface WaitingRegionQuery {
  readonly offset: number;
  readonly limit: number;
  /** The surest first, or the least sure. */
  readonly order: 'best' | 'worst';
  /** Counts those with this score or a higher one. */
  readonly atLeast: number;
}

export interface WaitingRegionPage {
  readonly total: number;
  /** How many reach the score that was asked about. */
  readonly above: number;
  readonly rows: readonly WaitingRegion[];
}

const score = "coalesce((provenance ->> '$.score'), 0)";

/** A file of others may hold in a column of JSON what is none. */
const waiting = `FROM annotation JOIN image ON image.id = annotation.image_id
  WHERE image.state = 'to-check' AND json_valid(provenance)
    AND (provenance ->> '$.source') = 'model' AND (provenance ->> '$.accepted') IS NULL
    AND NOT EXISTS (SELECT 1 FROM review WHERE review.annotation_id = annotation.id)`;

/** A page of the queue, and how long it is. */
export function pageOfWaitingRegions(
  database: Database,
  { offset, limit, order, atLeast }: WaitingRegionQuery,
): WaitingRegionPage {
  const counted = database.get<{ total: number; above: number | null }>(
    `SELECT count(*) AS total, sum(${score} >= @atLeast) AS above ${waiting}`,
    { atLeast },
  )!;
  const direction = order === 'best' ? 'DESC' : 'ASC';
  const rows = database.all<WaitingRegion>(
    `SELECT annotation.id AS id, annotation.image_id AS imageId, image.path AS path, ${score} AS score
     ${waiting} ORDER BY score ${direction}, annotation.export_id LIMIT @limit OFFSET @offset`,
    { limit, offset },
  );
  return { total: counted.total, above: counted.above ?? 0, rows };
}
