import { emptyDiff, type Diff, type Records } from '../diff.ts';
import type { ProjectRecord, RecordId } from '../records.ts';
import { withDependents } from './dependents.ts';
import { changedFields, isSameValue, withFields, withReferences } from './merge-records.ts';

/** Why a change of the copy needs a decision. `here` is the project, `there` its copy. */
export type ConflictReason =
  /** Project and copy give the same fields different values. */
  | 'changed-by-both'
  /** The copy changed a record that the project removed. */
  | 'removed-here'
  /** The copy removed a record that the project changed, or that a newer record is about. */
  | 'removed-there';

/** A record that the project and its copy changed in ways that exclude each other. */
export interface MergeConflict {
  readonly reason: ConflictReason;
  /** The record when the copy was made; null where both added it. */
  readonly before: ProjectRecord | null;
  /** Null where it was removed; `here` or `there` is a record. */
  readonly here: ProjectRecord | null;
  readonly there: ProjectRecord | null;
  /** The fields that both changed; empty where one of them removed the record. */
  readonly fields: readonly string[];
}

/** Whose values the conflicting fields get; all other changes are kept. */
export type MergeDecision = 'here' | 'there';

export interface Merge {
  /** The change of the project. */
  readonly diff: Diff;
  readonly conflicts: readonly MergeConflict[];
  /** Records of the copy about an image, region or item that the project has no longer. */
  readonly leftOut: readonly ProjectRecord[];
}

/** The time of a change is never a conflict. */
const timeField = 'updatedAtMs';

/**
 * Merges the changes of a copy into the project, field by field. A field that one side changed gets
 * its value; a field that both changed is decided. A category is never removed, because other
 * images may show it. Pure.
 * @param changes made to the copy since it was made
 * @param present the records of the images that the changes touch, and all categories
 * @param decide whose change of a record stays
 */
export function mergeChanges(
  changes: Diff,
  present: Records,
  decide: (conflict: MergeConflict) => MergeDecision,
): Merge {
  const merge = new ChangeMerge(changes, present, decide);
  return merge.run();
}

class ChangeMerge {
  readonly #changes: Diff;
  readonly #present: Records;
  readonly #decide: (conflict: MergeConflict) => MergeDecision;
  readonly #diff = emptyDiff();
  readonly #conflicts: MergeConflict[] = [];
  readonly #leftOut: ProjectRecord[] = [];
  readonly #wanted = new Map<RecordId, ProjectRecord>();
  /** The project's records by the ids of what they are about. */
  readonly #about = new Map<RecordId, ProjectRecord[]>();

  constructor(changes: Diff, present: Records, decide: (conflict: MergeConflict) => MergeDecision) {
    this.#changes = changes;
    this.#present = present;
    this.#decide = decide;
    for (const record of present.values()) {
      for (const id of subjectsOf(record)) {
        const known = this.#about.get(id);
        if (known) known.push(record);
        else this.#about.set(id, [record]);
      }
    }
  }

