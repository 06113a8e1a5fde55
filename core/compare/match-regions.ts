import type { MeasuredShape } from '../formats/row-shape.ts';
import type { Keypoint } from '../records.ts';
import { categoryNameKey } from '../project/category-names.ts';
import { areSameKeypoints, isLabelled } from '../project/keypoints.ts';
import { shapeIou } from '../formats/shape-iou.ts';

/** A region of one side of a comparison. */
export interface ComparedRegion {
  /** Where it stands, to name it. */
  readonly place: string;
  /** Null: it has none. */
  readonly category: string | null;
  readonly shape: MeasuredShape;
  /** In pixels; null where it has none, undefined where its side says nothing about keypoints. */
  readonly keypoints?: readonly Keypoint[] | null | undefined;
}

/** Whether both sides name the same category, however they spell it. */
export function isSameCategory(left: ComparedRegion, right: ComparedRegion): boolean {
  if (left.category === null || right.category === null) return left.category === right.category;
  return categoryNameKey(left.category) === categoryNameKey(right.category);
}

/** Whether the keypoints of two regions agree, as far as both sides speak of keypoints. */
export function areKeypointsAlike(left: ComparedRegion, right: ComparedRegion): boolean {
  if (left.keypoints === undefined || right.keypoints === undefined) return true;
  // Without a labelled one they are none: formats write that in different ways.
  const isSet = ({ keypoints }: ComparedRegion) => keypoints?.some(isLabelled) ?? false;
  if (!isSet(left) || !isSet(right)) return isSet(left) === isSet(right);
  return areSameKeypoints(left.keypoints!, right.keypoints!);
}

export interface MatchedPair<Left, Right> {
  readonly left: Left;
  readonly right: Right;
  readonly iou: number;
}

export interface Matched<Left, Right> {
  readonly pairs: readonly MatchedPair<Left, Right>[];
  readonly leftOver: readonly Left[];
  readonly rightOver: readonly Right[];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Matches the regions of two sides of one image greedily: the pair with the highest IoU first, of
 * equal ones that with the same category, then in the order of the sides. No region is in two
 * pairs.
 * @param minimumIou pairs that overlap less are none
 */
export function matchRegions<Left extends ComparedRegion, Right extends ComparedRegion>(
  lefts: readonly Left[],
  rights: readonly Right[],
  image: Size,
  minimumIou: number,
): Matched<Left, Right> {
  const candidates = lefts.flatMap((left) =>
    rights.flatMap((right) => {
      const iou = shapeIou(left.shape, right.shape, image);
      return iou >= minimumIou && iou > 0 ? [{ left, right, iou }] : [];
    }),
  );
  const isSame = ({ left, right }: MatchedPair<Left, Right>): number =>
    Number(isSameCategory(left, right));
  candidates.sort((a, b) => b.iou - a.iou || isSame(b) - isSame(a));
  const taken = new Set<ComparedRegion>();
  const pairs = candidates.filter(({ left, right }) => {
    if (taken.has(left) || taken.has(right)) return false;
    taken.add(left).add(right);
    return true;
  });
  return {
    pairs,
    leftOver: lefts.filter((left) => !taken.has(left)),
    rightOver: rights.filter((right) => !taken.has(right)),
  };
}
