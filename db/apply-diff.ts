import type { Diff } from '../core/diff.ts';
import { AppError } from '../core/errors.ts';
import type { ProjectRecord, RecordId, RecordKind } from '../core/records.ts';
import type { Database } from './database.ts';
import { CountChanges } from './kept-counts.ts';
import type { Standing } from './repositories/journal.ts';
import type { Slices } from './slices.ts';
import type { RecordTable } from './sqlite/records/record-table.ts';
import { conflict, References } from './sqlite/records/references.ts';
import {
  deleteRecords,
  nameOf,
  recordTables,
  tableOf,
  takenIds,
} from './sqlite/records/registry.ts';
import { addWords, removeWords, type WordKind } from './sqlite/records/words.ts';

/**
 * Writes a diff to the tables, and to the counts and indexes that are kept beside them, resting
 * after every few records. Call it inside a transaction: it throws after some rows are written.
 * @param justRead ids of removed records that were read from the tables in this transaction
 * @returns the annotations that it added, with the checksums of their rows
 * @throws AppError `conflict` naming the record when an added one exists, an updated or removed one
 *   is not as the diff says, or a record would refer to one that does not exist; `invalid-input`
 *   when the diff is malformed.
 */
export function* applyToTables(
  database: Database,
  diff: Diff,
  justRead: Standing = new Map(),
): Slices<Standing> {
  const removed = entriesOf(diff.removed);
  const updated = entriesOf(diff.updated);
  const added = entriesOf(diff.added);
  const updates = updated.map(([, pair]) => pair);
  const additions = added.map(([, record]) => record);
  yield* requireStored(
    database,
    removed.filter(([id]) => !justRead.has(id)),
  );
  yield* requireUnchanged(database, diff);
  for (const [id, [from, to]] of updated) requireWellFormed(id, to, from.kind);
  for (const [id, record] of added) requireWellFormed(id, record, record.kind);
  yield* requireNew(database, additions);

  // Paths and references that removals and updates free can be taken again by what is added.
  for (const table of recordTables) {
    for (const some of inParts(ofKind(removed, table))) {
      deleteRecords(
        database,
        table,
        some.map(([id]) => id),
      );
      yield;
    }
  }
  const standing = new Map<RecordId, number>();
  const references = new References(database);
  for (const table of recordTables) {
    for (const [from, to] of updates) {
      if (to.kind !== table.kind) continue;
      table.update(database, from, to, references);
      yield;
    }
    const added = additions.filter((record) => record.kind === table.kind);
    for (const some of inParts(added, writtenAtOnce)) {
      const checksums =
        table.insertSome?.(database, some, references) ??
        some.map((record) => table.insert(database, record, references));
      for (const [index, { id }] of some.entries()) {
        const checksum = checksums[index] ?? null;
        if (checksum !== null) standing.set(id, checksum);
      }
      yield;
    }
  }

  yield* requireUnreferenced(database, removed);
  for (const record of [...updates.map(([, to]) => to), ...additions]) {
    const { requireConsistent } = tableOf(record.kind);
    if (!requireConsistent) continue;
    requireConsistent(database, record, references);
    yield;
  }
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
}

/** @throws AppError `conflict` naming the record when an updated one is not as the diff says. */
export function* requireUnchanged(database: Database, { updated }: Diff): Slices<void> {
  yield* requireStored(
    database,
    entriesOf(updated).map(([id, [from]]) => [id, from] as const),
  );
}

/** `Object.entries` takes four times as long for the thousand keys of a large diff. */
function entriesOf<Value>(map: Readonly<Record<RecordId, Value>>): [RecordId, Value][] {
  const entries: [RecordId, Value][] = [];
  for (const id in map) entries.push([id, map[id]!]);
  return entries;
}

/** More would hold up others: work rests between two statements only. */
const recordsAtOnce = 100;
/** Rows that are written one by one take longer than those that one statement reads or deletes. */
const writtenAtOnce = 16;

function* inParts<Value>(
  values: readonly Value[],
  size = recordsAtOnce,
): Generator<readonly Value[]> {
  for (let start = 0; start < values.length; start += size) {
    yield values.slice(start, start + size);
  }
}

type Entry = readonly [id: RecordId, record: ProjectRecord];

function ofKind(entries: readonly Entry[], { kind }: RecordTable): Entry[] {
  return entries.filter(([, record]) => record.kind === kind);
}

function* requireStored(database: Database, expected: readonly Entry[]): Slices<void> {
  for (const some of inParts(expected)) {
    for (const table of recordTables) {
      const entries = ofKind(some, table);
      if (entries.length === 0) continue;
      const [first] = table.differing(database, entries);
      if (!first) continue;
      throw conflict(
        first.expected,
        first.isStored
          ? `${nameOf(first.expected)} was changed in the meantime.`
          : `${nameOf(first.expected)} does not exist any more.`,
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
      throw conflict(record, `${nameOf(record)} cannot be added: its id exists already.`);
    }
    yield;
  }
}

function requireWellFormed(id: string, record: ProjectRecord, kind: RecordKind): void {
  if (record.id !== id || record.kind !== kind) {
    throw new AppError(
      'invalid-input',
      `A change under the id ${id} must keep the id and kind of its record (${kind}); found ${nameOf(record)}.`,
      { id },
    );
  }
  const fields = record as unknown as Readonly<Record<string, unknown>>;
  for (const key in fields) {
    const value = fields[key];
    if (typeof value === 'string' && !value.isWellFormed()) {
      throw new AppError(
        'invalid-input',
        `${nameOf(record)} has broken Unicode (half a surrogate pair) in "${key}". Rename it first.`,
        { id },
      );
    }
  }
}

/** Removing a record never takes others with it: the diff must say what becomes of them. */
function* requireUnreferenced(database: Database, removed: readonly Entry[]): Slices<void> {
  for (const table of recordTables) {
    for (const some of inParts(ofKind(removed, table))) {
      const found = table.findReferenced(
        database,
        some.map(([id]) => id),
      );
      const record = some.find(([id]) => id === found)?.[1];
      if (record) {
        throw conflict(
          record,
          `${nameOf(record)} is still used by other records. Change or remove them in the same step.`,
        );
      }
      yield;
    }
  }
}

/** Brings the full-text indexes up to what was added or changed. */
function* indexWords(
  database: Database,
  updates: readonly (readonly [from: ProjectRecord, to: ProjectRecord])[],
  additions: readonly ProjectRecord[],
): Slices<void> {
  for (const { kind, hasSameWords } of recordTables) {
    if (!hasSameWords) continue;
    const changed = updates.flatMap(([from, to]) =>
      to.kind === kind && !hasSameWords(from, to) ? [to.id] : [],
    );
    const fresh = additions.flatMap((record) => (record.kind === kind ? [record.id] : []));
    for (const some of inParts(changed)) {
      removeWords(database, kind as WordKind, some);
      yield;
    }
    for (const some of inParts([...changed, ...fresh])) {
      addWords(database, kind as WordKind, some);
      yield;
    }
  }
}
