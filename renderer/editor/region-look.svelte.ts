import { defaultSettings, type Settings } from '../../app/api/settings.ts';
import { nextCategoryColor, shadeOf } from '../../core/category-colors.ts';
import type { Annotation } from '../../core/records.ts';
import type { Document } from './document.svelte.ts';
import { fillPatterns, type FillPattern } from './fill-pattern.ts';

/** How regions are painted on the canvas and in lists, as the person chose it in the settings. */
export class RegionLook {
  chosen =
    $state.raw<Pick<Settings, 'colorBy' | 'fillOpacity' | 'hasPatterns' | 'hasNameTags'>>(
      defaultSettings,
    );
  readonly #document: Document;

  constructor(document: Document) {
    this.#document = document;
  }

  /** Regions of a category that lie one upon the other differ in how light they are. */
  colorOf(annotation: Annotation): string {
    return this.chosen.colorBy === 'instance'
      ? instanceColor(annotation)
      : shadeOf(this.#document.colorOf(annotation), annotation.zOrder);
  }

  patternOf(annotation: Annotation): FillPattern {
    if (!this.chosen.hasPatterns) return 'plain';
    const index = this.#document.categories.findIndex(({ id }) => id === annotation.categoryId);
    return fillPatterns[(index + 1) % fillPatterns.length]!;
  }
}

/** A colour that stays with the region: ids end in random digits. */
function instanceColor({ id }: Annotation): string {
  return nextCategoryColor(Number.parseInt(id.slice(-6), 16) || 0);
}
