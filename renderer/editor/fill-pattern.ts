/** What tells regions apart besides colour, for those who see colours alike. */
export const fillPatterns = ['plain', 'stripes', 'dots', 'grid', 'waves'] as const;
export type FillPattern = (typeof fillPatterns)[number];
