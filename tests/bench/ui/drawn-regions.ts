import type { Ring } from '../../../core/geometry/shapes.ts';
import type { Annotation, ImageRecord } from '../../../core/records.ts';
import { makeAnnotation } from '../../support/annotations.ts';

/** Stars all over an image, in places and sizes that are the same in every run. */
export function stars(count: number, vertices: number, radius: number) {
  return ({ id, width, height }: ImageRecord): Annotation[] =>
    Array.from({ length: count }, (_, index) => {
      const x = radius + ((index * 7919) % (width - 2 * radius));
      const y = radius + ((index * 104_729) % (height - 2 * radius));
      const outer = star(x, y, radius * (0.4 + (index % 7) / 12), vertices);
      const annotation = makeAnnotation(
        { kind: 'polygon', parts: [{ outer, holes: [] }] },
        [x - radius, y - radius, 2 * radius, 2 * radius],
        index,
      );
      return { ...annotation, imageId: id };
    });
}

function star(x: number, y: number, radius: number, vertices: number): Ring {
  return Array.from({ length: vertices }, (_, index) => {
    const angle = (2 * Math.PI * index) / vertices;
    const reach = radius * (0.85 + 0.15 * Math.sin(5 * angle));
    return [x + reach * Math.cos(angle), y + reach * Math.sin(angle)];
  }).flat();
}
