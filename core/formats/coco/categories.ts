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
  /** Why the ids of several categories name none. */
  readonly #shared = new Map<CocoId, AppError>();

  constructor(existing: readonly Category[]) {
    this.#tree = new CategoryTree(existing);
  }

  /** Whether it is decided what an id means. */
  has(id: CocoId): boolean {
    return this.find(id) !== null;
  }

  /** The record of an id; why it has none where several categories have the id; null for others. */
  find(id: CocoId): RecordId | AppError | null {
    const known = knownId(id, { has: (each) => this.#tree.has(each) || this.#shared.has(each) });
    return known === null ? null : (this.#shared.get(known) ?? this.#tree.find(known));
  }

  /** Says that several categories have an id. */
  share(id: CocoId, problem: AppError): void {
    this.#shared.set(id, problem);
  }

  add(id: CocoId, name: string, row: Readonly<Record<string, unknown>>, warn: Warn): void {
    const extra = { id: row['id'] as CocoId, ...otherKeys(row, knownKeys.category) };
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
