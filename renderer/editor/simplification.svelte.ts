import { outlineOf } from '../../core/geometry/edit.ts';
import { geometryRle } from '../../core/geometry/region.ts';
import type { Part, Rle } from '../../core/geometry/shapes.ts';
import { simplifyParts } from '../../core/geometry/simplify.ts';
import { ringsOf } from '../../core/geometry/vertices.ts';
import type { Annotation } from '../../core/records.ts';
import type { Size } from './tools/bounds.ts';
import type { VectorGeometry } from './tools/tool.ts';

/** An outline with fewer vertices that a person chooses while its true likeness is shown. */
export class Simplification {
  /** How far, in image pixels, a left-out vertex may lie off the outline. */
  tolerance = $state(1);
  readonly annotation: Annotation;
  /** Number of vertices of the outline as it is. */
  readonly vertices: number;
  readonly #outline: readonly Part[];
  readonly #mask: Rle;

  readonly result = $derived.by(() =>
    simplifyParts(this.#outline, { tolerance: this.tolerance }, this.#mask),
  );
  readonly geometry = $derived.by((): VectorGeometry => ({
    kind: 'polygon',
    parts: this.result.parts,
  }));

  constructor(annotation: Annotation, { width, height }: Size) {
    this.annotation = annotation;
    this.#outline = outlineOf(annotation.geometry);
    this.#mask = geometryRle(annotation.geometry, width, height);
    this.vertices = this.#outline.flatMap(ringsOf).reduce((sum, ring) => sum + ring.length / 2, 0);
  }
}
