import type { Diff } from '../core/diff.ts';
import { AppError } from '../core/errors.ts';
import type {
  Annotation,
  Category,
  ImageRecord,
  ProjectRecord,
  RecordId,
} from '../core/records.ts';
import type { Database } from './database.ts';
import { isSameJson } from './equal-records.ts';
import { CountChanges } from './kept-counts.ts';
import { insertAnnotation, updateAnnotation } from './repositories/annotations.ts';
import { exportIdOfImage } from './repositories/images.ts';
import type { Standing } from './repositories/journal.ts';
import {
  deleteRecords,
  differingRecords,
  insertRecord,
  takenIds,
  updateRecord,
  type RecordKind,
} from './repositories/records.ts';
import { addWords, removeWords } from './repositories/words.ts';
import type { Slices } from './slices.ts';

/**
 * Writes a diff to the tables, and to the counts and indexes that are kept beside them, resting after every few records.
 * Call it inside a transaction: it throws after some rows are written.
 * @param justRead ids of removed records that were read from the tables in this transaction
 * @returns the annotations that it added, with the checksums of their rows
 * @throws AppError `conflict` naming the record when an added one exists, an updated or removed one is not as
 *   the diff says, or a record would refer to one that does not exist; `invalid-input` when the diff is malformed.
 */
export function* applyToTables(
  database: Database,
  diff: Diff,
  justRead: Standing = new Map(),
): Slices<Standing> {
  const removed = Object.entries(diff.removed);
  const updated = Object.entries(diff.updated);
  const added = Object.entries(diff.added);
  const updates = updated.map(([, pair]) => pair);
  const additions = added.map(([, record]) => record);
  yield* requireStored(
    database,
    removed.filter(([id]) => !justRead.has(id)),
  );
  yield* requireStored(
    database,
    updated.map(([id, [from]]) => [id, from] as const),
  );
  for (const [id, [from, to]] of updated) requireWellFormed(id, to, from.kind);
  for (const [id, record] of added) requireWellFormed(id, record, record.kind);
  yield* requireNew(database, additions);

  // Paths and references that removals and updates free can be taken again by what is added.
  for (const kind of kindsByReference) {
    const records = removed.map(([, record]) => record).filter((record) => record.kind === kind);
    for (const some of inParts(records)) {
      deleteRecords(
        database,
        kind,
        some.map(({ id }) => id),
      );
      yield;
    }
  }
  const standing = new Map<RecordId, number>();
  const imageExportIds = new Map<RecordId, number>();
  const categories = new Set<RecordId>();
  for (const kind of kindsByReference) {
    for (const [from, to] of updates) {
      if (to.kind !== kind) continue;
      if (to.kind === 'annotation') updateAnnotation(database, from as Annotation, to, placeOf(to));
      else updateRecord(database, to);
      yield;
    }
    const ofKind = additions.filter((record) => record.kind === kind);
    for (const some of inParts(ofKind, writtenAtOnce)) {
      for (const record of some) {
        if (record.kind !== 'annotation') insertRecord(database, record);
        else standing.set(record.id, insertAnnotation(database, record, placeOf(record)));
      }
      yield;
    }
  }

  for (const [, record] of removed) {
    if (record.kind === 'annotation') continue;
    requireUnreferenced(database, record);
    yield;
  }
  yield* requireOwners(database, [...updates.map(([, to]) => to), ...additions]);
  yield* indexWords(database, updates, additions);

  const counts = new CountChanges();
  for (const [, record] of removed) counts.note(record, -1);
  for (const [from, to] of updates) {
    counts.note(from, -1);
    counts.note(to, 1);
  }
  for (const record of additions) counts.note(record, 1);
  yield* counts.write(database);
  return standing;

  /** The export id of an annotation's image, where its box is indexed; its category must exist too. */
  function placeOf(annotation: Annotation): number {
    const { imageId, categoryId } = annotation;
    if (categoryId !== null && !categories.has(categoryId)) {
      requireCategory(database, annotation, categoryId);
      categories.add(categoryId);
    }
    const known = imageExportIds.get(imageId);
    if (known !== undefined) return known;
    const exportId = exportIdOfImage(database, imageId);
    if (exportId === null) {
      const message = `${name(annotation)} needs image ${imageId}, which does not exist.`;
      throw conflict(annotation, message);
    }
    imageExportIds.set(imageId, exportId);
    return exportId;
  }
}

/** More would hold up others: work rests between two statements only. */
const recordsAtOnce = 100;
/** Rows that are written one by one take longer than those that one statement reads or deletes. */
const writtenAtOnce = 16;

/** A record refers only to records of earlier kinds (and a category to a category). */
const kindsByReference: readonly RecordKind[] = ['category', 'image', 'annotation'];

