import { nextCategoryColor } from '../category-colors.ts';
import { newId } from '../ids.ts';
import type { Category, RecordId } from '../records.ts';
import { knownKeys, otherKeys, type CocoId } from './coco-row.ts';

/** What tools write for a category without a parent; the category's own name means the same. */
const noSupercategory = new Set(['', 'none']);

/**
 * Turns the rows of a file's `categories` into records: existing ones of the same name are used, and each
 * supercategory becomes the parent.
 */
export class CocoCategories {
  readonly #byName: Map<string, Category>;
  readonly #byCocoId = new Map<CocoId, RecordId>();
  readonly #supercategories = new Map<string, string>();
  #unsaved: Category[] = [];

  constructor(existing: readonly Category[]) {
    this.#byName = new Map(existing.map((category) => [category.name, category]));
  }

  has(id: CocoId): boolean {
    return this.#byCocoId.has(id);
  }

  find(id: CocoId): RecordId | null {
    return this.#byCocoId.get(id) ?? null;
  }

  add(id: CocoId, name: string, row: Readonly<Record<string, unknown>>): void {
    if (!this.#byName.has(name)) {
      this.#create(name, otherKeys(row, knownKeys.category));
      const parent = row['supercategory'];
      if (typeof parent === 'string' && parent !== name && !noSupercategory.has(parent)) {
        this.#supercategories.set(name, parent);
      }
    }
    this.#byCocoId.set(id, this.#byName.get(name)!.id);
  }

  #create(name: string, extra: Category['extra']): Category {
    const category: Category = {
      kind: 'category',
      id: newId(),
      name,
      parentId: null,
      color: nextCategoryColor(this.#byName.size),
      attributes: [],
      extra,
    };
    this.#byName.set(name, category);
    this.#unsaved.push(category);
    return category;
  }

  /**
   * The new categories since the last call, parents set. Those that are only a supercategory come last, so
   * that the file's own categories get consecutive ids when they are exported.
   */
  takeNew(): Category[] {
    if (this.#unsaved.length === 0) return [];
    for (const parent of new Set(this.#supercategories.values())) {
      if (!this.#byName.has(parent)) this.#create(parent, {});
    }
    const taken = this.#unsaved.map((category) => {
      const parent = this.#supercategories.get(category.name);
      return parent === undefined
        ? category
        : { ...category, parentId: this.#byName.get(parent)!.id };
    });
    this.#unsaved = [];
    return taken;
  }
}
