import { removal, replacements, squashDiffs } from '../../core/diff.ts';
import { failure } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Category, RecordId } from '../../core/records.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';

/** Annotations that change in one transaction. */
const batchSize = 500;

/**
 * Removes a category and keeps what was in it: its annotations get the category `mergeInto`, or none, and
 * its subcategories its parent. All of it is one undoable step.
 * @throws AppError `not-found`, `invalid-input`.
 */
export function removeCategory(
  database: ProjectDatabase,
  input: {
    readonly label: string;
    readonly categoryId: RecordId;
    readonly mergeInto: RecordId | null;
  },
): { annotations: number } {
  const { label, categoryId, mergeInto } = input;
  const categories = database.categories();
  const category = requireCategory(categories, categoryId);
  const target = mergeInto === null ? null : requireCategory(categories, mergeInto);
  if (target === category) {
    throw failure('invalid-input', 'categoryIntoItself', { name: category.name });
  }

  const group = newId();
  let count = 0;
  for (;;) {
    const batch = database.annotationsOfCategory(categoryId, batchSize);
    if (batch.length === 0) break;
    const change = { categoryId: mergeInto, updatedAtMs: Date.now() };
    const pairs = batch.map((annotation) => [annotation, { ...annotation, ...change }] as const);
    database.apply(label, replacements(pairs), { group });
    count += batch.length;
  }

  const changed = categories.flatMap((from) => {
    const to = afterRemoval(from, category, target);
    return from === category || to === from ? [] : [[from, to] as const];
  });
  const diff = squashDiffs(replacements(changed), removal(category));
  database.apply(label, diff, { group });
  return { annotations: count };
}

/** Another category after `removed` is gone: under its parent, and as the target with its attributes. */
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
  throw failure('not-found', 'categoryGone', { id });
}
