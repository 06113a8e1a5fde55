import { emptyDiff, replacements, type Diff } from '../../core/diff.ts';
import type { Category } from '../../core/records.ts';
import { possibleParents } from './category-changes.ts';

/** Categories as lists show them: those that somebody has ordered first, in that order. */
export function inPlace(categories: readonly Category[]): readonly Category[] {
  if (categories.every(({ place }) => place === undefined)) return categories;
  return categories.toSorted((a, b) => (a.place ?? Infinity) - (b.place ?? Infinity) || 0);
}

/**
 * Puts a category before or after another one, under the same parent. Most often that changes its
 * place alone; the first time, it gives one to each of its siblings. Empty where it is there, or
 * would come under itself.
 * @param categories all, as lists show them
 */
export function moveBeside(
  category: Category,
  target: Category,
  side: 'before' | 'after',
  categories: readonly Category[],
): Diff {
  const { parentId } = target;
  const isPossible =
    parentId === null || possibleParents(category, categories).some(({ id }) => id === parentId);
  if (category.id === target.id || !isPossible) return emptyDiff();
  const siblings = categories.filter((each) => each.parentId === parentId);
  const others = siblings.filter(({ id }) => id !== category.id);
  const index = others.findIndex(({ id }) => id === target.id) + Number(side === 'after');
  const isThere = siblings.findIndex(({ id }) => id === category.id) === index;
  if (isThere) return emptyDiff();
  const place = placeBetween(others[index - 1], others[index], others);
  if (place !== null) return replacements([[category, { ...category, parentId, place }]]);
  const ordered = others.toSpliced(index, 0, category);
  return replacements(
    ordered
      .map((each, at) => [each, { ...each, parentId, place: at }] as const)
      .filter(([from, to]) => from.place !== to.place || from.parentId !== to.parentId),
  );
}

/** Puts a category one further up or down among its siblings. */
export function moveAmongSiblings(
  category: Category,
  by: 1 | -1,
  categories: readonly Category[],
): Diff {
  const siblings = categories.filter(({ parentId }) => parentId === category.parentId);
  const target = siblings[siblings.findIndex(({ id }) => id === category.id) + by];
  return target
    ? moveBeside(category, target, by > 0 ? 'after' : 'before', categories)
    : emptyDiff();
}

/** A number between those of two neighbours; null where not all siblings have one, or none fits. */
function placeBetween(
  before: Category | undefined,
  after: Category | undefined,
  siblings: readonly Category[],
): number | null {
  if (siblings.some(({ place }) => place === undefined)) return null;
  const [low, high] = [before?.place, after?.place];
  if (low === undefined || high === undefined) {
    if (low !== undefined) return low + 1;
    return high === undefined ? 0 : high - 1;
  }
  const middle = (low + high) / 2;
  return middle > low && middle < high ? middle : null;
}
