import type { Box } from '../../core/geometry/shapes.ts';
import { newId } from '../../core/ids.ts';
import type { Annotation, Geometry } from '../../core/records.ts';

/** An annotation that a person drew. */
export function makeAnnotation(geometry: Geometry, bbox: Box, zOrder = 0): Annotation {
  return {
    kind: 'annotation',
    id: newId(),
    imageId: 'image',
    categoryId: null,
    geometry,
    bbox,
    area: bbox[2] * bbox[3],
    crowd: false,
    zOrder,
    attributes: {},

    provenance: { source: 'person' },
    createdAtMs: 1,
    updatedAtMs: 1,
    extra: {},
  };
}

export function boxAnnotation(box: Box, zOrder = 0): Annotation {
  return makeAnnotation({ kind: 'box', box }, box, zOrder);
}
