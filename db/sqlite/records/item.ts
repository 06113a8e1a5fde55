import { z } from 'zod';
import { itemSchema, type Item, type RecordId } from '../../../core/records.ts';
import { segmentSchema } from '../../../core/tasks/task.ts';
import { tasks } from '../../../core/tasks/registry.ts';
import type { Database, SqlValue } from '../../database.ts';
import { isSameJson } from '../../../core/same-json.ts';
import { inPages } from '../../repositories/pages.ts';
import { differingRows } from './differing.ts';
import { isPlainExtra, isPlainProvenance } from './plain-json.ts';
import type { RecordTable } from './record-table.ts';
import { firstFound, type References } from './references.ts';
import { readStoredJson } from './stored-json.ts';
import { removeWords, wrongWords } from './words.ts';

interface ItemRow {
  readonly export_id: number;
  readonly id: string;
  readonly image_id: string;
  readonly task: string;
  readonly author: string | null;
  readonly created_at_ms: number;
  readonly updated_at_ms: number;
  readonly segments: string;
  readonly content: string;
  readonly provenance: string;
  readonly extra: string;
}

const columns = [
  ...(['id', 'image_id', 'task', 'author', 'created_at_ms', 'updated_at_ms'] as const),
  ...(['segments', 'content', 'provenance', 'extra'] as const),
] satisfies readonly (keyof ItemRow)[];

const insertSql = `INSERT INTO item (export_id, ${columns.join(', ')})
  VALUES ((SELECT export_id FROM retired_export_id WHERE kind = 'item' AND id = ?),
    ${columns.map(() => '?').join(', ')})`;
const updateSql = `UPDATE item SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`;

const indexedSegments = 'SELECT annotation_id, item_id FROM item_segment';
const ownSegments = `SELECT value ->> 'annotationId' AS annotation_id, item.id AS item_id
  FROM item, json_each(segments)`;

export const itemTable: RecordTable<'item'> = {
  kind: 'item',
  nameOf: ({ id }) => `Item ${id}`,
  differing: (database, expected) => differingRows(database, 'item', expected, fromRow, isRowOf),
  insert(database, item, references) {
    requireReferences(item, references);
    database.run(insertSql, [item.id, ...toRow(item)]);
    insertSegments(database, item);
    return null;
  },
  update(database, from, to, references) {
    requireReferences(to, references);
    const isMoved = !isSameJson(from.segments, to.segments);
    if (isMoved) deleteSegments(database, [to.id]);
    database.run(updateSql, [...toRow(to), to.id]);
    if (isMoved) insertSegments(database, to);
  },
  unindex(database, ids) {
    deleteSegments(database, ids);
    removeWords(database, 'item', ids);
  },
  findReferenced: (database, ids) =>
    firstFound(
      database,
      ids,
      'SELECT item_id AS id FROM review WHERE item_id IN (SELECT value FROM json_each(@ids)) LIMIT 1',
    ),
  hasSameWords: (from, to) => isSameJson(from.content, to.content),
  *all(database) {
    const pages = inPages((after, limit) =>
      database
        .all<ItemRow>(
          'SELECT * FROM item WHERE export_id > @after ORDER BY export_id LIMIT @limit',
          {
            after,
            limit,
          },
        )
        .map((row) => ({ exportId: row.export_id, item: fromRow(row) })),
    );
    for (const { item } of pages) yield item;
  },
  invariants: [
    {
      sql: `SELECT item_id AS subject FROM (${indexedSegments} EXCEPT ${ownSegments})
        UNION SELECT item_id FROM (${ownSegments} EXCEPT ${indexedSegments})`,
      sentence: 'checkItemSegments',
    },
    { sql: wrongWords('item'), sentence: 'checkItemWords' },
  ],
};

/** The items of an image, in export order. */
export function itemsOfImage(database: Database, imageId: RecordId): Item[] {
  const sql = 'SELECT * FROM item WHERE image_id = @imageId ORDER BY export_id';
  return database.all<ItemRow>(sql, { imageId }).map(fromRow);
}

export function findItem(database: Database, id: RecordId): Item | null {
  const row = database.get<ItemRow>('SELECT * FROM item WHERE id = @id', { id });
  return row ? fromRow(row) : null;
}

/** The items of a task, the newest first. */
export function newestItems(database: Database, task: string, limit: number): Item[] {
  const sql = 'SELECT * FROM item WHERE task = @task ORDER BY export_id DESC LIMIT @limit';
  return database.all<ItemRow>(sql, { task, limit }).map(fromRow);
}

/**
 * The items about each of the annotations of an image-by-image export, by annotation, in export
 * order.
 */
export function itemsOfAnnotations(
  database: Database,
  ids: readonly RecordId[],
): ReadonlyMap<RecordId, Item[]> {
  const rows = database.all<ItemRow & { readonly annotation_id: string }>(
    `SELECT item.*, annotation_id FROM item_segment JOIN item ON item.id = item_id
     WHERE annotation_id IN (SELECT value FROM json_each(@ids)) ORDER BY item.export_id`,
    { ids: JSON.stringify(ids) },
  );
  const found = new Map<RecordId, Item[]>();
  for (const row of rows) {
    const items = found.get(row.annotation_id) ?? [];
    items.push(fromRow(row));
    found.set(row.annotation_id, items);
  }
  return found;
}

function requireReferences(item: Item, references: References): void {
  const user = itemTable.nameOf(item);
  references.exportIdOfImage(item.imageId, user, item);
  if (item.author !== null) references.require('person', item.author, user, item);
  for (const { annotationId } of item.segments) {
    references.requireAnnotation(annotationId, user, item);
  }
}

function insertSegments(database: Database, { id, segments }: Item): void {
  for (const { annotationId } of segments) {
    database.run('INSERT OR IGNORE INTO item_segment VALUES (?, ?)', [annotationId, id]);
  }
}

/** Takes the segments of stored items out of the index by annotation. */
function deleteSegments(database: Database, ids: readonly RecordId[]): void {
  database.run(
    `DELETE FROM item_segment WHERE (annotation_id, item_id) IN (
       ${ownSegments} WHERE item.id IN (SELECT value FROM json_each(@ids)))`,
    { ids: JSON.stringify(ids) },
  );
}

function isRowOf(row: ItemRow, item: Item): boolean {
  return toRow(item).every((value, index) => row[columns[index]!] === value);
}

/** The values of {@link columns}. */
function toRow(item: Item): SqlValue[] {
  return [
    item.id,
    item.imageId,
    item.task,
    item.author,
    item.createdAtMs,
    item.updatedAtMs,
    JSON.stringify(item.segments),
    JSON.stringify(item.content),
    JSON.stringify(item.provenance),
    JSON.stringify(item.extra),
  ];
}

const segmentsSchema = z.array(segmentSchema);
const { provenance: provenanceSchema, extra: extraSchema } = itemSchema.options[0].shape;

function fromRow(row: ItemRow): Item {
  const subject = { kind: 'item', id: row.id } as const;
  const content = tasks.find(({ id }) => id === row.task)?.content ?? z.never();
  return {
    kind: 'item',
    id: row.id,
    imageId: row.image_id,
    segments: readStoredJson(row.segments, segmentsSchema, 'segments', subject),
    author: row.author,
    provenance: readStoredJson(
      row.provenance,
      provenanceSchema,
      'provenance',
      subject,
      isPlainProvenance,
    ),
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
    extra: readStoredJson(row.extra, extraSchema, 'extra', subject, isPlainExtra),
    task: row.task,
    content: readStoredJson(row.content, content as z.ZodType, 'content', subject),
  } as Item;
}
