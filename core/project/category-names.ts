import { nextCategoryColor } from '../category-colors.ts';
import { newId } from '../ids.ts';
import type { Category, RecordId } from '../records.ts';

/**
 * The key of a category name. Letter case, outer and repeated white space, and whether an accent is
 * a character of its own (Unicode NFC) do not tell categories apart; everything else does, width
 * and accents included.
 */
export function categoryNameKey(name: string): string {
  return name.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase();
}

/**
 * Finds categories by name: the one that is spelled the same, else the first whose name differs
 * only in letter case, white space or Unicode normalisation. A dataset may tell "a" from "A", so
 * the same spelling goes first.
 */
export class CategoryNames {
  readonly #bySpelling = new Map<string, Category>();
  readonly #byKey = new Map<string, Category>();

  constructor(categories: readonly Category[]) {
    for (const category of categories) this.add(category);
  }

  find(name: string): Category | null {
    return this.#bySpelling.get(name) ?? this.#byKey.get(categoryNameKey(name)) ?? null;
  }

  /** Whether a category has the name, however it is spelled. */
  has(name: string): boolean {
    return this.#byKey.has(categoryNameKey(name));
  }

  add(category: Category): void {
    const key = categoryNameKey(category.name);
    if (!this.#bySpelling.has(category.name)) this.#bySpelling.set(category.name, category);
    if (!this.#byKey.has(key)) this.#byKey.set(key, category);
  }
}

/**
 * A new category with the colour that follows those of the others.
 * @param count how many categories there are already
 */
export function makeCategory(name: string, count: number): Category {
  return {
    kind: 'category',
    id: newId(),
    name,
    parentId: null,
    color: nextCategoryColor(count),
    attributes: [],
    extra: {},
  };
}

/**
 * The id of the category of each name, and the categories that must be added because the project
 * has none of that name.
 */
export function categoriesFor(
  present: readonly Category[],
  names: readonly string[],
): { ids: ReadonlyMap<string, RecordId>; added: Category[] } {
  const known = new CategoryNames(present);
  const ids = new Map<string, RecordId>();
  const added: Category[] = [];
  for (const name of names) {
    let category = known.find(name);
    if (!category) {
      category = makeCategory(name.trim(), present.length + added.length);
      known.add(category);
      added.push(category);
    }
    ids.set(name, category.id);
  }
  return { ids, added };
}
