import { nextCategoryColor } from '../../core/category-colors.ts';
import type { Annotation } from '../../core/records.ts';
import type { Document } from './document.svelte.ts';

export const colorings = ['category', 'instance'] as const;
export type Coloring = (typeof colorings)[number];

/** How regions are painted on the canvas and in lists. */
export class RegionLook {
  colorBy = $state<Coloring>('category');
  /** Of the fill of a region, 0 to 1; outlines are always opaque. */
  opacity = $state(0.36);
  readonly #document: Document;

  constructor(document: Document) {
    this.#document = document;
  }

  colorOf(annotation: Annotation): string {
    return this.colorBy === 'instance'
      ? instanceColor(annotation)
      : this.#document.colorOf(annotation);
  }
}

/** A colour that stays with the region: ids end in random digits. */
function instanceColor({ id }: Annotation): string {
  return nextCategoryColor(Number.parseInt(id.slice(-6), 16) || 0);
}
