import type {
  DatasetSource,
  SourceAnnotation,
  SourceCategory,
  WrittenNote,
} from './dataset-row.ts';
import { regionProblem } from './region-sentences.ts';

/** Unique category names for files without category ids. */
export type CategoryNames = ReadonlyMap<number, string>;

/**
 * A name for each category by its export id, no two alike: one whose name another has already gets
 * its parent's, or its id, behind it. Notes those, and, for formats without a tree, that the tree
 * is left out.
 */
export function categoryNames(
  { categories, projectName }: DatasetSource,
  hasTree: boolean,
  note: (note: WrittenNote) => void,
): CategoryNames {
  const names = new Map<number, string>();
  const taken = new Set<string>();
  for (const { exportId, category, parentName } of categories) {
    const { name } = category;
    const candidates = [name, `${name} (${parentName ?? exportId})`, `${name} (${exportId})`];
    const written = candidates.find((candidate) => !taken.has(candidate))!;
    taken.add(written);
    names.set(exportId, written);
    if (written === name) renamed.delete(category.id);
    else renamed.set(category.id, written);
    if (written !== name) {
      const problem = regionProblem('writtenNameChanged', { name, written });
      note({ what: projectName, section: 'annotations', isLoss: false, problem });
    }
  }
  const count = categories.filter(hasParent).length;
  if (count > 0 && !hasTree) {
    const problem = regionProblem('writtenWithoutTree', { count });
    note({ what: projectName, section: 'annotations', isLoss: false, problem });
  }
  return names;
}

/**
 * Names other than in the project, by the category's id, as they were written last. A proof asks
 * for the name of each annotation's category without the others beside it; ids are unique in the
 * world, so exports do not meet here.
 */
const renamed = new Map<string, string>();

/**
 * The name that {@link categoryNames} gave to the category of an annotation; null where it has
 * none.
 */
export function writtenCategoryName({ category }: SourceAnnotation): string | null {
  return category && (renamed.get(category.category.id) ?? category.category.name);
}

function hasParent({ parentName }: SourceCategory): boolean {
  return parentName !== null;
}
