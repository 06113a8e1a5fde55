/**
 * Ways to go on with an image whose photo was changed: its labels stay at their pixels, are scaled
 * to the new size, or the image leaves the project.
 */
export const photoChoices = ['keep', 'scale', 'set-aside'] as const;
export type PhotoChoice = (typeof photoChoices)[number];
