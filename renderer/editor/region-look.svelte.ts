import { nextCategoryColor } from '../../core/category-colors.ts';
import type { Annotation } from '../../core/records.ts';
import type { Document } from './document.svelte.ts';
import { fillPatterns, type FillPattern } from './fill-pattern.ts';

export const colorings = ['category', 'instance'] as const;
export type Coloring = (typeof colorings)[number];

/** How regions are painted on the canvas and in lists. */
export class RegionLook {
  colorBy = $state<Coloring>('category');
  /** Of the fill of a region, 0 to 1; outlines are always opaque. */
  opacity = $state(0.36);
  /** Whether categories differ in their pattern too, for those who see colours alike. */
  hasPatterns = $state(false);
  readonly #document: Document;

  constructor(document: Document) {
    this.#document = document;
  }

  colorOf(annotation: Annotation): string {
    return this.colorBy === 'instance'
      ? instanceColor(annotation)
      : this.#document.colorOf(annotation);
  }

  patternOf(annotation: Annotation): FillPattern {
    if (!this.hasPatterns) return 'plain';
    const index = this.#document.categories.findIndex(({ id }) => id === annotation.categoryId);
    return fillPatterns[(index + 1) % fillPatterns.length]!;
  }
}

/** A colour that stays with the region: ids end in random digits. */
function instanceColor({ id }: Annotation): string {
  return nextCategoryColor(Number.parseInt(id.slice(-6), 16) || 0);
}
