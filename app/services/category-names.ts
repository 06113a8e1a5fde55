import { nextCategoryColor } from '../../core/category-colors.ts';
import { newId } from '../../core/ids.ts';
import type { Category, RecordId } from '../../core/records.ts';

/** The ids of categories by name, and those that must be added because the project has none of that name. */
export function categoriesFor(
  present: readonly Category[],
  names: readonly string[],
): { ids: ReadonlyMap<string, RecordId>; added: Category[] } {
  const ids = new Map(present.map(({ name, id }) => [name, id]));
  const added: Category[] = [];
  for (const name of names) {
    if (ids.has(name)) continue;
    const category: Category = {
      kind: 'category',
      id: newId(),
      name,
      parentId: null,
      color: nextCategoryColor(ids.size),
      attributes: [],
      extra: {},
    };
    added.push(category);
    ids.set(name, category.id);
  }
  return { ids, added };
}
