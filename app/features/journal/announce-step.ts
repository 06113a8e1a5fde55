import { changesNothing, diffSize, type Diff } from '../../../core/diff.ts';
import type { Session } from '../../session.ts';

/**
 * Tells the other windows of a step; not what was written or judged, while one of them must not
 * know it. They hear nothing of a diff that changed nothing, because it was not kept.
 */
export function announceStep({ window, windows, emit }: Session, diff: Diff | null): void {
  if (window === undefined || windows.others(window).length === 0) return;
  if (diff && changesNothing(diff)) return;
  const isTold = diff && diffSize(diff) <= sentRecords && !(windows.isAnyBlind && hasTexts(diff));
  emit('journal:changed', { window, diff: isTold ? diff : null });
}

/** With more records it is quicker to read again what is shown. */
const sentRecords = 2000;

function hasTexts({ added, updated, removed }: Diff): boolean {
  const changed = [
    ...Object.values(added),
    ...Object.values(removed),
    ...Object.values(updated).map(([, to]) => to),
  ];
  return changed.some(({ kind }) => kind === 'item' || kind === 'review');
}
