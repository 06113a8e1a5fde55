import { emptyDiff, replacements, type Diff } from '../../core/diff.ts';
import type { Annotation, RecordId } from '../../core/records.ts';

export type OrderMove = 'front' | 'forward' | 'backward' | 'back';

/**
 * Moves a region above or below others; to the front or the back changes one record, one step
 * forward or backward two. Pure; empty when it is there already.
 * @param annotations those of one image, in drawing order
 */
export function moveInOrder(
  annotations: readonly Annotation[],
  id: RecordId,
  move: OrderMove,
): Diff {
  const index = annotations.findIndex((annotation) => annotation.id === id);
  const last = annotations.length - 1;
  const isThere = move === 'front' || move === 'forward' ? index === last : index === 0;
  if (index < 0 || isThere) return emptyDiff();
  const moved = annotations[index]!;
  switch (move) {
    case 'front':
      return reordered([[moved, annotations[last]!.zOrder + 1]]);
    case 'back':
      return reordered([[moved, annotations[0]!.zOrder - 1]]);
    case 'forward':
      return swapped(annotations, index, index + 1);
    case 'backward':
      return swapped(annotations, index - 1, index);
  }
}

function swapped(annotations: readonly Annotation[], lower: number, upper: number): Diff {
  const [below, above] = [annotations[lower]!, annotations[upper]!];
  if (below.zOrder !== above.zOrder) {
    return reordered([
      [below, above.zOrder],
      [above, below.zOrder],
    ]);
  }
  // Imported regions may share one place; swapping needs a place for each.
  const next = annotations.with(lower, above).with(upper, below);
  return reordered(next.map((annotation, place) => [annotation, place]));
}

function reordered(places: readonly (readonly [Annotation, number])[]): Diff {
  const updatedAtMs = Date.now();
  const moved = places.filter(([annotation, zOrder]) => annotation.zOrder !== zOrder);
  return replacements(
    moved.map(([annotation, zOrder]) => [annotation, { ...annotation, zOrder, updatedAtMs }]),
  );
}
