import { newId } from '../../../core/ids.ts';
import { makeItem, oneSegment } from '../../../core/project/make-item.ts';
import type { Annotation, Category, ImageRecord, Item, Review } from '../../../core/records.ts';

export function makeCategory(change: Partial<Category> = {}): Category {
  return {
    kind: 'category',
    id: newId(),
    name: 'cat',
    parentId: null,
    color: '#112233',
    attributes: [],
    extra: {},
    ...change,
  };
}

export function makeImage(folderId: string, change: Partial<ImageRecord> = {}): ImageRecord {
  const id = change.id ?? newId();
  return {
    kind: 'image',
    id,
    folderId,
    path: `${id}.jpg`,
    width: 640,
    height: 480,
    orientation: 1,
    sha256: '0'.repeat(64),
    state: 'untouched',
    split: null,

    extra: {},
    ...change,
  };
}

export function makeAnnotation(imageId: string, change: Partial<Annotation> = {}): Annotation {
  return {
    kind: 'annotation',
    id: newId(),
    imageId,
    categoryId: null,
    geometry: { kind: 'box', box: [10, 20, 30, 40] },
    bbox: [10, 20, 30, 40],
    area: 1200,
    crowd: false,
    zOrder: 0,
    attributes: {},

    provenance: { source: 'person' },
    createdAtMs: 1,
    updatedAtMs: 1,
    extra: {},
    ...change,
  };
}

/** Words about an annotation, or about an image. */
export function makeDescription(subject: Annotation | ImageRecord, text: string): Item {
  const isImage = subject.kind === 'image';
  const about = {
    imageId: isImage ? subject.id : subject.imageId,
    segments: isImage ? [] : oneSegment('description', subject.id),
  };
  return makeItem({ task: 'description', content: { text } }, about, { source: 'person' }, 1);
}

export function makeReview(
  item: Pick<Item, 'id' | 'imageId'>,
  change: Partial<Review> = {},
): Review {
  return {
    kind: 'review',
    id: newId(),
    imageId: item.imageId,
    itemId: item.id,
    annotationId: null,
    reviewer: null,
    verdict: 'accept',
    reason: null,
    note: '',
    atMs: 1,
    ...change,
  };
}
