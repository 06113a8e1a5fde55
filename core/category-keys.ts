import type { RecordId } from './records.ts';

/** The number keys that categories can have, in the order in which they are given out. */
export const categoryKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const;
export type CategoryKey = (typeof categoryKeys)[number];

/**
 * Which key each category has; null for one that has none. A category keeps its entry after it was
 * removed, so that undoing its removal brings its key back; only one that is gone can share a key.
 */
export type KeysOfCategories = Readonly<Record<RecordId, CategoryKey | null>>;

/**
 * Gives a key to each category that has no entry yet; the others keep theirs. A new one gets the
 * first key that no category ever had, else one whose category is gone, else none.
 * @param ids all categories that there are, in the order in which they were made
 * @returns the same object when no category is new
 */
export function giveCategoryKeys(
  keys: KeysOfCategories,
  ids: readonly RecordId[],
): KeysOfCategories {
  const fresh = ids.filter((id) => !Object.hasOwn(keys, id));
  if (fresh.length === 0) return keys;
  const next: Record<RecordId, CategoryKey | null> = { ...keys };
  const ever = new Set(Object.values(keys));
  const now = new Set(ids.map((id) => keys[id] ?? null));
  for (const id of fresh) {
    const free = categoryKeys.find((key) => !ever.has(key));
    const key = free ?? categoryKeys.find((other) => !now.has(other)) ?? null;
    next[id] = key;
    ever.add(key);
    now.add(key);
  }
  return next;
}

/**
 * Gives a category another key, or none; the category that has this key gets the one that becomes
 * free.
 */
export function moveCategoryKey(
  keys: KeysOfCategories,
  id: RecordId,
  key: CategoryKey | null,
  ids: readonly RecordId[],
): KeysOfCategories {
  const next: Record<RecordId, CategoryKey | null> = { ...keys };
  const owner = key === null ? null : ownerOf(keys, key, ids);
  for (const [other, its] of Object.entries(keys))
    if (key !== null && its === key) next[other] = null;
  if (owner !== null) next[owner] = keys[id] ?? null;
  next[id] = key;
  return next;
}

/** The category that has a key, of these; the oldest should there be several. */
export function ownerOf(
  keys: KeysOfCategories,
  key: CategoryKey,
  ids: readonly RecordId[],
): RecordId | null {
  return ids.find((id) => keys[id] === key) ?? null;
}
