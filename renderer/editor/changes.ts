import {
  addition,
  emptyDiff,
  replacement,
  replacements,
  squashDiffs,
  type Diff,
} from '../../core/diff.ts';
import { moveGeometry, placeGeometry } from '../../core/geometry/edit.ts';
import { geometryMeasures, isEmptyShape } from '../../core/geometry/region.ts';
import type { Point } from '../../core/geometry/shapes.ts';
import { newId } from '../../core/ids.ts';
import { CategoryNames, makeCategory } from '../../core/project/category-names.ts';
import {
  makeItem,
  oneSegment,
  referringWords,
  type ItemWords,
} from '../../core/project/make-item.ts';
import { keypointsOf, moveKeypoints } from '../../core/project/keypoints.ts';
import { annotationOfMask } from '../../core/project/mask-annotation.ts';
import type {
  Annotation,
  Category,
  Geometry,
  ImageRecord,
  ImageState,
  Item,
  Keypoint,
  Provenance,
  RecordId,
  Split,
} from '../../core/records.ts';
import type { Proposal } from './proposal.ts';
import { editorFailure } from './sentences.ts';

/** Every change the editor makes, as a diff. Pure: the records in, the diff out. */

/** A category for an annotation: one that exists, one to be made with it, or none. */
export type CategoryChoice =
  | { readonly kind: 'existing'; readonly category: Category }
  | { readonly kind: 'new'; readonly category: Category }
  | { readonly kind: 'none' };

/** Finds a category by name, by the rule of {@link CategoryNames}, or prepares a new one. */
export function chooseCategory(name: string, categories: readonly Category[]): CategoryChoice {
  const wanted = name.trim();
  if (wanted === '') return { kind: 'none' };
  const existing = new CategoryNames(categories).find(wanted);
  if (existing) return { kind: 'existing', category: existing };
  return { kind: 'new', category: makeCategory(wanted, categories.length) };
}

export function choiceId(choice: CategoryChoice): RecordId | null {
  return choice.kind === 'none' ? null : choice.category.id;
}

/** Accepting a proposal: the annotation, and its category when new. */
export function acceptProposal(
  proposal: Proposal,
  choice: CategoryChoice,
  image: ImageRecord,
  zOrder: number,
  attributes: Annotation['attributes'] = {},
): Diff {
  const { request, model } = proposal;
  const categoryId = choiceId(choice);
  const made = annotationOfMask(proposal, {
    imageId: image.id,
    categoryId,
    zOrder,
    request,
    model,
    isAccepted: true,
  });
  const annotation = { ...made, attributes };
  const diff = withCategory(annotation, choice);
  if (!proposal.referring) return diff;
  const words = referringWords(proposal.referring);
  return squashDiffs(diff, addItem(annotation, words, { source: 'person' }));
}

/**
 * A shape drawn by hand.
 * @throws AppError `invalid-input` when it covers no pixel.
 */
export function addShape(
  geometry: Geometry,
  choice: CategoryChoice,
  image: ImageRecord,
  zOrder: number,
  attributes: Annotation['attributes'] = {},
  keypoints: readonly Keypoint[] | null = null,
): Diff {
  const { bbox, area } = geometryMeasures(geometry, image.width, image.height);
  if (isEmptyShape(geometry, area)) throw editorFailure('invalid-input', 'emptyShape', {});
  const nowMs = Date.now();
  const annotation: Annotation = {
    kind: 'annotation',
    id: newId(),
    imageId: image.id,
    categoryId: choiceId(choice),
    geometry,
    ...(keypoints && { keypoints: [...keypoints] }),
    bbox,
    area,
    crowd: false,
    zOrder,
    attributes,
    provenance: { source: 'person' },
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    extra: {},
  };
  return withCategory(annotation, choice);
}

function withCategory(annotation: Annotation, choice: CategoryChoice): Diff {
  return addition(...(choice.kind === 'new' ? [choice.category, annotation] : [annotation]));
}

/**
 * The change, and with it the state of the image; one that the change itself gives the image
 * stays.
 */
export function withState(diff: Diff, image: ImageRecord, state: ImageState): Diff {
  if (state === image.state || image.id in diff.updated) return diff;
  return { ...diff, updated: { ...diff.updated, ...setImageState(image, state).updated } };
}

/** How many annotations or items an image has after a change. */
export function countAfter(
  kind: 'annotation' | 'item',
  diff: Diff,
  image: ImageRecord,
  before: number,
): number {
  const on = (records: Diff['added']) =>
    Object.values(records).filter((record) => record.kind === kind && record.imageId === image.id)
      .length;
  return before + on(diff.added) - on(diff.removed);
}

/**
 * Copies of annotations, of this image or another one, at the same places moved by whole pixels,
 * and of the items that are about copied annotations alone; those that lie outside the image are
 * left out.
 */
export function pasteAnnotations(
  { annotations, items }: CopiedRegions,
  [dx, dy]: Point,
  image: ImageRecord,
  zOrder: number,
): Diff {
  const { width, height } = image;
  const nowMs = Date.now();
  const copyIds = new Map<RecordId, RecordId>();
  const copies = annotations.flatMap((annotation, index): Annotation[] => {
    const placed = placeGeometry(annotation.geometry, width, height);
    const geometry = placed && moveGeometry(placed, [dx, dy], width, height);
    const measures = geometry && geometryMeasures(geometry, width, height);
    if (!geometry || !measures || isEmptyShape(geometry, measures.area)) return [];
    const keypoints = keypointsOf(annotation);
    const id = newId();
    copyIds.set(annotation.id, id);
    return [
      {
        ...annotation,
        id,
        imageId: image.id,
        geometry,
        ...(keypoints && { keypoints: moveKeypoints(keypoints, [dx, dy]) }),
        ...measures,
        zOrder: zOrder + index,
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
      },
    ];
  });
  const copiedItems = items
    .filter(({ segments }) => segments.every((part) => copyIds.has(part.annotationId)))
    .map((item) => ({
      ...item,
      id: newId(),
      imageId: image.id,
      segments: item.segments.map((part) => ({
        ...part,
        annotationId: copyIds.get(part.annotationId)!,
      })),
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    }));
  return addition(...copies, ...copiedItems);
}

/** Annotations, and items about them. */
export interface CopiedRegions {
  readonly annotations: readonly Annotation[];
  readonly items: readonly Item[];
}

export function setCategory(annotations: readonly Annotation[], choice: CategoryChoice): Diff {
  const change = { categoryId: choiceId(choice), updatedAtMs: Date.now() };
  const diff = replacements(annotations.map((from) => [from, { ...from, ...change }]));
  return choice.kind === 'new' ? { ...diff, added: addition(choice.category).added } : diff;
}

/** Adds words about an annotation. */
export function addItem(
  { id, imageId }: Annotation,
  words: ItemWords,
  provenance: Provenance,
): Diff {
  const segments = oneSegment(words.task, id);
  return addition(makeItem(words, { imageId, segments }, provenance));
}

export function setSplit(image: ImageRecord, split: Split | null): Diff {
  return image.split === split ? emptyDiff() : replacement(image, { ...image, split });
}

export function setImageState(image: ImageRecord, state: ImageState): Diff {
  return image.state === state ? emptyDiff() : replacement(image, { ...image, state });
}
