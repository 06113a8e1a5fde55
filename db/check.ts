import { createHash } from 'node:crypto';
import type { Diff } from '../core/diff.ts';
import { AppError } from '../core/errors.ts';
import type { ProjectRecord, RecordId } from '../core/records.ts';
import type { Database } from './database.ts';
import { annotationsAfter } from './repositories/annotations.ts';
import { allCategories } from './repositories/categories.ts';
import { imagesAfter } from './repositories/images.ts';
import { diffsOfStep, doneStepIds } from './repositories/journal.ts';
import { inPages } from './repositories/pages.ts';

/**
 * Everything that can be wrong inside a project file, in words; empty when all is well. Reads the whole file.
 * The last test replays the journal: its diffs must lead from nothing to the records of today.
 */
export function checkDatabase(database: Database): string[] {
  try {
    const damage = integrityProblems(database);
    // On a damaged file the other tests would only repeat the damage in more confusing words.
    return damage.length > 0
      ? damage
      : [...invariantProblems(database), ...journalProblems(database)];
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'database-corrupt') return [thrown.message];
    throw thrown;
  }
}

/** SQLite's own checks; they cover the R*Tree and full-text indexes too. */
function integrityProblems(database: Database): string[] {
  const damage = database
    .all<{ integrity_check: string }>('PRAGMA integrity_check')
    .map((row) => row.integrity_check)
    .filter((message) => message !== 'ok');
  const references = database
    .all<{ table: string; rowid: number; parent: string }>('PRAGMA foreign_key_check')
    .map((row) => `${row.table} ${row.rowid} refers to a missing ${row.parent}.`);
  return [...damage, ...references];
}

const invariants: readonly { sql: string; message: (row: string) => string }[] = [
  {
    sql: `SELECT id AS subject FROM image
      WHERE annotation_count <> (SELECT count(*) FROM annotation WHERE image_id = image.id)`,
    message: (id) => `Image ${id} has a wrong annotation count.`,
  },
  {
    sql: `SELECT annotation.id AS subject FROM annotation
      JOIN image ON image.id = annotation.image_id
      LEFT JOIN annotation_box AS box ON box.export_id = annotation.export_id
      WHERE box.export_id IS NULL OR NOT (
        image.export_id BETWEEN image_min AND image_max
        AND x >= x_min AND x + w <= x_max AND y >= y_min AND y + h <= y_max)`,
    message: (id) => `Annotation ${id} has a wrong box in the spatial index.`,
  },
  {
    sql: `SELECT export_id AS subject FROM annotation_box
      WHERE export_id NOT IN (SELECT export_id FROM annotation)`,
    message: (id) => `The spatial index has a box ${id} without an annotation.`,
  },
  ...['image', 'annotation'].map((kind) => ({
    sql: `SELECT coalesce(found.rowid, expected.export_id) AS subject
      FROM ${kind}_words AS expected FULL JOIN ${kind}_search AS found ON found.rowid = expected.export_id
      WHERE found.words IS NOT expected.words`,
    message: (id: string) => `The text index has wrong words for ${kind} ${id}.`,
  })),
  {
    sql: `SELECT id AS subject FROM journal_step
      WHERE done = 1 AND id > (SELECT min(id) FROM journal_step WHERE done = 0)`,
    message: (id) => `Step ${id} of the journal is done although an earlier one is undone.`,
  },
];

function invariantProblems(database: Database): string[] {
  return invariants.flatMap(({ sql, message }) =>
    database.all<{ subject: string | number }>(sql).map(({ subject }) => message(String(subject))),
  );
}

function journalProblems(database: Database): string[] {
  const replayed = new Map<RecordId, string>();
  for (const stepId of doneStepIds(database)) {
    for (const diff of diffsOfStep(database, stepId)) replay(replayed, diff);
  }
  const problems: string[] = [];
  for (const record of allRecords(database)) {
    if (replayed.get(record.id) !== digest(record)) {
      problems.push(`The journal does not lead to the present ${record.kind} ${record.id}.`);
    }
    replayed.delete(record.id);
  }
  return [
    ...problems,
    ...[...replayed.keys()].map((id) => `Record ${id} of the journal is missing from the tables.`),
  ];
}

function replay(digests: Map<RecordId, string>, diff: Diff): void {
  for (const id of Object.keys(diff.removed)) digests.delete(id);
  for (const [id, [, to]] of Object.entries(diff.updated)) digests.set(id, digest(to));
  for (const [id, record] of Object.entries(diff.added)) digests.set(id, digest(record));
}

function* allRecords(database: Database): Generator<ProjectRecord> {
  for (const { category } of allCategories(database)) yield category;
  for (const { image } of inPages((after, limit) => imagesAfter(database, after, limit)))
    yield image;
  for (const { annotation } of inPages((after, limit) =>
    annotationsAfter(database, after, limit),
  )) {
    yield annotation;
  }
}

/** The same for records that are the same once stored, whatever the order of their keys. */
function digest(record: ProjectRecord): string {
  return createHash('sha256')
    .update(JSON.stringify(sortKeys(record)))
    .digest('base64');
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, child]) => [key, sortKeys(child)]),
  );
}
