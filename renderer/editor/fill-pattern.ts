/** A pattern that distinguishes regions without colour. */
export const fillPatterns = ['plain', 'stripes', 'dots', 'grid', 'waves'] as const;
export type FillPattern = (typeof fillPatterns)[number];
