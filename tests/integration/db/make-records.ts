import { newId } from '../../../core/ids.ts';
import type { Annotation, Category, ImageRecord } from '../../../core/records.ts';

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
