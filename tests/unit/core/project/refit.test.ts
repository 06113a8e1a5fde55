import fc from 'fast-check';
import { expect, test } from 'vitest';
import { geometryMeasures } from '../../../../core/geometry/region.ts';
import { encodeRle } from '../../../../core/geometry/rle.ts';
import { refitted } from '../../../../core/project/refit.ts';
import type { Annotation, Geometry } from '../../../../core/records.ts';

const from = { width: 12, height: 8 };

function annotationOf(geometry: Geometry): Annotation {
  return {
    ...{ kind: 'annotation', id: 'a', imageId: 'i', categoryId: null, geometry },
    ...{ ...geometryMeasures(geometry, from.width, from.height), crowd: false, zOrder: 0 },
    ...{ attributes: {}, provenance: { source: 'person' }, createdAtMs: 0, updatedAtMs: 0 },
    keypoints: [
      [3, 1, 2],
      [0, 0, 0],
    ],
    extra: { keypoints: [2, 4, 1] },
  };
}

const bits = fc.array(fc.constantFrom(0, 1), { minLength: 96, maxLength: 96 });
const geometries = fc.oneof(
  bits.map((data): Geometry => ({
    kind: 'mask',
    rle: encodeRle({ ...from, data: Uint8Array.from(data) }),
  })),
  fc
    .tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 5 }))
    .map(([x, y]): Geometry => ({ kind: 'box', box: [x, y, 3, 2] })),
);

test('a region that is scaled up and back is the same, and takes the space it took', () => {
  fc.assert(
    fc.property(geometries, fc.integer({ min: 1, max: 4 }), (geometry, times) => {
      const annotation = annotationOf(geometry);
      const to = { width: from.width * times, height: from.height * times };
      const larger = refitted(annotation, from, to, 'scale');
      if (annotation.area === 0) {
        expect(times === 1 ? larger?.area : larger).toBe(times === 1 ? 0 : null);
        return;
      }
      expect(larger!.area).toBe(annotation.area * times * times);
      expect(larger!.keypoints).toEqual([
        [3 * times, times, 2],
        [0, 0, 0],
      ]);
      expect(larger!.extra).toEqual({ keypoints: [2 * times, 4 * times, 1] });
      expect(refitted(larger!, to, from, 'scale')).toEqual(annotation);
    }),
  );
});

test('a region that stays is padded or cut, and is gone where nothing of it lies in the photo', () => {
  fc.assert(
    fc.property(geometries, (geometry) => {
      const annotation = annotationOf(geometry);
      if (annotation.area === 0) return;
      const padded = refitted(annotation, from, { width: 20, height: 9 }, 'keep')!;
      expect([padded.area, padded.bbox]).toEqual([annotation.area, annotation.bbox]);
      const cut = refitted(annotation, from, { width: 5, height: 8 }, 'keep');
      expect(cut === null).toBe(annotation.bbox[0] >= 5);
      if (cut) expect(cut.bbox[0] + cut.bbox[2]).toBeLessThanOrEqual(5);
    }),
  );
});

test('a line that stays is gone where nothing of it lies in the photo', () => {
  const line = annotationOf({ kind: 'polyline', points: [7, 1, 9, 6] });
  expect(refitted(line, from, { width: 6, height: 8 }, 'keep')).toBeNull();
  expect(refitted(line, from, { width: 8, height: 8 }, 'keep')).toEqual(line);
});
