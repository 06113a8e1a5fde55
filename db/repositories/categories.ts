import { categorySchema, type Category, type RecordId } from '../../core/records.ts';
import type { Database, SqlParameters } from '../database.ts';
import { readStoredJson } from './stored-json.ts';

interface CategoryRow {
  readonly export_id: number;
  readonly id: string;
  readonly name: string;
  readonly parent_id: string | null;
  readonly color: string;
  readonly attributes: string;
  readonly extra: string;
}

export function allCategories(database: Database): { exportId: number; category: Category }[] {
  return database
    .all<CategoryRow>('SELECT * FROM category ORDER BY export_id')
    .map((row) => ({ exportId: row.export_id, category: fromRow(row) }));
}

export function findCategory(database: Database, id: RecordId): Category | null {
  const row = database.get<CategoryRow>('SELECT * FROM category WHERE id = @id', { id });
  return row ? fromRow(row) : null;
}

export function insertCategory(database: Database, category: Category): void {
  database.run(
    `INSERT INTO category (export_id, id, name, parent_id, color, attributes, extra)
     VALUES ((SELECT export_id FROM retired_export_id WHERE kind = 'category' AND id = @id),
       @id, @name, @parent_id, @color, @attributes, @extra)`,
    toRow(category),
  );
}

export function updateCategory(database: Database, category: Category): void {
  database.run(
    `UPDATE category SET name = @name, parent_id = @parent_id, color = @color,
       attributes = @attributes, extra = @extra
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
    extra: readStoredJson(row.extra, categorySchema.shape.extra, 'extra', {
      kind: 'category',
      id: row.id,
    }),
  };
}
