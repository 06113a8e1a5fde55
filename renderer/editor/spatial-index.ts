import RBush from 'rbush';
import type { Part, Point } from '../../core/geometry/shapes.ts';
import type { Annotation, RecordId } from '../../core/records.ts';
import { cropMask, isPixelSet, type MaskCrop } from './mask-crop.ts';

interface Entry {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  readonly annotation: Annotation;
}

/** Finds annotations by a point: their boxes in an R-tree, then the exact pixels or edges. */
export class SpatialIndex {
  readonly #tree = new RBush<Entry>();
  readonly #crops = new WeakMap<Annotation, MaskCrop>();

  /** Replaces what is indexed. */
  load(annotations: Iterable<Annotation>): void {
    this.#tree.clear();
    this.#tree.load(
      Array.from(annotations, (annotation) => {
        const [x, y, width, height] = annotation.bbox;
        return { minX: x, minY: y, maxX: x + width, maxY: y + height, annotation };
      }),
    );
  }

  /** Annotations whose region holds the point, the smallest first, so that nested regions can be reached. */
  at([x, y]: Point): RecordId[] {
    return this.#tree
      .search({ minX: x, minY: y, maxX: x, maxY: y })
      .map((entry) => entry.annotation)
      .filter((annotation) => this.#holds(annotation, [x, y]))
      .sort((a, b) => a.area - b.area)
      .map((annotation) => annotation.id);
  }

  #holds(annotation: Annotation, [x, y]: Point): boolean {
    switch (annotation.geometry.kind) {
      case 'box':
        return true;
      case 'polygon':
        return annotation.geometry.parts.some((part) => partHolds(part, [x, y]));
      case 'mask': {
        let crop = this.#crops.get(annotation);
        if (!crop) {
          crop = cropMask(annotation.geometry.rle, annotation.bbox);
          this.#crops.set(annotation, crop);
        }
        return isPixelSet(crop, x, y);
      }
    }
  }
}

function partHolds(part: Part, point: Point): boolean {
  const crossings = [part.outer, ...part.holes].filter((ring) => ringHolds(ring, point)).length;
  return crossings % 2 === 1;
}

/** Even-odd rule. */
function ringHolds(ring: readonly number[], [x, y]: Point): boolean {
  let isInside = false;
  let [x0, y0] = [ring.at(-2)!, ring.at(-1)!];
  for (let index = 0; index < ring.length; index += 2) {
    const [x1, y1] = [ring[index]!, ring[index + 1]!];
    if (y0 > y !== y1 > y && x < ((x0 - x1) * (y - y1)) / (y0 - y1) + x1) isInside = !isInside;
    [x0, y0] = [x1, y1];
  }
  return isInside;
}
