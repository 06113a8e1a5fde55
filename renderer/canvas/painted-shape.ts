import type { Box } from '../../core/geometry/shapes.ts';
import type { Tile } from '../../core/image-tiles.ts';
import type { Annotation, Geometry, RecordId } from '../../core/records.ts';
import type { FillPattern } from '../editor/fill-pattern.ts';

/** How regions are filled. */
export interface FillLook {
  /** The visible ones, in drawing order. */
  readonly annotations: readonly Annotation[];
  /** sRGB as #rrggbb. */
  readonly colorOf: (annotation: Annotation) => string;
  readonly patternOf: (annotation: Annotation) => FillPattern;
  /** Of the fills, 0 to 1. */
  readonly opacity: number;
}

/** A region as the painter needs it; replaced, never changed. */
export interface PaintedShape {
  readonly id: RecordId;
  readonly bbox: Box;
  readonly geometry: Geometry;
  readonly zOrder: number;
  readonly color: string;
  readonly pattern: FillPattern;
}

/** Messages to the painter, handled in their order. */
export type ToPainter =
  | {
      readonly kind: 'change';
      readonly put: readonly PaintedShape[];
      readonly gone: readonly RecordId[];
      readonly opacity: number;
    }
  | {
      readonly kind: 'paint';
      readonly request: number;
      readonly tile: Tile;
      /** The part to paint, in pixels of the tile. */
      readonly box: Box;
    };

/** The answer of the painter: the pixels of the box, or null without regions. */
export interface FromPainter {
  readonly request: number;
  readonly bitmap: ImageBitmap | null;
}
