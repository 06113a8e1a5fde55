import { createHash } from 'node:crypto';
import { seededRandom } from '../../../core/seeded-random.ts';
import { makeItem, oneSegment } from '../../../core/project/make-item.ts';
import type { Annotation, Category, ImageRecord, Item } from '../../../core/records.ts';

/** How large the project of a measurement is. */
export interface ScaleSize {
  readonly images: number;
  readonly annotations: number;
}

/**
 * A project of a measurement has ten annotations for each image, in images one after another as
 * datasets list them.
 */
export function scaleOf(annotations: number): ScaleSize {
  return { images: Math.ceil(annotations / 10), annotations };
}

export const scaleCategories = 80;

/**
 * The categories of a measured project; `id` and `name` are those of the category with this index.
 */
export function* makeCategories(): Generator<Category> {
  for (let index = 0; index < scaleCategories; index++) {
    yield {
      kind: 'category',
      id: stableId('category', index),
      name: `category-${index}`,
      parentId: null,
      color: '#112233',
      attributes: [],
      extra: {},
    };
  }
}

/**
 * The same images in every run: 4000 by 3000 pixels, every third one done, every fourth in a
 * split.
 */
export function* makeImages(folderId: string, { images }: ScaleSize): Generator<ImageRecord> {
  for (let index = 0; index < images; index++) {
    yield {
      kind: 'image',
      id: stableId('image', index),
      folderId,
      path: pathOfImage(index),
      width: 4000,
      height: 3000,
      orientation: 1,
      sha256: createHash('sha256').update(`image ${index}`).digest('hex'),
      state: index % 3 === 0 ? 'done' : 'untouched',
      split: index % 4 === 0 ? 'train' : null,

      extra: {},
    };
  }
}

/** Path of the image with this index in the project's folder. */
export function pathOfImage(index: number): string {
  return `session-${index % 100}/IMG_${String(index).padStart(6, '0')}.jpg`;
}

/**
 * The same polygons in every run: 12 to 36 vertices around a centre, two decimals, ten for each
 * image.
 */
export function* makeAnnotations({ annotations }: ScaleSize): Generator<Annotation> {
  const random = seededRandom(13);
  for (let index = 0; index < annotations; index++) {
    const outer = makeOutline(random);
    const bbox = boxOf(outer);
    const id = stableId('annotation', index);
    yield {
      kind: 'annotation',
      id,
      imageId: stableId('image', Math.floor(index / 10)),
      categoryId: stableId('category', Math.floor(random() * scaleCategories)),
      geometry: { kind: 'polygon', parts: [{ outer, holes: [] }] },
      bbox,
      area: Math.round(0.75 * bbox[2] * bbox[3]),
      crowd: false,
      zOrder: index % 10,
      attributes: {},
      provenance: { source: 'import', file: 'scale.json' },
      createdAtMs: 1_700_000_000_000,
      updatedAtMs: 1_700_000_000_000,
      extra: {},
    };
  }
}

/** The descriptions of annotations of a measured project: about one in twenty has one. */
export function makeDescriptions(annotations: readonly Annotation[]): Item[] {
  return annotations
    .filter(({ id, zOrder }) => zOrder === 0 && id.charCodeAt(id.length - 1) % 2 === 0)
    .map(({ id, imageId, createdAtMs }) => {
      const words = { task: 'description', content: { text: `thing ${id.slice(-4)}` } } as const;
      const subject = { imageId, segments: oneSegment('description', id) };
      return makeItem(words, subject, { source: 'person' }, createdAtMs);
    });
}

function makeOutline(random: () => number): number[] {
  const vertices = 12 + Math.floor(random() * 25);
  const radius = 20 + random() * 300;
  const [x, y] = [400 + random() * 3200, 400 + random() * 2200];
  return Array.from({ length: vertices }, (_, vertex) => {
    const angle = (2 * Math.PI * vertex) / vertices;
    const length = radius * (0.6 + 0.4 * random());
    return [rounded(x + length * Math.cos(angle)), rounded(y + length * Math.sin(angle))];
  }).flat();
}

function boxOf(outline: readonly number[]): [number, number, number, number] {
  const xs = outline.filter((_, index) => index % 2 === 0);
  const ys = outline.filter((_, index) => index % 2 === 1);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [left, top, rounded(Math.max(...xs) - left), rounded(Math.max(...ys) - top)];
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** An id that looks like the program's own (UUIDv7: rising) and is the same in every run. */
function stableId(kind: 'category' | 'image' | 'annotation', index: number): string {
  const time = (0x018b_0000_0000 + index).toString(16).padStart(12, '0');
  const rest = createHash('md5').update(`${kind} ${index}`).digest('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-a${rest.slice(3, 6)}-${rest.slice(6, 18)}`;
}
