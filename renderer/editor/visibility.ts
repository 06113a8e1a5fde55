import type { RecordId } from '../../core/records.ts';

/** Regions that are not shown. Hiding is a matter of the view only; no record knows of it. */
export type HiddenIds = ReadonlySet<RecordId>;

export const nothingHidden: HiddenIds = new Set();

export function withHidden(
  hidden: HiddenIds,
  ids: readonly RecordId[],
  isHidden: boolean,
): HiddenIds {
  const next = new Set(hidden);
  for (const id of ids) {
    if (isHidden) next.add(id);
    else next.delete(id);
  }
  return next;
}
