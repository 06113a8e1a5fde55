import { CategoryNames, makeCategory } from '../../project/category-names.ts';
import type { Category, RecordId } from '../../records.ts';
import type { AppError } from '../../errors.ts';
import { knownId, knownKeys, otherKeys, type CocoId } from './row.ts';
import { datasetProblem } from '../sentences.ts';
import { rowProblem } from './sentences.ts';

/** What tools write for a category without a parent; the category's own name means the same. */
const noSupercategory = new Set(['', 'none']);

/** Takes a doubt about the row of a category. */
type Warn = (doubt: AppError) => void;

/**
 * Turns the rows of a file's `categories` into records: the project's categories are found by name as
 * everywhere (see {@link CategoryNames}), the file's own only by the same spelling; each supercategory becomes the parent.
 */
export class CocoCategories {
  readonly #byName: Map<string, Category>;
  /** The categories that the project had before. */
  readonly #existing: CategoryNames;
  readonly #byId: Map<RecordId, Category>;
  readonly #byCocoId = new Map<CocoId, RecordId>();
  /** By the name of each of the file's categories, its supercategory as written. */
  readonly #supercategories = new Map<string, string>();
  readonly #warnings = new Map<string, Warn>();
  #unsaved: Category[] = [];

  constructor(existing: readonly Category[]) {
    this.#byName = new Map(existing.map((category) => [category.name, category]));
    this.#existing = new CategoryNames(existing);
    this.#byId = new Map(existing.map((category) => [category.id, category]));
  }

  has(id: CocoId): boolean {
    return this.#byCocoId.has(id);
  }

  find(id: CocoId): RecordId | null {
    const known = knownId(id, this.#byCocoId);
    return known === null ? null : this.#byCocoId.get(known)!;
  }

  add(id: CocoId, written: string, row: Readonly<Record<string, unknown>>, warn: Warn): void {
    const wellFormed = written.toWellFormed();
    if (wellFormed !== written) warn(datasetProblem('rowNameBroken', { name: wellFormed }));
    const parent = this.#spelled(parentOf(row, written)?.toWellFormed() ?? '');
    const name = this.#nameOf(this.#spelled(wellFormed), parent, warn);
    if (!this.#byName.has(name)) {
      this.#create(name, otherKeys(row, knownKeys.category));
      this.#warnings.set(name, warn);
    }
    this.#supercategories.set(name, parent);
    this.#byCocoId.set(id, this.#byName.get(name)!.id);
  }

  /** The name as the project spells it, where it has the category. */
  #spelled(name: string): string {
    return this.#existing.find(name)?.name ?? name;
  }

  /** Two of a file's categories may have one name under two supercategories; in a project they are told apart. */
  #nameOf(name: string, parent: string, warn: Warn): string {
    const other = this.#supercategories.get(name);
    if (other === undefined) return name;
    if (other === parent) {
      warn(rowProblem('rowCategoryMerged', { name }));
      return name;
    }
    let taken = parent === '' ? `${name} (2)` : `${name} (${parent})`;
    for (let count = 2; this.#supercategories.has(taken); count++) taken = `${name} (${count})`;
    warn(rowProblem('rowCategoryNameTaken', { name, taken }));
    return taken;
  }

  #create(name: string, extra: Category['extra']): Category {
    const category = { ...makeCategory(name, this.#byName.size), extra };
    this.#byName.set(name, category);
    this.#byId.set(category.id, category);
    this.#unsaved.push(category);
    return category;
  }

  /**
   * The new categories since the last call, parents set. Those that are only a supercategory come last, so
   * that the file's own categories get consecutive ids when they are exported.
   */
  takeNew(): Category[] {
    if (this.#unsaved.length === 0) return [];
    for (const { name } of [...this.#unsaved]) {
      const parent = this.#supercategories.get(name);
      if (parent && !this.#byName.has(parent)) this.#create(parent, {});
    }
    const taken = this.#unsaved;
    this.#unsaved = [];
    return taken.map(({ name }) => this.#underParent(name));
  }

  #underParent(name: string): Category {
    const category = this.#byName.get(name)!;
    const parent = this.#byName.get(this.#supercategories.get(name) ?? '');
    if (!parent) return category;
    if (this.#isUnder(parent, category)) {
      const parts = { name, parent: parent.name };
      this.#warnings.get(name)?.(rowProblem('rowCategoryCircle', parts));
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

/** The supercategory that a row names; null where it names none, or itself. */
function parentOf(row: Readonly<Record<string, unknown>>, name: string): string | null {
  const parent = row['supercategory'];
  return typeof parent === 'string' && parent !== name && !noSupercategory.has(parent)
    ? parent
    : null;
}
