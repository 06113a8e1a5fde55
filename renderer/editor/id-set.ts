import type { RecordId } from '../../core/records.ts';

/** Regions that are hidden, or locked. */
export type IdSet = ReadonlySet<RecordId>;

export const noIds: IdSet = new Set();

/** The set with the ids put in, or taken out. */
export function withIds(set: IdSet, ids: readonly RecordId[], isIn: boolean): IdSet {
  const next = new Set(set);
  for (const id of ids) {
    if (isIn) next.add(id);
    else next.delete(id);
  }
  return next;
}