  run(): Merge {
    for (const record of Object.values(this.#changes.added)) this.#add(record);
    for (const [from, to] of Object.values(this.#changes.updated)) this.#update(from, to);
    for (const record of Object.values(this.#changes.removed)) this.#remove(record);
    this.#put();
    const all = [...this.#present.values()];
    const diff = withDependents(
      this.#diff,
      all.filter((record) => record.kind === 'item'),
      all.filter((record) => record.kind === 'review'),
    );
    return { diff, conflicts: this.#conflicts, leftOut: this.#leftOut };
  }

  #add(there: ProjectRecord): void {
    const here = this.#present.get(there.id);
    if (!here) this.#wanted.set(there.id, there);
    else this.#both(null, here, there, changedFields(here, there));
  }

  #update(from: ProjectRecord, there: ProjectRecord): void {
    const here = this.#present.get(there.id);
    if (!here) {
      const conflict = { before: from, here: null, there, fields: [] };
      if (this.#ask('removed-here', conflict) === 'there') this.#wanted.set(there.id, there);
      return;
    }
    const changedThere = changedFields(from, there);
    const own = changedFields(from, here);
    const differing = changedFields(here, there);
    const both = new Set([...changedThere].filter((f) => own.has(f) && differing.has(f)));
    this.#both(from, withFields(here, there, minus(changedThere, own)), there, both, here);
  }

  /** @param merged the project's record with the fields that only the copy changed */
  #both(
    before: ProjectRecord | null,
    merged: ProjectRecord,
    there: ProjectRecord,
    fields: ReadonlySet<string>,
    here: ProjectRecord = merged,
  ): void {
    const timeOf = (record: ProjectRecord) => ('updatedAtMs' in record ? record.updatedAtMs : 0);
    const decided = minus(fields, new Set([timeField]));
    let result = merged;
    if (decided.size > 0) {
      const conflict = { before, here, there, fields: [...decided].sort() };
      if (this.#ask('changed-by-both', conflict) === 'there') {
        result = withFields(merged, there, decided);
      }
    }
    if (timeOf(there) > timeOf(here) && !isSameValue(result, here)) {
      result = withFields(result, there, new Set([timeField]));
    }
    this.#wanted.set(result.id, result);
  }

  #remove(from: ProjectRecord): void {
    const here = this.#present.get(from.id);
    if (!here || here.kind === 'category') return;
    const changed = minus(changedFields(from, here), new Set([timeField]));
    const isSafe = changed.size === 0 && !this.#hasOwnAbout(here);
    if (isSafe) this.#diff.removed[here.id] = here;
    else {
      const conflict = { before: from, here, there: null, fields: [] };
      if (this.#ask('removed-there', conflict) === 'there') this.#diff.removed[here.id] = here;
    }
  }

  /** Whether a record of the project is about a record that the copy removed without it. */
  #hasOwnAbout({ id }: ProjectRecord): boolean {
    const { removed, updated } = this.#changes;
    return (this.#about.get(id) ?? []).some((record) => {
      if (Object.hasOwn(removed, record.id)) return false;
      const there = Object.hasOwn(updated, record.id) ? updated[record.id]![1] : record;
      return subjectsOf(there).includes(id);
    });
  }

  #ask(reason: ConflictReason, sides: Omit<MergeConflict, 'reason'>): MergeDecision {
    const conflict = { reason, ...sides };
    this.#conflicts.push(conflict);
    return this.#decide(conflict);
  }

  /** Puts records after what they are about, so that a record goes where its subject goes. */
  #put(): void {
    const isThere = (id: RecordId) =>
      Object.hasOwn(this.#diff.added, id) ||
      (this.#present.has(id) && !Object.hasOwn(this.#diff.removed, id));
    for (const kind of ['category', 'image', 'annotation', 'item', 'review'] as const) {
      const some = [...this.#wanted.values()].filter((record) => record.kind === kind);
      // A category may be listed before its parent.
      const isWanted = (id: RecordId) => isThere(id) || some.some((record) => record.id === id);
      for (const wanted of some) {
        const record = withReferences(wanted, kind === 'category' ? isWanted : isThere);
        const now = this.#present.get(wanted.id);
        if (record === null) this.#leftOut.push(wanted);
        else if (!now) this.#diff.added[record.id] = record;
        else if (!isSameValue(now, record)) this.#diff.updated[record.id] = [now, record];
      }
    }
  }
}

/** Ids of what a record is about: its image, the regions of an item, what a review judges. */
function subjectsOf(record: ProjectRecord): readonly RecordId[] {
  switch (record.kind) {
    case 'image':
    case 'category':
      return [];
    case 'annotation':
      return [record.imageId];
    case 'item':
      return [record.imageId, ...record.segments.map(({ annotationId }) => annotationId)];
    case 'review':
      return [record.imageId, record.itemId ?? record.annotationId!];
  }
}

function minus(left: ReadonlySet<string>, right: ReadonlySet<string>): Set<string> {
  return new Set([...left].filter((field) => !right.has(field)));
}
