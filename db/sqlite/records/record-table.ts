import type { ProjectRecord, RecordId, RecordKind } from '../../../core/records.ts';
import type { CheckSentence } from '../../check-sentences.ts';
import type { Database } from '../../database.ts';
import type { References } from './references.ts';

export type RecordOf<Kind extends RecordKind> = Extract<ProjectRecord, { kind: Kind }>;

/** A record that is not stored as it was expected. */
export interface Differing {
  readonly expected: ProjectRecord;
  readonly isStored: boolean;
}

/**
 * A query that finds what contradicts itself in the tables, and the sentence about each `subject`
 * that it finds.
 */
export interface Invariant {
  readonly sql: string;
  readonly sentence: CheckSentence;
}

/**
 * How records of one kind are stored: in a table of the kind's name, with their `id` and an
 * `export_id` that they keep. A new kind is a module beside this one, its line in registry.ts, and
 * a migration that makes its table.
 */
export interface RecordTable<Kind extends RecordKind = RecordKind> {
  readonly kind: Kind;
  /** How messages name a record. */
  nameOf(record: RecordOf<Kind>): string;
  /** Those of the records that are not stored as they are given. */
  differing(
    database: Database,
    expected: readonly (readonly [id: RecordId, record: RecordOf<Kind>])[],
  ): Differing[];
  /**
   * Writes a new record.
   * @returns the checksum of its row, where the journal need hold no copy of what stands in the
   * table; else null
   * @throws AppError `conflict` where what it refers to does not exist.
   */
  insert(database: Database, record: RecordOf<Kind>, references: References): number | null;
  /** {@link insert} of some records at once, where that takes less than one after another. */
  insertSome?(
    database: Database,
    records: readonly RecordOf<Kind>[],
    references: References,
  ): readonly number[];
  /** Writes a changed record. @throws AppError `conflict` as `insert`. */
  update(
    database: Database,
    from: RecordOf<Kind>,
    to: RecordOf<Kind>,
    references: References,
  ): void;
  /** Takes what indexes hold of stored records out of them, before the rows are deleted. */
  unindex(database: Database, ids: readonly RecordId[]): void;
  /** One of the ids, which are deleted, that stored records still refer to. */
  findReferenced(database: Database, ids: readonly RecordId[]): RecordId | null;
  /** Whether both have the same words in the full-text index; absent where the kind has none. */
  hasSameWords?(from: RecordOf<Kind>, to: RecordOf<Kind>): boolean;
  /** Checks that need all records to be written. @throws AppError `conflict`. */
  requireConsistent?(database: Database, record: RecordOf<Kind>, references: References): void;
  /** Every stored record, in export order. @throws AppError `database-corrupt`. */
  all(database: Database): Iterable<RecordOf<Kind>>;
  readonly invariants: readonly Invariant[];
}
