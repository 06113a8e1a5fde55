import { crc32 } from 'node:zlib';
import type { Diff } from '../core/diff.ts';
import { AppError } from '../core/errors.ts';
import type { ProjectRecord, RecordId, RecordKind } from '../core/records.ts';
import type { PartsIn } from '../core/sentence-set.ts';
import { checkFailure, type CheckSentence, type CheckSentences } from './check-sentences.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Database } from './database.ts';
import { isSameJson } from '../core/same-json.ts';
import { checksumOfAnnotation } from './sqlite/records/annotation.ts';
import {
  diffsOfStep,
  doneStepIds,
  stateChangeOf,
  stateChangesOfStep,
  sumOf,
  type Standing,
  type StateSums,
} from './repositories/journal.ts';
import type { Invariant } from './sqlite/records/record-table.ts';
import { recordTables } from './sqlite/records/registry.ts';

/**
 * Everything that can be wrong inside a project file; empty when all is well. Reads the whole file.
 * The last test reads the journal backwards: its diffs must lead from the records of today to
 * nothing.
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
  // A full-text table reads its structure again after another connection's commit, but not for
  // this check alone, which would then find its newest words damaged.
  for (const table of ['image_search', 'item_search']) {
    database.all(`SELECT rowid FROM ${table} LIMIT 1`);
  }
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

function broken<Name extends CheckSentence>(
  name: Name,
  parts: PartsIn<CheckSentences, Name>,
): AppError {
  return checkFailure('database-corrupt', name, parts);
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
          AND category_id IS NOT NULL AND json_extract(geometry, '$.kind') IN ('mask', 'polygon')))`,
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

/** Takes back in thought what the steps did, the newest first: nothing may be left then. */
function journalProblems(database: Database): AppError[] {
  const present = new PresentRecords(database);
  const problems: AppError[] = [];
  for (const stepId of doneStepIds(database).reverse()) {
    const changes: StateSums[] = [];
    for (const { diff, standing } of diffsOfStep(database, stepId, { newestFirst: true })) {
      present.takeBack(diff, standing);
      changes.push(stateChangeOf(diff));
    }
    if (!isSameJson(sumOf(changes), stateChangesOfStep(database, stepId))) {
      problems.push(broken('checkStateChanges', { id: String(stepId) }));
    }
  }
  return [...problems, ...present.problems()];
}

/** The records of the tables as the journal, read backwards, says that they were. */
class PresentRecords {
  /** By id, the checksums of the records. */
  readonly #checksums = Object.fromEntries(
    recordTables.map(({ kind }) => [kind, new Map<RecordId, number>()]),
  ) as Record<RecordKind, Map<RecordId, number>>;
  readonly #wrong = new Map<RecordId, RecordKind>();
  readonly #missing = new Set<RecordId>();

  constructor(database: Database) {
    for (const { kind, all } of recordTables) {
      for (const record of all(database)) this.#checksums[kind].set(record.id, checksum(record));
    }
  }

  takeBack({ added, updated, removed }: Diff, standing: Standing): void {
    for (const [id, found] of standing) {
      this.#expect(id, 'annotation', found);
      this.#checksums.annotation.delete(id);
    }
    for (const id in added) {
      const { kind } = added[id]!;
      this.#expect(id, kind, checksum(added[id]!));
      this.#checksums[kind].delete(id);
    }
    for (const id in updated) {
      const [from, to] = updated[id]!;
      this.#expect(id, to.kind, checksum(to));
      this.#checksums[from.kind].set(id, checksum(from));
    }
    for (const id in removed) {
      const { kind } = removed[id]!;
      if (this.#checksums[kind].has(id)) this.#wrong.set(id, kind);
      this.#checksums[kind].set(id, checksum(removed[id]!));
    }
  }

  #expect(id: RecordId, kind: RecordKind, expected: number): void {
    const found = this.#checksums[kind].get(id);
    if (found === expected) return;
    if (found === undefined) this.#missing.add(id);
    else this.#wrong.set(id, kind);
  }

  /** Contradictions after undoing all steps. */
  problems(): AppError[] {
    for (const { kind } of recordTables) {
      for (const id of this.#checksums[kind].keys()) this.#wrong.set(id, kind);
    }
    return [
      ...[...this.#wrong].map(([id, kind]) => broken('checkJournal', { kind, id })),
      ...[...this.#missing].map((id) => broken('checkRecordMissing', { id })),
    ];
  }
}

/** The same for records that are the same once stored, whatever the order of their keys. */
function checksum(record: ProjectRecord): number {
  return record.kind === 'annotation' ? checksumOfAnnotation(record) : crc32(canonicalJson(record));
}
