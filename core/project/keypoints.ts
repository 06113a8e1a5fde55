import { otherKeys } from '../formats/json-values.ts';
import type { Box, Point } from '../geometry/shapes.ts';
import { verticesBox } from '../geometry/vertices.ts';
import {
  keypointVisibilities,
  type Annotation,
  type Category,
  type Keypoint,
  type Skeleton,
} from '../records.ts';

/**
 * Keypoints of objects, and the skeletons of their categories. COCO's keys for both are read where
 * they stand in `extra`, too: earlier versions kept them there.
 */

/** The skeleton of a category; null where its objects have no keypoints. */
export function skeletonOf(category: Pick<Category, 'skeleton' | 'extra'>): Skeleton | null {
  return category.skeleton ?? skeletonFromCoco(category.extra);
}

/** The keypoints of an annotation; null while nobody has set any. */
export function keypointsOf(
  annotation: Pick<Annotation, 'keypoints' | 'extra'>,
): Keypoint[] | null {
  return annotation.keypoints ?? keypointsFromCoco(annotation.extra['keypoints']);
}

/**
 * COCO's names and edges, which it counts from 1; null where they are none that are sound as a
 * whole.
 */
export function skeletonFromCoco({
  keypoints,
  skeleton = [],
}: Readonly<Record<string, unknown>>): Skeleton | null {
  if (!Array.isArray(keypoints) || keypoints.length === 0 || !Array.isArray(skeleton)) return null;
  if (!keypoints.every((name) => typeof name === 'string' && name !== '')) return null;
  const isEnd = (end: unknown) => Number.isInteger(end) && isWithin(end as number, keypoints);
  const isEdge = (edge: unknown) => Array.isArray(edge) && edge.length === 2 && edge.every(isEnd);
  if (!skeleton.every(isEdge)) return null;
  const edges = skeleton as [number, number][];
  return {
    keypoints: [...(keypoints as string[])],
    edges: edges.map(([from, to]) => [from - 1, to - 1]),
  };
}

function isWithin(end: number, { length }: readonly unknown[]): boolean {
  return end >= 1 && end <= length;
}

/** COCO's flat list x0, y0, v0, …; null where it is none, or nothing is labelled in it. */
export function keypointsFromCoco(flat: unknown): Keypoint[] | null {
  if (!Array.isArray(flat) || flat.length === 0 || flat.length % 3 !== 0) return null;
  if (!flat.every(Number.isFinite)) return null;
  const numbers = flat as number[];
  const points = Array.from(
    { length: flat.length / 3 },
    (_, index) => numbers.slice(3 * index, 3 * index + 3) as unknown as Keypoint,
  );
  const isKnown = ([, , visibility]: Keypoint) => keypointVisibilities.includes(visibility);
  return points.every(isKnown) && points.some(isLabelled) ? points : null;
}

/**
 * The annotation with its keypoints as a field, where `extra` has them as COCO writes them; those
 * that are not sound stay in `extra`.
 */
export function withOwnKeypoints(annotation: Annotation): Annotation {
  const keypoints = keypointsOf(annotation);
  if (!keypoints) return annotation;
  return { ...annotation, keypoints, extra: otherKeys(annotation.extra, annotationKeys) };
}

/** The category with its skeleton as a field, as {@link withOwnKeypoints}. */
export function withOwnSkeleton(category: Category): Category {
  const skeleton = skeletonOf(category);
  if (!skeleton) return category;
  return { ...category, skeleton, extra: otherKeys(category.extra, categoryKeys) };
}

/** The annotation as if nobody had set keypoints. */
export function withoutKeypoints(annotation: Annotation): Annotation {
  const own = { ...withOwnKeypoints(annotation) };
  delete own.keypoints;
  return own;
}

/** The category as if its objects had no keypoints. */
export function withoutSkeleton(category: Category): Category {
  const own = { ...withOwnSkeleton(category) };
  delete own.skeleton;
  return own;
}

const annotationKeys = ['keypoints', 'num_keypoints'];
const categoryKeys = ['keypoints', 'skeleton'];

/** COCO's keys of an annotation; none where nobody has set keypoints. */
export function cocoKeypoints(
  annotation: Pick<Annotation, 'keypoints' | 'extra'>,
): { readonly keypoints: number[]; readonly num_keypoints: number } | null {
  const keypoints = keypointsOf(annotation);
  if (!keypoints) return null;
  return { keypoints: keypoints.flat(), num_keypoints: keypoints.filter(isLabelled).length };
}

/** COCO's keys of a category; none where it has no skeleton. */
export function cocoSkeleton(
  category: Pick<Category, 'skeleton' | 'extra'>,
): { readonly keypoints: string[]; readonly skeleton: [number, number][] } | null {
  const skeleton = skeletonOf(category);
  if (!skeleton) return null;
  const edges = skeleton.edges.map(([from, to]): [number, number] => [from + 1, to + 1]);
  return { keypoints: skeleton.keypoints, skeleton: edges };
}

export function isLabelled([, , visibility]: Keypoint): boolean {
  return visibility > 0;
}

/** Pixels by which a keypoint may differ that is written in another way. */
const keypointTolerance = 1;

/** Whether two lists have the same keypoints, in pixels, with the same visibility. */
export function areSameKeypoints(left: readonly Keypoint[], right: readonly Keypoint[]): boolean {
  const isNear = (a: number, b: number) => Math.abs(a - b) <= keypointTolerance;
  return (
    left.length === right.length &&
    left.every(([x, y, visibility], index) => {
      const [otherX, otherY, otherVisibility] = right[index]!;
      const isSame = visibility === otherVisibility;
      return isSame && (visibility === 0 || (isNear(x, otherX) && isNear(y, otherY)));
    })
  );
}

/** The box around the labelled keypoints, a pixel wide and high at least; null of none. */
export function keypointsBox(keypoints: readonly Keypoint[]): Box | null {
  const labelled = keypoints.filter(isLabelled);
  if (labelled.length === 0) return null;
  const [left, top, width, height] = verticesBox([labelled.flatMap(([x, y]) => [x, y])]);
  return [left, top, Math.max(width, 1), Math.max(height, 1)];
}

/** Whether a region is no more than the box around its keypoints, and follows them. */
export function isBoxOfKeypoints({
  geometry,
  ...annotation
}: Pick<Annotation, 'geometry' | 'keypoints' | 'extra'>): boolean {
  const keypoints = keypointsOf(annotation);
  const around = keypoints && keypointsBox(keypoints);
  return (
    around !== null &&
    geometry.kind === 'box' &&
    geometry.box.every((value, index) => Math.abs(value - around[index]!) < 1e-6)
  );
}

/** Keypoints moved, in pixels; those that are not labelled stay where none is. */
export function moveKeypoints(keypoints: readonly Keypoint[], [dx, dy]: Point): Keypoint[] {
  return keypoints.map((point) =>
    isLabelled(point) ? [point[0] + dx, point[1] + dy, point[2]] : point,
  );
}

/** Keypoints of a photo that is larger or smaller than its dataset says. */
export function scaleKeypoints(
  keypoints: readonly Keypoint[],
  { x, y }: { readonly x: number; readonly y: number },
): Keypoint[] {
  return keypoints.map((point) => [point[0] * x, point[1] * y, point[2]]);
}
