/** The subset of images that are in none, where others are in one. */
export const defaultSubset = 'Default';
