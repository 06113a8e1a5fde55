import { categorySchema, type Category } from '../../core/records.ts';

/** The colour of a region without a category. */
export const noCategoryColor = '#aab4c0';

/**
 * Categories as they may be drawn: in a stranger's project, what stands for a colour can be
 * anything that CSS takes.
 */
export function withPlainColors(categories: readonly Category[]): readonly Category[] {
  const { color: plain } = categorySchema.shape;
  return categories.map((category) =>
    plain.safeParse(category.color).success ? category : { ...category, color: noCategoryColor },
  );
}
