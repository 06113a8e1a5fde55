import { emptyDiff, type Diff, type Records } from '../diff.ts';
import type { ProjectRecord, RecordId } from '../records.ts';
import { withDependents } from './dependents.ts';
import { changedFields, isSameValue, withFields, withReferences } from './merge-records.ts';

/** Why a change that was made elsewhere cannot be made here without a decision. */
export type ConflictReason =
  /** Both changed the same fields, to different values. */
  | 'changed-by-both'
  /** Changed there, removed here. */
  | 'removed-here'
  /** Removed there; here it was changed, or something is about it. */
  | 'removed-there';

/** Two changes of one record that exclude each other, side by side. */
export interface MergeConflict {
  readonly reason: ConflictReason;
  /** The record as both had it; null where both added it. */
  readonly before: ProjectRecord | null;
  /** Null where it was removed. At least one of the two is a record. */
  readonly here: ProjectRecord | null;
  readonly there: ProjectRecord | null;
  /** The fields that both changed; empty where one of them removed the record. */
  readonly fields: readonly string[];
}

/** Whose change of a record stays. What only one of both changed is kept in any case. */
export type MergeDecision = 'here' | 'there';

export interface Merge {
  /** What the project is to be changed by. */
  readonly diff: Diff;
  readonly conflicts: readonly MergeConflict[];
  /** Records of there whose image, region or item is gone here and that were left out for that. */
  readonly leftOut: readonly ProjectRecord[];
}

/** The time of a change says nothing of what was changed. */
const timeField = 'updatedAtMs';

/**
 * Changes that were made to a copy of a project, as a change to the project as it is now: what only
 * one side changed is kept, field by field; what both changed is decided. Categories are never
 * removed, for other images may show them. Pure.
 * @param changes made to the copy since it was taken
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

  constructor(changes: Diff, present: Records, decide: (conflict: MergeConflict) => MergeDecision) {
    this.#changes = changes;
    this.#present = present;
    this.#decide = decide;
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

  /** @param merged the record of here with what only there was changed */
  #both(
    before: ProjectRecord | null,
    merged: ProjectRecord,
    there: ProjectRecord,
    fields: ReadonlySet<string>,
    here: ProjectRecord = merged,
  ): void {
    const times = [here, there].map((record) => ('updatedAtMs' in record ? record.updatedAtMs : 0));
    const isLater = times[1]! > times[0]!;
    const decided = minus(fields, new Set([timeField]));
    let result = merged;
    if (decided.size > 0) {
      const conflict = { before, here, there, fields: [...decided].sort() };
      if (this.#ask('changed-by-both', conflict) === 'there') {
        result = withFields(merged, there, decided);
      }
    }
    if (isLater && !isSameValue(result, here)) {
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

  /** Whether something here is about a record that there was not known, or not removed with it. */
  #hasOwnAbout({ id }: ProjectRecord): boolean {
    for (const record of this.#present.values()) {
      if (record.id === id || record.kind === 'category' || record.kind === 'image') continue;
      if (Object.hasOwn(this.#changes.removed, record.id)) continue;
      const { updated } = this.#changes;
      const there = Object.hasOwn(updated, record.id) ? updated[record.id]![1] : record;
      if (subjectsOf(record).includes(id) && subjectsOf(there).includes(id)) return true;
    }
    return false;
  }

  #ask(reason: ConflictReason, conflict: Omit<MergeConflict, 'reason'>): MergeDecision {
    this.#conflicts.push({ reason, ...conflict });
    return this.#decide({ reason, ...conflict });
  }

  /** What is wanted, each after what it is about: a record whose subject is left out is so, too. */
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
