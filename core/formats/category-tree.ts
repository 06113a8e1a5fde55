import { skeletonOf, withOwnSkeleton, withoutSkeleton } from '../project/keypoints.ts';
import { CategoryNames, makeCategory } from '../project/category-names.ts';
import type { Category, RecordId, Skeleton } from '../records.ts';

/** Warnings about a category of a dataset. */
export type CategoryDoubt =
  | { readonly kind: 'broken-name'; readonly name: string }
  /** Another one has its name under the same parent; both become one. */
  | { readonly kind: 'merged'; readonly name: string }
  /** Another one has its name under another parent; this one becomes `taken`. */
  | { readonly kind: 'taken'; readonly name: string; readonly taken: string }
  /** The project's has another skeleton, which it keeps. */
  | { readonly kind: 'other-skeleton'; readonly name: string }
  /** Its parent lies under it. */
  | { readonly kind: 'circle'; readonly name: string; readonly parent: string };

/** A category as a dataset describes it. */
export interface DescribedCategory {
  readonly name: string;
  /** The parent's name; null at the top. A category that names itself has none. */
  readonly parent: string | null;
  /** `#rrggbb`. */
  readonly color?: string;
  readonly skeleton?: Skeleton;
  readonly extra: Category['extra'];
}

type Warn = (doubt: CategoryDoubt) => void;

/**
 * Turns a dataset's categories into records: the project's categories are found by name as
 * everywhere (see {@link CategoryNames}), the dataset's own only by the same spelling. Two of the
 * dataset's with one name under two parents stay two.
 */
export class CategoryTree<Key> {
  readonly #byName: Map<string, Category>;
  /** The categories that the project had before. */
  readonly #existing: CategoryNames;
  readonly #byId: Map<RecordId, Category>;
  readonly #byKey = new Map<Key, RecordId>();
  /** By the name of each of the dataset's categories, its parent as written; empty at the top. */
  readonly #parents = new Map<string, string>();
  readonly #warnings = new Map<string, Warn>();
  #unsaved: Category[] = [];
  #changed: (readonly [from: Category, to: Category])[] = [];

  constructor(existing: readonly Category[]) {
    this.#byName = new Map(existing.map((category) => [category.name, category]));
    this.#existing = new CategoryNames(existing);
    this.#byId = new Map(existing.map((category) => [category.id, category]));
  }

  has(key: Key): boolean {
    return this.#byKey.has(key);
  }

  /** The record of a category that was added. */
  find(key: Key): RecordId | null {
    return this.#byKey.get(key) ?? null;
  }

  add(key: Key, { name: written, parent, ...described }: DescribedCategory, warn: Warn): void {
    const wellFormed = written.toWellFormed();
    if (wellFormed !== written) warn({ kind: 'broken-name', name: wellFormed });
    const above = parent === null || parent === written ? '' : this.#spelled(parent.toWellFormed());
    const name = this.#nameOf(this.#spelled(wellFormed), above, warn);
    if (!this.#byName.has(name)) {
      this.#create(name, described);
      this.#warnings.set(name, warn);
    } else {
      this.#takeSkeleton(name, described, warn);
    }
    this.#parents.set(name, above);
    this.#byKey.set(key, this.#byName.get(name)!.id);
  }

  /** The name as the project spells it, where it has the category. */
  #spelled(name: string): string {
    return this.#existing.find(name)?.name ?? name;
  }

  /**
   * Two of a dataset's categories may have one name under two parents; in a project they are told
   * apart.
   */
  #nameOf(name: string, parent: string, warn: Warn): string {
    const other = this.#parents.get(name);
    if (other === undefined) return name;
    if (other === parent) {
      warn({ kind: 'merged', name });
      return name;
    }
    let taken = parent === '' ? `${name} (2)` : `${name} (${parent})`;
    for (let count = 2; this.#parents.has(taken); count++) taken = `${name} (${count})`;
    warn({ kind: 'taken', name, taken });
    return taken;
  }

  #create(name: string, described: Pick<Category, 'extra'> & Partial<Category>): Category {
    const made = makeCategory(name, this.#byName.size);
    const category = withOwnSkeleton({ ...made, ...described });
    this.#byName.set(name, category);
    this.#byId.set(category.id, category);
    this.#unsaved.push(category);
    return category;
  }

  /** A category that has no skeleton gets that of the dataset. */
  #takeSkeleton(name: string, described: Omit<DescribedCategory, 'name' | 'parent'>, warn: Warn) {
    const skeleton = skeletonOf(described);
    if (!skeleton) return;
    const before = this.#byName.get(name)!;
    const known = skeletonOf(before);
    if (known) {
      const isOther = JSON.stringify(known.keypoints) !== JSON.stringify(skeleton.keypoints);
      if (isOther) warn({ kind: 'other-skeleton', name });
      return;
    }
    const now = { ...withoutSkeleton(before), skeleton };
    this.#byName.set(name, now);
    this.#byId.set(now.id, now);
    const isNew = this.#unsaved.some(({ id }) => id === now.id);
    if (!isNew) this.#changed.push([before, now]);
  }

  /** Categories of the project that got a skeleton; each is given once. */
  takeChanged(): (readonly [from: Category, to: Category])[] {
    const taken = this.#changed;
    this.#changed = [];
    return taken;
  }

  /**
   * The new categories since the last call, parents set. Those that are only a parent come last, so
   * that the dataset's own categories get consecutive ids when they are exported.
   */
  takeNew(): Category[] {
    if (this.#unsaved.length === 0) return [];
    for (const { name } of [...this.#unsaved]) {
      const parent = this.#parents.get(name);
      if (parent && !this.#byName.has(parent)) this.#create(parent, { extra: {} });
    }
    const taken = this.#unsaved;
    this.#unsaved = [];
    return taken.map(({ name }) => this.#underParent(name));
  }

  #underParent(name: string): Category {
    const category = this.#byName.get(name)!;
    const parent = this.#byName.get(this.#parents.get(name) ?? '');
    if (!parent) return category;
    if (this.#isUnder(parent, category)) {
      this.#warnings.get(name)?.({ kind: 'circle', name, parent: parent.name });
      return category;
    }
    const placed = { ...category, parentId: parent.id };
    this.#byName.set(name, placed);
    this.#byId.set(placed.id, placed);
    return placed;
  }

  /** Whether a category is another one or lies under it, as far as parents are set. */
  #isUnder(category: Category, ancestor: Category): boolean {
    for (let at: Category | undefined = category; at; at = this.#byId.get(at.parentId ?? '')) {
      if (at.id === ancestor.id) return true;
    }
    return false;
  }
}
