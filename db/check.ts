import { createHash } from 'node:crypto';
import type { Diff } from '../core/diff.ts';
import { AppError, failure } from '../core/errors.ts';
import type { ProjectRecord, RecordId } from '../core/records.ts';
import type { PartsOf, SentenceName } from '../core/sentences.ts';
import type { Database } from './database.ts';
import { isSameJson } from './equal-records.ts';
import {
  diffsOfStep,
  doneStepIds,
  stateChangeOf,
  stateChangesOfStep,
  sumOf,
  type StateSums,
} from './repositories/journal.ts';
import type { Invariant } from './sqlite/records/record-table.ts';
import { recordTables } from './sqlite/records/registry.ts';

/**
 * Everything that can be wrong inside a project file; empty when all is well. Reads the whole file.
 * The last test replays the journal: its diffs must lead from nothing to the records of today.
 */
export function checkDatabase(database: Database): AppError[] {
  try {
    const damage = integrityProblems(database);
    // On a damaged file the other tests would only repeat the damage in more confusing words.
    return damage.length > 0
      ? damage
      : [...invariantProblems(database), ...journalProblems(database)];
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'database-corrupt') return [thrown];
    throw thrown;
  }
}

/** SQLite's own checks; they cover the R*Tree and full-text indexes too. */
function integrityProblems(database: Database): AppError[] {
  const damage = database
    .all<{ integrity_check: string }>('PRAGMA integrity_check')
    .map((row) => row.integrity_check)
    .filter((message) => message !== 'ok')
    .map((reason) => broken('checkDamage', { reason }));
  const references = database
    .all<{ table: string; rowid: number; parent: string }>('PRAGMA foreign_key_check')
    .map(({ table, rowid, parent }) => broken('checkReference', { table, row: rowid, parent }));
  return [...damage, ...references];
}

function broken<Name extends SentenceName>(name: Name, parts: PartsOf<Name>): AppError {
  return failure('database-corrupt', name, parts);
}

/** Of the counts that are kept, and of the journal; each kind of record has more. */
const invariants: readonly Invariant[] = [
  {
    sql: `SELECT id AS subject FROM image
      WHERE annotation_count <> (SELECT count(*) FROM annotation WHERE image_id = image.id)`,
    sentence: 'checkAnnotationCount',
  },
  {
    sql: `SELECT id AS subject FROM image
      WHERE (item_count, outline_count) <> (
        (SELECT count(*) FROM item WHERE image_id = image.id),
        (SELECT count(*) FROM annotation WHERE image_id = image.id
          AND category_id IS NOT NULL AND json_extract(geometry, '$.kind') <> 'box'))`,
    sentence: 'checkImageCounts',
  },
  {
    sql: `SELECT coalesce(kept.category_id, counted.category_id) AS subject
      FROM category_count AS kept FULL JOIN (
        SELECT coalesce(category_id, '') AS category_id, count(*) AS annotations, count(DISTINCT image_id) AS images
        FROM annotation GROUP BY category_id
      ) AS counted ON counted.category_id = kept.category_id
      WHERE (kept.annotations, kept.images) IS NOT (counted.annotations, counted.images)`,
    sentence: 'checkCategoryCount',
  },
  {
    sql: `SELECT coalesce(kept.power, counted.power) AS subject
      FROM area_count AS kept FULL JOIN (
        SELECT CASE WHEN area < 1 THEN -1
            ELSE power - (pow(2.0, power) > area) + (pow(2.0, power + 1) <= area) END AS power,
          count(*) AS annotations
        FROM (SELECT area, CAST(log2(max(area, 1)) AS INTEGER) AS power FROM annotation) GROUP BY 1
      ) AS counted ON counted.power = kept.power
      WHERE kept.annotations IS NOT counted.annotations`,
    sentence: 'checkAreaCount',
  },
  {
    sql: `SELECT id AS subject FROM journal_step
      WHERE done = 1 AND id > (SELECT min(id) FROM journal_step WHERE done = 0)`,
    sentence: 'checkStepOrder',
  },
];

function invariantProblems(database: Database): AppError[] {
  const all = [...invariants, ...recordTables.flatMap((table) => table.invariants)];
  return all.flatMap(({ sql, sentence }) =>
    database
      .all<{ subject: string | number }>(sql)
      .map(({ subject }) => broken(sentence, { id: String(subject) })),
  );
}

function journalProblems(database: Database): AppError[] {
  const replayed = new Map<RecordId, string>();
  const problems: AppError[] = [];
  for (const stepId of doneStepIds(database)) {
    const changes: StateSums[] = [];
    for (const diff of diffsOfStep(database, stepId)) {
      replay(replayed, diff);
      changes.push(stateChangeOf(diff));
    }
    if (!isSameJson(sumOf(changes), stateChangesOfStep(database, stepId))) {
      problems.push(broken('checkStateChanges', { id: String(stepId) }));
    }
  }
  for (const { all } of recordTables) {
    for (const record of all(database)) {
      if (replayed.get(record.id) !== digest(record)) {
        const { kind, id } = record;
        problems.push(broken('checkJournal', { kind, id }));
      }
      replayed.delete(record.id);
    }
  }
  return [...problems, ...[...replayed.keys()].map((id) => broken('checkRecordMissing', { id }))];
}

function replay(digests: Map<RecordId, string>, diff: Diff): void {
  for (const id of Object.keys(diff.removed)) digests.delete(id);
  for (const [id, [, to]] of Object.entries(diff.updated)) digests.set(id, digest(to));
  for (const [id, record] of Object.entries(diff.added)) digests.set(id, digest(record));
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
