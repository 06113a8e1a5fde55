import { replacement, replacements, type Diff } from '../../core/diff.ts';
import { CategoryNames, makeCategory } from '../../core/project/category-names.ts';
import type {
  Annotation,
  AttributeDefinition,
  AttributeValue,
  Category,
  RecordId,
} from '../../core/records.ts';

export function byId(categories: readonly Category[]): ReadonlyMap<RecordId, Category> {
  return new Map(categories.map((category) => [category.id, category]));
}

/** A category that others may be nested under, with its depth in the tree. */
export interface CategoryRow {
  readonly category: Category;
  readonly depth: number;
}

/** Adds a category whose name is free: with a number behind it when it is taken. */
export function addCategory(name: string, categories: readonly Category[]): Category {
  const known = new CategoryNames(categories);
  let free = name;
  for (let number = 2; known.has(free); number++) free = `${name} ${number}`;
  return makeCategory(free, categories.length);
}

/** Whether another category has the name, by the rule of {@link CategoryNames}. */
export function isNameTaken(name: string, others: readonly Category[]): boolean {
  return new CategoryNames(others).has(name);
}

/** The categories as a tree, each one before those under it, in the given order. */
export function categoryTree(categories: readonly Category[]): readonly CategoryRow[] {
  const known = new Set(categories.map(({ id }) => id));
  const children = new Map<RecordId | null, Category[]>();
  for (const category of categories) {
    const parentId = known.has(category.parentId ?? '') ? category.parentId : null;
    const siblings = children.get(parentId);
    if (siblings) siblings.push(category);
    else children.set(parentId, [category]);
  }
  const under = (parentId: RecordId | null, depth: number): CategoryRow[] =>
    (children.get(parentId) ?? []).flatMap((category) => [
      { category, depth },
      ...under(category.id, depth + 1),
    ]);
  return under(null, 0);
}

/** The categories that may become the parent of one: all but itself and those under it. */
export function possibleParents(
  category: Category,
  categories: readonly Category[],
): readonly Category[] {
  const rows = categoryTree(categories);
  const start = rows.findIndex((row) => row.category.id === category.id);
  const depth = rows[start]?.depth ?? 0;
  const after = rows.slice(start + 1).findIndex((row) => row.depth <= depth);
  const end = after < 0 ? rows.length : start + 1 + after;
  return rows.filter((_, index) => index < start || index >= end).map((row) => row.category);
}

/** The attributes of a category and, before them, those of the categories above it. */
export function attributesOf(
  category: Category,
  categories: readonly Category[],
): readonly AttributeDefinition[] {
  const parent = categories.find(({ id }) => id === category.parentId);
  const inherited = parent ? attributesOf(parent, categories) : [];
  const own = new Set(category.attributes.map(({ name }) => name));
  return [...inherited.filter(({ name }) => !own.has(name)), ...category.attributes];
}

/** The change that puts a category under another one, or none; null where it cannot be, or is. */
export function nest(
  category: Category,
  parentId: RecordId | null,
  categories: readonly Category[],
): Diff | null {
  if (category.parentId === parentId) return null;
  const isPossible =
    parentId === null || possibleParents(category, categories).some(({ id }) => id === parentId);
  return isPossible ? changeCategory(category, { parentId }) : null;
}

/** Default attributes of a new region of a category. */
export function startingValues(
  categoryId: RecordId | null,
  categories: readonly Category[],
): Record<string, AttributeValue> {
  const category = categories.find(({ id }) => id === categoryId);
  if (!category) return {};
  return Object.fromEntries(
    attributesOf(category, categories).flatMap(({ name, default: value }) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
}

/** The first annotation that lacks a value that its category needs; null where there is none. */
export function firstLacking(
  annotations: readonly Annotation[],
  categories: readonly Category[],
): { readonly annotation: Annotation; readonly category: Category; readonly name: string } | null {
  const known = byId(categories);
  for (const annotation of annotations) {
    const category = known.get(annotation.categoryId ?? '');
    if (!category) continue;
    const lacking = attributesOf(category, categories).find(
      ({ name, required }) => required === true && annotation.attributes[name] === undefined,
    );
    if (lacking) return { annotation, category, name: lacking.name };
  }
  return null;
}

/** Gives annotations a value of an attribute; null takes it away. */
export function setAttributes(
  annotations: readonly Annotation[],
  name: string,
  value: AttributeValue | null,
): Diff {
  const updatedAtMs = Date.now();
  return replacements(
    annotations.map((annotation) => {
      const others = Object.entries(annotation.attributes).filter(([key]) => key !== name);
      const attributes = Object.fromEntries(value === null ? others : [...others, [name, value]]);
      return [annotation, { ...annotation, attributes, updatedAtMs }];
    }),
  );
}

export function changeCategory(category: Category, change: Partial<Category>): Diff {
  return replacement(category, { ...category, ...change });
}
