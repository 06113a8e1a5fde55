/** Colours for new categories, in order: apart from each other for common kinds of colour blindness too. */
const categoryColors = [
  '#f2a33a',
  '#3fa7e0',
  '#2fb58b',
  '#e8618c',
  '#f0d84a',
  '#8f7cf0',
  '#e86a3f',
  '#57c4d6',
  '#b4d455',
  '#c77dd6',
  '#d9a679',
  '#7f9cc4',
] as const;

/** The colour of the category that is added when there are `count` already. */
export function nextCategoryColor(count: number): string {
  return categoryColors[count % categoryColors.length]!;
}
