import type { Diff } from '../core/diff.ts';
import { AppError } from '../core/errors.ts';
import type { Annotation, Category, ImageRecord, ProjectRecord } from '../core/records.ts';
import type { Database } from './database.ts';
import { isSameJson } from './equal-records.ts';
import {
  deleteRecords,
  findRecord,
  insertRecord,
  updateRecord,
  type RecordKind,
} from './repositories/records.ts';
import type { Slices } from './slices.ts';

/**
 * Writes a diff to the tables, resting after every few records. Call it inside a transaction: it throws after some rows are
 * written.
 * @throws AppError `conflict` naming the record when an added one exists, an updated or removed one is not as
 *   the diff says, or a record would refer to one that does not exist; `invalid-input` when the diff is malformed.
 */
export function* applyToTables(database: Database, diff: Diff): Slices<void> {
  const removed = Object.entries(diff.removed);
  const updated = Object.entries(diff.updated);
  const added = Object.entries(diff.added);
  for (const [id, record] of removed) {
    requireStored(database, id, record);
    yield;
  }
  for (const [id, [from, to]] of updated) {
    requireStored(database, id, from);
    requireWellFormed(id, to, from.kind);
    yield;
  }
  for (const [id, record] of added) {
    requireWellFormed(id, record, record.kind);
    requireNew(database, record);
    yield;
  }

  // Paths and references that removals and updates free can be taken again by what is added.
  for (const kind of kindsByReference) {
    const ids = removed.filter(([, record]) => record.kind === kind).map(([id]) => id);
    for (let start = 0; start < ids.length; start += deletedAtOnce) {
      deleteRecords(database, kind, ids.slice(start, start + deletedAtOnce));
      yield;
    }
  }
  for (const kind of kindsByReference) {
    for (const [, [, to]] of updated) {
      if (to.kind === kind) updateRecord(database, to);
      yield;
    }
    for (const [, record] of added) {
      if (record.kind === kind) insertRecord(database, record);
      yield;
    }
  }

  for (const [, record] of removed) {
    requireUnreferenced(database, record);
    yield;
  }
  for (const record of [...updated.map(([, [, to]]) => to), ...added.map(([, to]) => to)]) {
    requireReferences(database, record);
    yield;
  }
}

/** More would hold up others: work rests between two statements only. */
const deletedAtOnce = 100;

/** A record refers only to records of earlier kinds (and a category to a category). */
const kindsByReference: readonly RecordKind[] = ['category', 'image', 'annotation'];

function requireStored(database: Database, id: string, expected: ProjectRecord): void {
  const stored = findRecord(database, expected.kind, id);
  if (!stored) {
    throw conflict(expected, `${name(expected)} does not exist any more.`);
  }
  if (!isSameJson(stored, expected)) {
    throw conflict(expected, `${name(expected)} was changed in the meantime.`);
  }
}

function requireNew(database: Database, record: ProjectRecord): void {
  for (const kind of kindsByReference) {
    if (findRecord(database, kind, record.id)) {
      throw conflict(record, `${name(record)} cannot be added: its id exists already.`);
    }
  }
}

function requireWellFormed(id: string, record: ProjectRecord, kind: RecordKind): void {
  if (record.id !== id || record.kind !== kind) {
    throw new AppError(
      'invalid-input',
      `A change under the id ${id} must keep the id and kind of its record (${kind}); found ${name(record)}.`,
      { id },
    );
  }
  for (const [key, value] of Object.entries(record)) {
    if (typeof value === 'string' && !value.isWellFormed()) {
      throw new AppError(
        'invalid-input',
        `${name(record)} has broken Unicode (half a surrogate pair) in "${key}". Rename it first.`,
        { id },
      );
    }
  }
}

function requireReferences(database: Database, record: ProjectRecord): void {
  switch (record.kind) {
    case 'annotation':
      return requireAnnotationReferences(database, record);
    case 'image':
      return requireFolder(database, record);
    case 'category':
      return requireAncestors(database, record);
  }
}

function requireAnnotationReferences(database: Database, annotation: Annotation): void {
  const { imageId, categoryId } = annotation;
  if (!exists(database, 'SELECT 1 FROM image WHERE id = @id', imageId)) {
    throw conflict(annotation, `${name(annotation)} needs image ${imageId}, which does not exist.`);
  }
  if (
    categoryId !== null &&
    !exists(database, 'SELECT 1 FROM category WHERE id = @id', categoryId)
  ) {
    throw conflict(
      annotation,
      `${name(annotation)} needs category ${categoryId}, which does not exist.`,
    );
  }
}

function requireFolder(database: Database, image: ImageRecord): void {
  if (!exists(database, 'SELECT 1 FROM image_folder WHERE id = @id', image.folderId)) {
    throw conflict(
      image,
      `${name(image)} needs image folder ${image.folderId}, which does not exist.`,
    );
  }
}

/** Walks up the category tree; it must end at a root. */
function requireAncestors(database: Database, category: Category): void {
  const seen = new Set([category.id]);
  for (let parentId = category.parentId; parentId !== null;) {
    if (seen.has(parentId)) {
      throw conflict(category, `${name(category)} would be its own ancestor.`);
    }
    seen.add(parentId);
    const parent = database.get<{ parent_id: string | null }>(
      'SELECT parent_id FROM category WHERE id = @parentId',
      { parentId },
    );
    if (!parent) {
      throw conflict(category, `${name(category)} needs parent ${parentId}, which does not exist.`);
    }
    parentId = parent.parent_id;
  }
}

/** Removing a record never takes others with it: the diff must say what becomes of them. */
function requireUnreferenced(database: Database, record: ProjectRecord): void {
  const sql = {
    annotation: null,
    image: 'SELECT 1 FROM annotation WHERE image_id = @id LIMIT 1',
    category: `SELECT 1 FROM annotation WHERE category_id = @id
      UNION ALL SELECT 1 FROM category WHERE parent_id = @id LIMIT 1`,
  }[record.kind];
  if (sql && exists(database, sql, record.id)) {
    throw conflict(
      record,
      `${name(record)} is still used by other records. Change or remove them in the same step.`,
    );
  }
}

function exists(database: Database, sql: string, id: string): boolean {
  return database.get(sql, { id }) !== undefined;
}

function conflict(record: ProjectRecord, message: string): AppError {
  return new AppError('conflict', `${message} Nothing was changed.`, {
    id: record.id,
    kind: record.kind,
  });
}

function name(record: ProjectRecord): string {
  switch (record.kind) {
    case 'annotation':
      return `Annotation ${record.id}`;
    case 'image':
      return `Image ${record.path} (${record.id})`;
    case 'category':
      return `Category "${record.name}" (${record.id})`;
  }
}
