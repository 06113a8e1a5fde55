import fc from 'fast-check';
import type { ItemWords } from '../../../core/project/make-item.ts';
import type { Box, Part } from '../../../core/geometry/shapes.ts';
import type { PromptMark } from '../../../core/prompt.ts';
import {
  imageStates,
  splits,
  type Annotation,
  type Category,
  type Geometry,
  type ImageRecord,
  type Provenance,
  type Item,
  type Review,
} from '../../../core/records.ts';

/** Every code point, control characters and unassigned ones included. */
const text = fc.string({ unit: 'binary', maxLength: 20 });
const filledText = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
/** A key of a record of JSON: zod leaves "__proto__" out of all that it reads. */
const key = text.filter((name) => name !== '__proto__');
const id = fc.uuid({ version: 7 });
/** JSON has no -0. */
const real = (min: number, max: number) =>
  fc.double({ min, max, noNaN: true }).map((value) => value + 0);
const coordinate = real(-1e6, 1e6);
const length = real(0, 1e6);
const timeMs = fc.integer({ min: 0, max: 2 ** 45 });
const extra = fc
  .dictionary(key, fc.jsonValue(), { maxKeys: 4, noNullPrototype: true })
  .map((value) => JSON.parse(JSON.stringify(value)) as ImageRecord['extra'])
  .filter((value) => !JSON.stringify(value).includes('__proto__'));

const box: fc.Arbitrary<Box> = fc.tuple(coordinate, coordinate, length, length);
const ring = fc.array(coordinate, { minLength: 6, maxLength: 12 });
const part: fc.Arbitrary<Part> = fc.record({
  outer: ring,
  holes: fc.array(ring, { maxLength: 2 }),
});
const parts = fc.array(part, { minLength: 1, maxLength: 3 });
const side = fc.integer({ min: 1, max: 100_000 });
const rle = fc.record({ size: fc.tuple(side, side), counts: text });

const mark: fc.Arbitrary<PromptMark> = fc.oneof(
  fc.record({
    kind: fc.constant('point' as const),
    at: fc.tuple(coordinate, coordinate),
    positive: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('box' as const), box }),
  fc.record({ kind: fc.constant('polygon' as const), parts }),
  fc.record({ kind: fc.constant('mask' as const), rle }),
);
const regions = fc.array(fc.record({ marks: fc.array(mark, { minLength: 1, maxLength: 3 }) }), {
  maxLength: 2,
});

const provenance: fc.Arbitrary<Provenance> = fc.oneof(
  fc.record({ source: fc.constant('person' as const) }),
  fc.record({ source: fc.constant('person' as const), by: filledText }),
  fc.record({ source: fc.constant('import' as const), file: text }),
  fc.record({
    source: fc.constant('model' as const),
    model: fc.record({ id: text, hash: text }),
    request: fc.oneof(
      fc.record({
        task: fc.constant('segment' as const),
        text: fc.option(text),
        regions,
      }),
      fc.record({
        task: fc.constant('ask' as const),
        question: filledText,
        choices: fc.array(text, { maxLength: 3 }),
        regions,
      }),
    ),
    threshold: real(0, 1),
    score: real(0, 1),
  }),
);

const words: fc.Arbitrary<ItemWords> = fc.oneof(
  fc.record({ task: fc.constant('description' as const), content: fc.record({ text }) }),
  fc.record({
    task: fc.constant('referring' as const),
    content: fc.record({ question: text, answer: text }),
  }),
  fc.record({
    task: fc.constant('multiple-choice' as const),
    content: fc.record({
      question: text,
      choices: fc.array(text, { maxLength: 4 }),
      answer: text,
    }),
  }),
);

const otherGeometry: fc.Arbitrary<Geometry> = fc.oneof(
  fc.record({ kind: fc.constant('polygon' as const), parts }),
  fc.record({ kind: fc.constant('box' as const), box }),
);

export const categoryArbitrary: fc.Arbitrary<Category> = fc.record({
  kind: fc.constant('category' as const),
  id,
  name: filledText,
  parentId: fc.constant(null),
  color: fc.constantFrom('#000000', '#12ab9f'),
  attributes: fc.array(
    fc.record({
      name: filledText,
      type: fc.constantFrom(
        'text' as const,
        'number' as const,
        'boolean' as const,
        'choice' as const,
      ),
      choices: fc.array(text, { maxLength: 3 }),
    }),
    { maxLength: 3 },
  ),
  extra,
});

export function imageArbitrary(folderId: string): fc.Arbitrary<ImageRecord> {
  return fc.record({
    kind: fc.constant('image' as const),
    id,
    folderId: fc.constant(folderId),
    path: filledText,
    width: side,
    height: side,
    orientation: fc.integer({ min: 1, max: 8 }),
    sha256: text,
    state: fc.constantFrom(...imageStates),
    split: fc.option(fc.constantFrom(...splits)),
    extra,
  });
}

/** A region of an image, whose masks have its size. */
function geometryOf({ width, height }: ImageRecord): fc.Arbitrary<Geometry> {
  const size = fc.constant<[number, number]>([height, width]);
  const mask = fc.record({
    kind: fc.constant('mask' as const),
    rle: fc.record({ size, counts: text }),
  });
  return fc.oneof(mask, otherGeometry);
}

export function annotationArbitrary(
  image: ImageRecord,
  categoryId: string | null,
): fc.Arbitrary<Annotation> {
  return fc.record({
    kind: fc.constant('annotation' as const),
    id,
    imageId: fc.constant(image.id),
    categoryId: fc.constant(categoryId),
    geometry: geometryOf(image),
    bbox: box,
    area: length,
    crowd: fc.boolean(),
    zOrder: fc.integer({ min: -1000, max: 1000 }),
    attributes: fc.dictionary(key, fc.oneof(text, coordinate, fc.boolean()), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
    provenance,
    createdAtMs: timeMs,
    updatedAtMs: timeMs,
    extra,
  });
}

/** An item about annotations of an image, or about the image. */
export function itemArbitrary(
  imageId: string,
  annotationIds: readonly string[],
): fc.Arbitrary<Item> {
  const segment = fc.record({
    tag: text,
    annotationId: fc.constantFrom(...annotationIds),
    role: fc.constantFrom('prompt' as const, 'target' as const),
  });
  return fc
    .tuple(
      fc.record({
        kind: fc.constant('item' as const),
        id,
        imageId: fc.constant(imageId),
        segments: annotationIds.length > 0 ? fc.array(segment, { maxLength: 3 }) : fc.constant([]),
        author: fc.constant(null),
        provenance,
        createdAtMs: timeMs,
        updatedAtMs: timeMs,
        extra,
      }),
      words,
    )
    .map(([fields, said]) => ({ ...fields, ...said }) as Item);
}

export function reviewArbitrary({ id: itemId, imageId }: Item): fc.Arbitrary<Review> {
  return fc
    .record({
      id,
      verdict: fc.constantFrom('accept' as const, 'fix' as const, 'reject' as const),
      reason: fc.option(text),
      note: text,
      suggestion: fc.option(fc.record({ text })),
      atMs: timeMs,
    })
    .map(({ suggestion, ...fields }) => ({
      ...fields,
      kind: 'review',
      imageId,
      itemId,
      annotationId: null,
      reviewer: null,
      ...(suggestion && { suggestion }),
    }));
}
