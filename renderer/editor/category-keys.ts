import {
  categoryKeys,
  giveCategoryKeys,
  moveCategoryKey,
  ownerOf,
  type CategoryKey,
} from '../../core/category-keys.ts';
import type { Category, RecordId } from '../../core/records.ts';
import type { ProjectSettingsState } from './project-settings.svelte.ts';

/** A category and its number key. */
export interface KeyedCategory {
  readonly key: CategoryKey;
  readonly category: Category;
}

interface Shown {
  readonly categories: readonly Category[];
}

/** The number keys of the project's categories. */
export class CategoryKeys {
  readonly #settings: ProjectSettingsState;
  readonly #document: Shown;

  constructor(settings: ProjectSettingsState, document: Shown) {
    this.#settings = settings;
    this.#document = document;
  }

  /** Gives keys to categories that are new, once it is known which keys are given. */
  follow(): void {
    const { current, isLoaded } = this.#settings;
    if (!isLoaded) return;
    const keys = giveCategoryKeys(current.categoryKeys, this.#ids);
    if (keys !== current.categoryKeys) this.#settings.change({ categoryKeys: keys });
  }

  /** The key of a category; null when it has none. */
  of(id: RecordId): CategoryKey | null {
    return this.#settings.current.categoryKeys[id] ?? null;
  }

  /** The category that a key stands for. */
  find(key: string): Category | null {
    return this.list().find((keyed) => keyed.key === key)?.category ?? null;
  }

  /** The categories that have a key, in the order of the keys. */
  list(): readonly KeyedCategory[] {
    const { categoryKeys: keys } = this.#settings.current;
    return categoryKeys.flatMap((key) => {
      const id = ownerOf(keys, key, this.#ids);
      const category = this.#document.categories.find((known) => known.id === id);
      return category ? [{ key, category }] : [];
    });
  }

  /** Gives a category a key, or none; its former category gets the key that this one had. */
  move(id: RecordId, key: CategoryKey | null): void {
    const { categoryKeys: keys } = this.#settings.current;
    this.#settings.change({ categoryKeys: moveCategoryKey(keys, id, key, this.#ids) });
  }

  get #ids(): readonly RecordId[] {
    return this.#document.categories.map(({ id }) => id);
  }
}
