import RBush from 'rbush';
import { pointInGeometry } from '../../core/geometry/region.ts';
import type { Point } from '../../core/geometry/shapes.ts';
import type { Annotation, RecordId } from '../../core/records.ts';

interface Entry {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  readonly annotation: Annotation;
}

/** Finds annotations by a point: their boxes in an R-tree, then the exact region. */
export class SpatialIndex {
  readonly #tree = new RBush<Entry>();

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
  at(point: Point): RecordId[] {
    const [x, y] = point;
    return this.#tree
      .search({ minX: x, minY: y, maxX: x, maxY: y })
      .filter(({ annotation }) => pointInGeometry(annotation.geometry, point))
      .sort((a, b) => a.annotation.area - b.annotation.area)
      .map(({ annotation }) => annotation.id);
  }
}
