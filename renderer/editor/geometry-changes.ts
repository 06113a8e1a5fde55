import { addition, emptyDiff, replacement, replacements, type Diff } from '../../core/diff.ts';
import type { PartOperation } from '../../core/geometry/boolean.ts';
import { combineGeometries, moveGeometry, splitGeometry } from '../../core/geometry/edit.ts';
import { geometryMeasures, isEmptyShape } from '../../core/geometry/region.ts';
import type { Point } from '../../core/geometry/shapes.ts';
import { newId } from '../../core/ids.ts';
import {
  isBoxOfKeypoints,
  keypointsBox,
  keypointsOf,
  moveKeypoints,
  withoutKeypoints,
} from '../../core/project/keypoints.ts';
import { modelProvenance } from '../../core/project/mask-annotation.ts';
import type {
  Annotation,
  Geometry,
  ImageRecord,
  Item,
  Keypoint,
  RecordId,
} from '../../core/records.ts';
import type { Proposal } from './proposal.ts';
import { editorFailure } from './sentences.ts';

/** Changes of the regions of annotations, as diffs. Pure, but for new ids and the time. */

/**
 * The annotation with another region.
 * @throws AppError `invalid-input` when it covers no pixel of the image.
 */
function withGeometry(annotation: Annotation, geometry: Geometry, image: ImageRecord): Annotation {
  const { width, height } = image;
  const { bbox, area } = geometryMeasures(geometry, width, height);
  if (isEmptyShape(geometry, area)) throw editorFailure('invalid-input', 'emptyShape', {});
  return { ...annotation, geometry, bbox, area, updatedAtMs: Date.now() };
}

/**
 * Gives each annotation its new region; those that keep theirs are left out.
 * @throws as withGeometry.
 */
export function changeGeometries(
  changes: readonly (readonly [Annotation, Geometry])[],
  image: ImageRecord,
): Diff {
  return replacements(
    changes
      .filter(([annotation, geometry]) => annotation.geometry !== geometry)
      .map(([annotation, geometry]) => [annotation, withGeometry(annotation, geometry, image)]),
  );
}

/** Moves regions by whole pixels, their keypoints with them. @throws as withGeometry. */
export function moveAnnotations(
  annotations: readonly Annotation[],
  by: Point,
  image: ImageRecord,
): Diff {
  const { width, height } = image;
  const moved = annotations.filter(({ geometry }) => geometry.kind !== 'tag');
  return replacements(
    moved.map((annotation) => {
      const geometry = moveGeometry(annotation.geometry, by, width, height);
      const to = withGeometry(annotation, geometry, image);
      const keypoints = keypointsOf(annotation);
      return [annotation, keypoints ? withKeypoints(to, moveKeypoints(keypoints, by)) : to];
    }),
  );
}

/**
 * Gives a region other keypoints; null takes them away. One that is no more than the box around
 * them follows them.
 * @throws as withGeometry.
 */
export function changeKeypoints(
  annotation: Annotation,
  keypoints: readonly Keypoint[] | null,
  image: ImageRecord,
): Diff {
  const box = keypoints && isBoxOfKeypoints(annotation) ? keypointsBox(keypoints) : null;
  const follows = box ? withGeometry(annotation, { kind: 'box', box }, image) : annotation;
  const to = { ...withKeypoints(follows, keypoints), updatedAtMs: Date.now() };
  return replacement(annotation, to);
}

function withKeypoints(annotation: Annotation, keypoints: readonly Keypoint[] | null): Annotation {
  const others = withoutKeypoints(annotation);
  return keypoints ? { ...others, keypoints: [...keypoints] } : others;
}

export const proposalUses = ['union', 'subtract', 'replace'] as const;
/** Uses of a proposal on a region: add, subtract or replace. */
export type ProposalUse = (typeof proposalUses)[number];

/**
 * A region changed by a proposal. Only when it is replaced does its mask come from the model
 * alone, and says so.
 * @throws AppError `invalid-input` when nothing would be left.
 */
export function useProposal(
  annotation: Annotation,
  proposal: Proposal,
  use: ProposalUse,
  image: ImageRecord,
): Diff {
  const mask: Geometry = { kind: 'mask', rle: proposal.rle };
  if (use === 'replace') {
    const replaced = withGeometry(annotation, mask, image);
    return replacement(annotation, {
      ...replaced,
      provenance: modelProvenance(proposal, { ...proposal, isAccepted: true }),
    });
  }
  const { width, height } = image;
  const geometry = combineGeometries(annotation.geometry, [mask], use, width, height);
  if (!geometry) throw editorFailure('invalid-input', 'nothingLeft', {});
  return replacement(annotation, withGeometry(annotation, geometry, image));
}

/**
 * A set operation of one annotation with others. It keeps its category and its words; the others
 * become part of it and leave their words to it, but those that were cut out of it stay as they
 * are.
 * @throws AppError `invalid-input` when nothing would be left.
 */
export function combineAnnotations(
  kept: Annotation,
  others: readonly Annotation[],
  operation: PartOperation,
  image: ImageRecord,
  items: readonly Item[],
): Diff {
  const { width, height } = image;
  const regions = others.map(({ geometry }) => geometry);
  const geometry = combineGeometries(kept.geometry, regions, operation, width, height);
  if (!geometry) throw editorFailure('invalid-input', 'nothingLeft', {});
  const combined = withGeometry(kept, geometry, image);
  if (operation === 'subtract') return replacement(kept, combined);
  const gone = new Set(others.map(({ id }) => id));
  return {
    ...replacements([[kept, combined], ...pointedAt(kept.id, gone, items)]),
    removed: Object.fromEntries(others.map((other) => [other.id, other])),
  };
}

/** The items about regions that are gone, about another one instead. */
function pointedAt(
  annotationId: RecordId,
  gone: ReadonlySet<RecordId>,
  items: readonly Item[],
): [from: Item, to: Item][] {
  return items
    .filter(({ segments }) => segments.some((part) => gone.has(part.annotationId)))
    .map((item) => {
      const segments = item.segments.map((part) =>
        gone.has(part.annotationId) ? { ...part, annotationId } : part,
      );
      return [item, { ...item, segments, updatedAtMs: Date.now() }];
    });
}

/**
 * Makes an annotation of each part of a region. The largest part keeps the id and the words. Empty
 * when the region is in one piece.
 */
export function splitAnnotation(annotation: Annotation, image: ImageRecord, zOrder: number): Diff {
  const [largest, ...others] = splitGeometry(annotation.geometry, image.width, image.height);
  if (others.length === 0) return emptyDiff();
  const pieces = others.map((geometry, index): Annotation => {
    const nowMs = Date.now();
    // Keypoints stay with the largest part.
    const piece = { ...withKeypoints(annotation, null), id: newId(), createdAtMs: nowMs };
    return withGeometry({ ...piece, zOrder: zOrder + index }, geometry, image);
  });
  return {
    ...replacement(annotation, withGeometry(annotation, largest!, image)),
    added: addition(...pieces).added,
  };
}
