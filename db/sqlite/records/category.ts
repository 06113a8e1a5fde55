import { categorySchema, skeletonSchema, type Category } from '../../../core/records.ts';
import type { Database, SqlParameters } from '../../database.ts';
import { differingRows } from './differing.ts';
import type { RecordTable } from './record-table.ts';
import { conflict, firstFound, type References } from './references.ts';
import { readStoredJson } from './stored-json.ts';

interface CategoryRow {
  readonly export_id: number;
  readonly id: string;
  readonly name: string;
  readonly parent_id: string | null;
  readonly color: string;
  readonly attributes: string;
  readonly skeleton: string | null;
  readonly place: number | null;
  readonly extra: string;
}

export const categoryTable: RecordTable<'category'> = {
  kind: 'category',
  nameOf: ({ name, id }) => `Category "${name}" (${id})`,
  differing: (database, expected) => differingRows(database, 'category', expected, fromRow),
  insert(database, category) {
    insertCategory(database, category);
    return null;
  },
  update: (database, _, to) => updateCategory(database, to),
  unindex: () => undefined,
  findReferenced: (database, ids) =>
    firstFound(
      database,
      ids,
      `SELECT category_id AS id FROM annotation WHERE category_id IN (SELECT value FROM json_each(@ids))
       UNION ALL
       SELECT parent_id FROM category WHERE parent_id IN (SELECT value FROM json_each(@ids)) LIMIT 1`,
    ),
  requireConsistent: requireAncestors,
  *all(database) {
    for (const { category } of allCategories(database)) yield category;
  },
  invariants: [],
};

/**
 * Walks up the category tree; it must end at a root, or at a category that is known to be under
 * one. Those passed are `rooted` then too, so that each category of a change is passed once.
 */
function requireAncestors(database: Database, category: Category, { rooted }: References): void {
  const seen = new Set([category.id]);
  const user = categoryTable.nameOf(category);
  for (let parentId = category.parentId; parentId !== null && !rooted.has(parentId);) {
    if (seen.has(parentId)) throw conflict(category, `${user} would be its own ancestor.`);
    seen.add(parentId);
    const parent = database.get<{ parent_id: string | null }>(
      'SELECT parent_id FROM category WHERE id = @parentId',
      { parentId },
    );
    if (!parent) {
      throw conflict(category, `${user} needs parent ${parentId}, which does not exist.`);
    }
    parentId = parent.parent_id;
  }
  for (const id of seen) rooted.add(id);
}

export function allCategories(database: Database): { exportId: number; category: Category }[] {
  return database
    .all<CategoryRow>('SELECT * FROM category ORDER BY export_id')
    .map((row) => ({ exportId: row.export_id, category: fromRow(row) }));
}

function insertCategory(database: Database, category: Category): void {
  database.run(
    `INSERT INTO category (export_id, id, name, parent_id, color, attributes, skeleton, place, extra)
     VALUES ((SELECT export_id FROM retired_export_id WHERE kind = 'category' AND id = @id),
       @id, @name, @parent_id, @color, @attributes, @skeleton, @place, @extra)`,
    toRow(category),
  );
}

function updateCategory(database: Database, category: Category): void {
  database.run(
    `UPDATE category SET name = @name, parent_id = @parent_id, color = @color,
       attributes = @attributes, skeleton = @skeleton, place = @place, extra = @extra
     WHERE id = @id`,
    toRow(category),
  );
}

function toRow(category: Category): SqlParameters {
  return {
    id: category.id,
    name: category.name,
    parent_id: category.parentId,
    color: category.color,
    attributes: JSON.stringify(category.attributes),
    skeleton: category.skeleton ? JSON.stringify(category.skeleton) : null,
    place: category.place ?? null,
    extra: JSON.stringify(category.extra),
  };
}

function fromRow(row: CategoryRow): Category {
  return {
    kind: 'category',
    id: row.id,
    name: row.name,
    parentId: row.parent_id,
    color: row.color,
    attributes: readStoredJson(row.attributes, categorySchema.shape.attributes, 'attributes', {
      kind: 'category',
      id: row.id,
    }),
    ...(row.place !== null && { place: row.place }),
    ...(row.skeleton !== null && {
      skeleton: readStoredJson(row.skeleton, skeletonSchema, 'skeleton', {
        kind: 'category',
        id: row.id,
      }),
    }),
    extra: readStoredJson(row.extra, categorySchema.shape.extra, 'extra', {
      kind: 'category',
      id: row.id,
    }),
  };
}
