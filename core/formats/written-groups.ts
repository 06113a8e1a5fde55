import type { RowShape, SourceAnnotation } from './dataset-row.ts';

/**
 * Numbers for the regions of one image in a format whose polygons have one part: the polygons of a
 * region with several parts share one. See grouped-parts.ts for how they are read.
 */
export class WrittenGroups {
  readonly #keptGroup: (annotation: SourceAnnotation) => number | null;
  readonly #taken: Set<number | null>;
  readonly #polygons = new Set<string>();
  #next = 1;

  /** @param keptGroup the number that an annotation had when it was imported; null for none */
  constructor(
    annotations: readonly SourceAnnotation[],
    keptGroup: (annotation: SourceAnnotation) => number | null,
    others: readonly number[] = [],
  ) {
    this.#keptGroup = keptGroup;
    this.#taken = new Set([...annotations.map(keptGroup), ...others]);
  }

  /**
   * @param refused told the number of the import when another polygon of the category has it
   * already
   */
  of(
    annotation: SourceAnnotation,
    shape: RowShape,
    refused: (group: number) => void,
  ): number | null {
    const kept = this.#keptGroup(annotation);
    if (shape.kind !== 'polygon') return kept;
    const isMany = shape.parts.length > 1;
    if (kept === null) return isMany ? this.#new() : null;
    const key = JSON.stringify([kept, annotation.category?.exportId]);
    if (!this.#polygons.has(key)) {
      this.#polygons.add(key);
      return kept;
    }
    refused(kept);
    return isMany ? this.#new() : null;
  }

  #new(): number {
    while (this.#taken.has(this.#next)) this.#next++;
    return this.#next++;
  }
}
