/**
 * Colours for new categories, in order. They were searched for by computer, so that any two of them stay apart
 * for the three kinds of colour blindness too, the first ones the furthest.
 */
const categoryColors = [
  '#e8db2e',
  '#55fae8',
  '#b91431',
  '#d6989b',
  '#5a33fa',
  '#4499f3',
  '#889821',
  '#983aa6',
  '#fa3fd6',
  '#abc9fa',
  '#f81481',
  '#3d8c92',
] as const;

/** The colour of the category that is added when there are `count` already. */
export function nextCategoryColor(count: number): string {
  return categoryColors[count % categoryColors.length]!;
}
