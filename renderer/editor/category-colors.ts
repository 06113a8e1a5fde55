/** The colour of a region without a category. */
export const noCategoryColor = '#aab4c0';