function* inParts<Value>(
  values: readonly Value[],
  size = recordsAtOnce,
): Generator<readonly Value[]> {
  for (let start = 0; start < values.length; start += size) {
    yield values.slice(start, start + size);
  }
}

function* requireStored(
  database: Database,
  expected: readonly (readonly [id: RecordId, record: ProjectRecord])[],
): Slices<void> {
  for (const some of inParts(expected)) {
    for (const kind of kindsByReference) {
      const ofKind = some.filter(([, record]) => record.kind === kind);
      if (ofKind.length === 0) continue;
      const differing = differingRecords(database, kind, ofKind);
      const first = differing[0];
      if (!first) continue;
      throw conflict(
        first.expected,
        first.isStored
          ? `${name(first.expected)} was changed in the meantime.`
          : `${name(first.expected)} does not exist any more.`,
      );
    }
    yield;
  }
}

function* requireNew(database: Database, records: readonly ProjectRecord[]): Slices<void> {
  for (const some of inParts(records)) {
    const [taken] = takenIds(
      database,
      some.map(({ id }) => id),
    );
    const record = some.find(({ id }) => id === taken);
    if (record) {
      throw conflict(record, `${name(record)} cannot be added: its id exists already.`);
    }
    yield;
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
  const fields = record as unknown as Readonly<Record<string, unknown>>;
  for (const key in fields) {
    const value = fields[key];
    if (typeof value === 'string' && !value.isWellFormed()) {
      throw new AppError(
        'invalid-input',
        `${name(record)} has broken Unicode (half a surrogate pair) in "${key}". Rename it first.`,
        { id },
      );
    }
  }
}

/** Folders of images and parents of categories must exist; what annotations refer to was looked up when they were written. */
function* requireOwners(database: Database, records: readonly ProjectRecord[]): Slices<void> {
  const folders = new Set<RecordId>();
  const rooted = new Set<RecordId>();
  for (const record of records) {
    if (record.kind === 'annotation') continue;
    if (record.kind === 'image' && !folders.has(record.folderId)) {
      requireFolder(database, record);
      folders.add(record.folderId);
    } else if (record.kind === 'category') {
      requireAncestors(database, record, rooted);
    }
    yield;
  }
}

function requireCategory(database: Database, annotation: Annotation, categoryId: RecordId): void {
  if (!exists(database, 'SELECT 1 FROM category WHERE id = @id', categoryId)) {
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

/**
 * Walks up the category tree; it must end at a root, or at a category that is known to be under one. Those passed are
 * `rooted` then too, so that each category of a diff is passed once.
 */
function requireAncestors(database: Database, category: Category, rooted: Set<RecordId>): void {
  const seen = new Set([category.id]);
  for (let parentId = category.parentId; parentId !== null && !rooted.has(parentId);) {
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
  for (const id of seen) rooted.add(id);
}

/** Brings the full-text indexes of images and annotations up to what was added or changed. */
function* indexWords(
  database: Database,
  updates: readonly (readonly [from: ProjectRecord, to: ProjectRecord])[],
  additions: readonly ProjectRecord[],
): Slices<void> {
  const changed = updates.flatMap(([from, to]) => (hasSameWords(from, to) ? [] : [to]));
  for (const kind of ['image', 'annotation'] as const) {
    for (const some of inParts(changed.filter((record) => record.kind === kind))) {
      removeWords(
        database,
        kind,
        some.map(({ id }) => id),
      );
      yield;
    }
    const records = [...changed, ...additions].filter((record) => record.kind === kind);
    for (const some of inParts(records.filter((record) => kind === 'image' || hasTexts(record)))) {
      addWords(
        database,
        kind,
        some.map(({ id }) => id),
      );
      yield;
    }
  }
}

function hasTexts(record: ProjectRecord): boolean {
  return record.kind !== 'category' && record.texts.length > 0;
}

function hasSameWords(from: ProjectRecord, to: ProjectRecord): boolean {
  if (from.kind === 'category' || to.kind === 'category') return true;
  const isSamePath = from.kind !== 'image' || to.kind !== 'image' || from.path === to.path;
  return isSamePath && isSameJson(from.texts, to.texts);
}

/** Removing a record never takes others with it: the diff must say what becomes of them. */
function requireUnreferenced(database: Database, record: Category | ImageRecord): void {
  const sql = {
    image: 'SELECT 1 FROM annotation WHERE image_id = @id LIMIT 1',
    category: `SELECT 1 FROM annotation WHERE category_id = @id
      UNION ALL SELECT 1 FROM category WHERE parent_id = @id LIMIT 1`,
  }[record.kind];
  if (exists(database, sql, record.id)) {
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
