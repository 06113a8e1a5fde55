import type { AppError } from '../../errors.ts';
import type { Category, RecordId } from '../../records.ts';
import { CategoryTree, type CategoryDoubt } from '../category-tree.ts';
import { datasetProblem } from '../sentences.ts';
import { otherKeys } from '../json-values.ts';
import { knownId, knownKeys, parentOf, type CocoId } from './row.ts';
import { rowProblem } from './sentences.ts';

/** Takes a doubt about the row of a category. */
type Warn = (doubt: AppError) => void;

/**
 * Turns the rows of a file's `categories` into records; each supercategory becomes the parent. See
 * {@link CategoryTree}.
 */
export class CocoCategories {
  readonly #tree: CategoryTree<CocoId>;

  constructor(existing: readonly Category[]) {
    this.#tree = new CategoryTree(existing);
  }

  has(id: CocoId): boolean {
    return this.#tree.has(id);
  }

  find(id: CocoId): RecordId | null {
    const known = knownId(id, this.#tree);
    return known === null ? null : this.#tree.find(known);
  }

  add(id: CocoId, name: string, row: Readonly<Record<string, unknown>>, warn: Warn): void {
    const extra = { id, ...otherKeys(row, knownKeys.category) };
    const described = { name, parent: parentOf(row), extra };
    this.#tree.add(id, described, (doubt) => warn(problemOf(doubt)));
  }

  takeNew(): Category[] {
    return this.#tree.takeNew();
  }

  takeChanged(): (readonly [from: Category, to: Category])[] {
    return this.#tree.takeChanged();
  }
}

function problemOf(doubt: CategoryDoubt): AppError {
  switch (doubt.kind) {
    case 'broken-name':
      return datasetProblem('rowNameBroken', { name: doubt.name });
    case 'merged':
      return rowProblem('rowCategoryMerged', { name: doubt.name });
    case 'taken':
      return rowProblem('rowCategoryNameTaken', { name: doubt.name, taken: doubt.taken });
    case 'other-skeleton':
      return datasetProblem('rowSkeletonOther', { name: doubt.name });
    case 'circle':
      return rowProblem('rowCategoryCircle', { name: doubt.name, parent: doubt.parent });
  }
}

/** The supercategory that a row names; null where it names none. */
