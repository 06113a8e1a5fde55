import { removal, replacements, squashDiffs, type Diff } from '../../../core/diff.ts';
import type { StepLabel } from '../../../core/project/step-labels.ts';
import type { Category, RecordId } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import type { JobContext } from '../../jobs/job-kind.ts';
import { categoryFailure } from './sentences.ts';

/** Annotations that change in one diff; others wait while it is read and made. */
const batchSize = 250;

/**
 * Removes a category and keeps what was in it: its annotations get the category `mergeInto`, or
 * none, and its subcategories its parent. All of it is one undoable step, and leaves time for
 * other calls.
 * @param context hears how many of its annotations are done; null: nobody
 * @throws AppError `not-found`, `invalid-input`; `cancelled`, after which nothing is changed.
 */
export async function removeCategory(
  database: ProjectDatabase,
  input: {
    readonly label: StepLabel;
    readonly categoryId: RecordId;
    readonly mergeInto: RecordId | null;
  },
  context: Pick<JobContext, 'signal' | 'progress'> | null = null,
): Promise<{ annotations: number }> {
  const { label, categoryId, mergeInto } = input;
  requireDistinct(database.categories(), categoryId, mergeInto);
  const total = database.categoryCounts().find((row) => row.categoryId === categoryId)?.annotations;
  let count = 0;
  const progress = (done: number) => {
    count = done;
    context?.progress(done, total ?? null);
  };
  const diffs = diffsOfRemoval(database, input, progress);
  await database.gradually.applyEach(label, diffs, context ? { signal: context.signal } : {});
  return { annotations: count };
}

/** The diffs of a removal, made when its turn has come. */
function* diffsOfRemoval(
  database: ProjectDatabase,
  { categoryId, mergeInto }: { readonly categoryId: RecordId; readonly mergeInto: RecordId | null },
  progress: (annotations: number) => void,
): Generator<Diff> {
  const categories = database.categories();
  const { category, target } = requireDistinct(categories, categoryId, mergeInto);
  let last: RecordId | null = null;
  for (let count = 0; ;) {
    const batch = database.annotationsOfCategory(categoryId, batchSize, last);
    if (batch.length === 0) break;
    last = batch.at(-1)!.id;
    const change = { categoryId: mergeInto, updatedAtMs: Date.now() };
    yield replacements(batch.map((annotation) => [annotation, { ...annotation, ...change }]));
    count += batch.length;
    progress(count);
  }
  const changed = categories.flatMap((from) => {
    const to = afterRemoval(from, category, target);
    return from === category || to === from ? [] : [[from, to] as const];
  });
  yield squashDiffs(replacements(changed), removal(category));
}

function requireDistinct(
  categories: readonly Category[],
  categoryId: RecordId,
  mergeInto: RecordId | null,
): { category: Category; target: Category | null } {
  const category = requireCategory(categories, categoryId);
  const target = mergeInto === null ? null : requireCategory(categories, mergeInto);
  if (target !== category) return { category, target };
  throw categoryFailure('invalid-input', 'categoryIntoItself', { name: category.name });
}

/**
 * Another category after `removed` is gone: under its parent, and as the target with its
 * attributes.
 */
function afterRemoval(other: Category, removed: Category, target: Category | null): Category {
  const moved = other.parentId === removed.id ? { ...other, parentId: removed.parentId } : other;
  if (other !== target) return moved;
  const known = new Set(other.attributes.map(({ name }) => name));
  const added = removed.attributes.filter(({ name }) => !known.has(name));
  return added.length === 0 ? moved : { ...moved, attributes: [...other.attributes, ...added] };
}

function requireCategory(categories: readonly Category[], id: RecordId): Category {
  const category = categories.find((known) => known.id === id);
  if (category) return category;
  throw categoryFailure('not-found', 'categoryGone', { id });
}
