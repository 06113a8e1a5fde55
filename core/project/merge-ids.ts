import type { Diff } from '../diff.ts';
import { categoryNameKey } from './category-names.ts';
import type { Category, ProjectRecord, RecordId } from '../records.ts';

/**
 * Categories that a copy of a project added and that the project has by now under the same name and
 * parent, as the copy's ids with the project's.
 */
export function sharedCategories(
  { added }: Diff,
  present: readonly Category[],
): Map<RecordId, RecordId> {
  const shared = new Map<RecordId, RecordId>();
  const nameOf = ({ name, parentId }: Category) =>
    JSON.stringify([categoryNameKey(name), parentId && (shared.get(parentId) ?? parentId)]);
  const known = new Map(present.map((category) => [nameOf(category), category.id]));
  const fresh = Object.values(added).filter((record) => record.kind === 'category');
  const isKnown = new Set(present.map(({ id }) => id));
  // Parents first: what their children are called depends on them.
  const byDepth = fresh.toSorted((a, b) => depthOf(a, added) - depthOf(b, added));
  for (const category of byDepth) {
    const same = known.get(nameOf(category));
    if (same !== undefined && !isKnown.has(category.id)) shared.set(category.id, same);
  }
  return shared;
}

function depthOf(category: Category, added: Diff['added']): number {
  let depth = 0;
  const seen = new Set<RecordId>();
  for (let { parentId } = category; parentId !== null && !seen.has(parentId); depth++) {
    seen.add(parentId);
    const parent = added[parentId];
    parentId = parent?.kind === 'category' ? parent.parentId : null;
  }
  return depth;
}

/**
 * The changes with other ids: records that the project has already are not added, and what refers
 * to them refers to the project's. Pure.
 * @param ids of categories and images
 * @param folderIds of image folders
 */
export function withIds(
  { added, updated, removed }: Diff,
  ids: ReadonlyMap<RecordId, RecordId>,
  folderIds: ReadonlyMap<RecordId, RecordId>,
): Diff {
  if (ids.size === 0 && folderIds.size === 0) return { added, updated, removed };
  const to = (id: RecordId) => ids.get(id) ?? id;
  const place = (record: ProjectRecord): ProjectRecord => {
    switch (record.kind) {
      case 'image':
        return { ...record, folderId: folderIds.get(record.folderId) ?? record.folderId };
      case 'category':
        return { ...record, parentId: record.parentId && to(record.parentId) };
      case 'annotation': {
        const categoryId = record.categoryId && to(record.categoryId);
        return { ...record, imageId: to(record.imageId), categoryId };
      }
      default:
        return { ...record, imageId: to(record.imageId) };
    }
  };
  const placed = <Value>(part: Record<string, Value>, put: (value: Value) => Value) =>
    Object.fromEntries(
      Object.entries(part)
        .filter(([id]) => !ids.has(id))
        .map(([id, value]) => [id, put(value)]),
    );
  return {
    added: placed(added, place),
    updated: placed(updated, ([from, now]): [ProjectRecord, ProjectRecord] => [
      place(from),
      place(now),
    ]),
    removed: placed(removed, place),
  };
}
