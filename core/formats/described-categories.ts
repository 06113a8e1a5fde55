import type { CategoryRow, RowPlace } from './dataset-row.ts';

/** A category of a dataset with all that is certain about it. */
export interface DescribedRow {
  readonly row: CategoryRow;
  /** Parts that rows describe in several ways; the row is without them. */
  readonly differing: readonly string[];
  /** The other rows that describe it. */
  readonly others: readonly RowPlace[];
}

/**
 * The categories of a dataset, each once, in their order. A part that rows describe in several ways
 * is left out, because it cannot be told which is right. A row without a part does not contradict
 * the others: a label may have keypoints in one file of a dataset and none in another.
 */
export function describedCategories(rows: readonly CategoryRow[]): DescribedRow[] {
  const byKey = new Map<string, CategoryRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.name, row.parent ?? null]);
    const same = byKey.get(key);
    if (same) same.push(row);
    else byKey.set(key, [row]);
  }
  return Array.from(byKey.values(), ([first, ...others]) => {
    const same = [first!, ...others];
    const descriptions = same.map(partsOf);
    const parts = new Set(descriptions.flatMap((description) => [...description.keys()]));
    const differing = [...parts].filter(
      (part) => new Set(descriptions.flatMap((each) => each.get(part) ?? [])).size > 1,
    );
    const row = others.length === 0 ? first! : without(united(same), differing);
    return { row, differing, others: others.map(({ place }) => place) };
  });
}

/** The first row with the parts that only others have. */
function united(rows: readonly CategoryRow[]): CategoryRow {
  return rows.reduce((row, other) => ({
    ...other,
    ...row,
    extra: { ...other.extra, ...row.extra },
  }));
}

/** Each part of a description as text. */
function partsOf({ color, skeleton, extra = {} }: CategoryRow): Map<string, string> {
  const parts = { color: color?.toLowerCase(), skeleton, ...extra };
  return new Map(
    Object.entries(parts).flatMap(([part, value]) =>
      value === undefined ? [] : [[part, JSON.stringify(value)]],
    ),
  );
}

function without(
  { color, skeleton, extra = {}, ...row }: CategoryRow,
  parts: readonly string[],
): CategoryRow {
  return {
    ...row,
    ...(color !== undefined && !parts.includes('color') && { color }),
    ...(skeleton && !parts.includes('skeleton') && { skeleton }),
    extra: Object.fromEntries(Object.entries(extra).filter(([part]) => !parts.includes(part))),
  };
}
