import { reviewSchema, type RecordId, type Review } from '../../../core/records.ts';
import type { Database, SqlValue } from '../../database.ts';
import { inPages } from '../../repositories/pages.ts';
import { differingRows } from './differing.ts';
import type { RecordTable } from './record-table.ts';
import type { References } from './references.ts';
import { readStoredJson } from './stored-json.ts';

interface ReviewRow {
  readonly export_id: number;
  readonly id: string;
  readonly image_id: string;
  readonly item_id: string | null;
  readonly annotation_id: string | null;
  readonly reviewer: string | null;
  readonly verdict: Review['verdict'];
  readonly reason: string | null;
  readonly note: string;
  readonly suggestion: string | null;
  readonly at_ms: number;
}

const columns = [
  ...(['id', 'image_id', 'item_id', 'annotation_id', 'reviewer', 'verdict'] as const),
  ...(['reason', 'note', 'suggestion', 'at_ms'] as const),
] satisfies readonly (keyof ReviewRow)[];

const insertSql = `INSERT INTO review (export_id, ${columns.join(', ')})
  VALUES ((SELECT export_id FROM retired_export_id WHERE kind = 'review' AND id = ?),
    ${columns.map(() => '?').join(', ')})`;
const updateSql = `UPDATE review SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`;

export const reviewTable: RecordTable<'review'> = {
  kind: 'review',
  nameOf: ({ id }) => `Review ${id}`,
  differing: (database, expected) => differingRows(database, 'review', expected, fromRow),
  insert(database, review, references) {
    requireReferences(review, references);
    database.run(insertSql, [review.id, ...toRow(review)]);
    return null;
  },
  update(database, _, to, references) {
    requireReferences(to, references);
    database.run(updateSql, [...toRow(to), to.id]);
  },
  unindex: () => undefined,
  findReferenced: () => null,
  *all(database) {
    const pages = inPages((after, limit) =>
      database
        .all<ReviewRow>(
          'SELECT * FROM review WHERE export_id > @after ORDER BY export_id LIMIT @limit',
          { after, limit },
        )
        .map((row) => ({ exportId: row.export_id, review: fromRow(row) })),
    );
    for (const { review } of pages) yield review;
  },
  invariants: [],
};

/** The reviews of an image's items and annotations, in export order. */
export function reviewsOfImage(database: Database, imageId: RecordId): Review[] {
  const sql = 'SELECT * FROM review WHERE image_id = @imageId ORDER BY export_id';
  return database.all<ReviewRow>(sql, { imageId }).map(fromRow);
}

/** The reviews of items, in export order. */
export function reviewsOfItems(database: Database, ids: readonly RecordId[]): Review[] {
  const sql = `SELECT * FROM review WHERE item_id IN (SELECT value FROM json_each(@ids))
    ORDER BY export_id`;
  return database.all<ReviewRow>(sql, { ids: JSON.stringify(ids) }).map(fromRow);
}

function requireReferences(review: Review, references: References): void {
  const user = reviewTable.nameOf(review);
  references.exportIdOfImage(review.imageId, user, review);
  if (review.itemId !== null) references.require('item', review.itemId, user, review);
  else references.requireAnnotation(review.annotationId!, user, review);
  if (review.reviewer !== null) references.require('person', review.reviewer, user, review);
}

/** The values of {@link columns}. */
function toRow(review: Review): SqlValue[] {
  return [
    review.id,
    review.imageId,
    review.itemId,
    review.annotationId,
    review.reviewer,
    review.verdict,
    review.reason,
    review.note,
    review.suggestion === undefined ? null : JSON.stringify(review.suggestion),
    review.atMs,
  ];
}

const { suggestion: suggestionSchema } = reviewSchema.shape;

function fromRow(row: ReviewRow): Review {
  const subject = { kind: 'review', id: row.id } as const;
  return {
    kind: 'review',
    id: row.id,
    imageId: row.image_id,
    itemId: row.item_id,
    annotationId: row.annotation_id,
    reviewer: row.reviewer,
    verdict: row.verdict,
    reason: row.reason,
    note: row.note,
    ...(row.suggestion !== null && {
      suggestion: readStoredJson(row.suggestion, suggestionSchema.unwrap(), 'suggestion', subject),
    }),
    atMs: row.at_ms,
  };
}
