import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cvat } from '../../../core/formats/cvat/format.ts';
import {
  readSkeleton,
  skeletonDrawing,
  skeletonOfLabel,
} from '../../../core/formats/cvat/skeletons.ts';
import { XmlWriter } from '../../../core/formats/xml.ts';
import {
  cocoKeypoints,
  cocoSkeleton,
  isBoxOfKeypoints,
  keypointsBox,
  keypointsOf,
  skeletonOf,
  withOwnKeypoints,
  withOwnSkeleton,
} from '../../../core/project/keypoints.ts';
import { personSkeleton } from '../../../core/project/person-skeleton.ts';
import type { Keypoint } from '../../../core/records.ts';
import { drawnRegion, makeCategory, makeImage } from '../../support/test-editor.ts';

const point = fc
  .tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 70 }), fc.constantFrom(0, 1, 2))
  .map(([x, y, visibility]) => (visibility ? [x, y, visibility] : [0, 0, 0]) as Keypoint);

describe('keypoints that an earlier version kept in extra', () => {
  test('are read there, and become fields with nothing lost', () => {
    const extra = { keypoints: [3, 4, 2, 0, 0, 0], num_keypoints: 1, score: 0.5 };
    const annotation = {
      ...drawnRegion(makeImage(), { kind: 'box', box: [1, 2, 3, 4] }, 0),
      extra,
    };
    expect(keypointsOf(annotation)).toEqual([
      [3, 4, 2],
      [0, 0, 0],
    ]);
    const own = withOwnKeypoints(annotation);
    expect(own.extra).toEqual({ score: 0.5 });
    expect({ ...own.extra, ...cocoKeypoints(own) }).toEqual(extra);
    const category = makeCategory('pet', { extra: { keypoints: ['a', 'b'], skeleton: [[1, 2]] } });
    expect(skeletonOf(category)).toEqual({ keypoints: ['a', 'b'], edges: [[0, 1]] });
    expect(cocoSkeleton(withOwnSkeleton(category))).toEqual(category.extra);
    expect(withOwnSkeleton(category).extra).toEqual({});
  });

  test.each([
    ['a number too few', { keypoints: [3, 4] }],
    ['a visibility of another tool', { keypoints: [3, 4, 7] }],
    ['nothing that is labelled', { keypoints: [0, 0, 0], num_keypoints: 0 }],
  ])('stay there with %s', (_, extra) => {
    const annotation = {
      ...drawnRegion(makeImage(), { kind: 'box', box: [1, 2, 3, 4] }, 0),
      extra,
    };
    expect(withOwnKeypoints(annotation)).toBe(annotation);
    expect(keypointsOf(annotation)).toBeNull();
  });

  test('stay there where an edge leads to no keypoint', () => {
    const category = makeCategory('pet', { extra: { keypoints: ['a'], skeleton: [[1, 2]] } });
    expect(withOwnSkeleton(category)).toBe(category);
  });
});

test('the box around keypoints holds every labelled one, and is told from a drawn box', () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 6 }), (keypoints) => {
      const box = keypointsBox(keypoints);
      const labelled = keypoints.filter(([, , visibility]) => visibility > 0);
      expect(box === null).toBe(labelled.length === 0);
      if (!box) return;
      const [x, y, width, height] = box;
      for (const [px, py] of labelled) {
        expect(px >= x && px <= x + width && py >= y && py <= y + height).toBe(true);
      }
      const at = (drawn: typeof box) => ({
        ...{ geometry: { kind: 'box' as const, box: drawn }, keypoints, extra: {} },
      });
      expect(isBoxOfKeypoints(at(box))).toBe(true);
      expect(isBoxOfKeypoints(at([x, y, width + 1, height]))).toBe(false);
    }),
  );
});

describe('skeletons of CVAT', () => {
  test('are drawn so that reading the drawing gives the same', () => {
    const drawing = skeletonDrawing(personSkeleton, new XmlWriter());
    expect(skeletonOfLabel(drawing, [])).toEqual(personSkeleton);
  });

  test('are found by the labels under theirs, where the drawing names no node', () => {
    expect(skeletonOfLabel('<circle data-node-id="1"></circle>', ['a', 'b'])).toEqual({
      keypoints: ['a', 'b'],
      edges: [],
    });
    expect(skeletonOfLabel('', [])).toBeNull();
  });

  test('need a keypoint inside the image', () => {
    const node = { element: 'skeleton', attributes: {}, children: [], text: '' };
    expect(() => readSkeleton(node, personSkeleton)).toThrow(/a keypoint inside/);
  });

  test('are compared by the proof of an export', () => {
    expect(cvat.writer!.takesKeypoints).toBe(true);
  });
});
