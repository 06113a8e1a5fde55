import fc from 'fast-check';
import type {
  DatasetRow,
  DatasetSource,
  RowShape,
  SourceAnnotation,
  SourceCategory,
  SourceImage,
} from '../../core/formats/dataset-row.ts';
import { encodeRle, rleFromRuns } from '../../core/geometry/rle.ts';
import { geometryMeasures, geometryRle } from '../../core/geometry/region.ts';
import { makeItem } from '../../core/project/make-item.ts';
import type { SegmentRole } from '../../core/tasks/task.ts';
import type { Rle } from '../../core/geometry/shapes.ts';
import type {
  Annotation,
  AttributeValue,
  Category,
  Geometry,
  ImageRecord,
  Keypoint,
  Item,
} from '../../core/records.ts';

/** Small datasets to export, made by hand or by fast-check. */

const person = { source: 'person' } as const;

export interface AnnotationSpec {
  readonly geometry: Geometry;
  readonly keypoints?: readonly Keypoint[] | null;
  /** Index of the category; null: none. */
  readonly category: number | null;
  readonly attributes?: Annotation['attributes'];
  readonly texts?: readonly TextSpec[];
  readonly crowd?: boolean;
  readonly extra?: Annotation['extra'];
}

export type TextSpec =
  | { readonly kind: 'description' | 'referring'; readonly text: string }
  | {
      readonly kind: 'question';
      readonly question: string;
      readonly choices: string[];
      readonly answer: string;
    };

export interface ImageSpec {
  readonly fileName: string;
  readonly width: number;
  readonly height: number;
  readonly annotations: readonly AnnotationSpec[];
  readonly split?: ImageRecord['split'];
  readonly state?: ImageRecord['state'];
  readonly texts?: readonly TextSpec[];
  readonly items?: readonly ItemSpec[];
  readonly extra?: ImageRecord['extra'];
}

/** A referring item about several regions. */
export interface ItemSpec {
  readonly question: string;
  readonly answer: string;
  readonly segments: readonly {
    readonly tag: string;
    /** Index of the annotation in its image. */
    readonly annotation: number;
    readonly role: SegmentRole;
  }[];
  readonly extra?: Item['extra'];
}

export interface CategorySpec {
  readonly name: string;
  /** Index of the parent. */
  readonly parent?: number;
  readonly color?: string;
  readonly extra?: Category['extra'];
}

/** A snapshot of a project that has just these images. */
export function datasetSource(
  categories: readonly CategorySpec[],
  images: readonly ImageSpec[],
): DatasetSource {
  const categoryRecords = categories.map(sourceCategory);
  let annotationId = 0;
  const sourceImages = images.map((spec, index): SourceImage => {
    const image = imageRecord(spec, index);
    const annotations = spec.annotations.map((each, order): SourceAnnotation => {
      annotationId++;
      return {
        exportId: annotationId,
        category: each.category === null ? null : categoryRecords[each.category]!,
        annotation: annotationRecord(each, image, order, annotationId),
        texts: each.texts ?? [],
      };
    });
    return {
      exportId: index + 1,
      image,
      fileName: spec.fileName,
      texts: spec.texts ?? [],
      items: (spec.items ?? []).map((item, order) => ({
        ...makeItem(
          { task: 'referring', content: { question: item.question, answer: item.answer } },
          {
            imageId: image.id,
            segments: item.segments.map(({ tag, annotation, role }) => ({
              tag,
              annotationId: annotations[annotation]!.annotation.id,
              role,
            })),
          },
          person,
          0,
        ),
        id: `item-${index}-${order}`,
        extra: item.extra ?? {},
      })),
      annotations: () => annotations,
    };
  });
  return {
    projectName: 'project',
    date: '2026-01-02T03:04:05.000Z',
    categories: categoryRecords,
    images: () => sourceImages,
  };
}

function sourceCategory(
  { name, parent, color, extra }: CategorySpec,
  index: number,
  all: readonly CategorySpec[],
): SourceCategory {
  return {
    exportId: index + 1,
    parentName: parent === undefined ? null : all[parent]!.name,
    category: {
      kind: 'category',
      id: `category-${index}`,
      name,
      parentId: parent === undefined ? null : `category-${parent}`,
      color: color ?? '#336699',
      attributes: [],
      extra: extra ?? {},
    },
  };
}

function imageRecord(spec: ImageSpec, index: number): ImageRecord {
  return {
    kind: 'image',
    id: `image-${index}`,
    folderId: 'folder',
    path: spec.fileName,
    width: spec.width,
    height: spec.height,
    orientation: 1,
    sha256: '',
    state: spec.state ?? 'to-check',
    split: spec.split ?? null,
    extra: spec.extra ?? {},
  };
}

function annotationRecord(
  spec: AnnotationSpec,
  image: ImageRecord,
  zOrder: number,
  id: number,
): Annotation {
  return {
    kind: 'annotation',
    id: `annotation-${id}`,
    imageId: image.id,
    categoryId: spec.category === null ? null : `category-${spec.category}`,
    geometry: spec.geometry,
    ...(spec.keypoints && { keypoints: [...spec.keypoints] }),
    ...geometryMeasures(spec.geometry, image.width, image.height),
    crowd: spec.crowd ?? false,
    zOrder,
    attributes: spec.attributes ?? {},
    provenance: person,
    createdAtMs: 0,
    updatedAtMs: 0,
    extra: spec.extra ?? {},
  };
}

/** The rows that a reader gives. */
export async function rowsOf(rows: AsyncIterable<DatasetRow>): Promise<DatasetRow[]> {
  const all: DatasetRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

/** The pixels of a row's shape in an image. */
export function shapeRle(
  shape: RowShape,
  unit: 'pixel' | 'fraction' | 'percent',
  width: number,
  height: number,
): Rle {
  const scale = { pixel: [1, 1], fraction: [width, height], percent: [width / 100, height / 100] };
  const [across, down] = scale[unit] as [number, number];
  const scaled = (values: readonly number[]): number[] =>
    values.map((value, index) => value * (index % 2 === 0 ? across : down));
  switch (shape.kind) {
    case 'polyline':
    case 'tag':
      return rleFromRuns([height, width], Uint32Array.of(width * height));
    case 'mask':
      return shape.rle;
    case 'box':
      return geometryRle(
        { kind: 'box', box: scaled(shape.box) as [number, number, number, number] },
        width,
        height,
      );
    case 'polygon': {
      const parts = shape.parts.map(({ outer, holes }) => ({
        outer: scaled(outer),
        holes: holes.map(scaled),
      }));
      return geometryRle({ kind: 'polygon', parts }, width, height);
    }
  }
}

export function maskOfPixels(width: number, height: number, pixels: readonly (0 | 1)[]): Rle {
  return encodeRle({ width, height, data: Uint8Array.from(pixels) });
}

/** Quarters of pixels, which doubles hold exactly. */
const within = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: most * 4 }).map((value) => value / 4);

function ringOf(width: number, height: number): fc.Arbitrary<number[]> {
  const point = fc.tuple(within(width), within(height));
  return fc.array(point, { minLength: 3, maxLength: 7 }).map((points) => points.flat());
}

/** A square with a square hole. */
function ringed(width: number, height: number): Geometry {
  const [right, bottom] = [width - 1, height - 1];
  const outer = [1, 1, right, 1, right, bottom, 1, bottom];
  const hole = [3, 3, 3, bottom - 2, right - 2, bottom - 2, right - 2, 3];
  return { kind: 'polygon', parts: [{ outer, holes: [hole] }] };
}

export function anyGeometry(width: number, height: number): fc.Arbitrary<Geometry> {
  const box = fc
    .tuple(within(width - 1), within(height - 1), within(width), within(height))
    .map(([x, y, across, down]): Geometry => {
      const size = [Math.min(width - x, across + 1), Math.min(height - y, down + 1)] as const;
      return { kind: 'box', box: [x, y, ...size] };
    });
  const part = ringOf(width, height).map((outer) => ({ outer, holes: [] as number[][] }));
  const polygon = fc
    .array(part, { minLength: 1, maxLength: 3 })
    .map((parts): Geometry => ({ kind: 'polygon', parts }));
  const mask = fc
    .array(fc.constantFrom<(0 | 1)[]>(0, 1), {
      minLength: width * height,
      maxLength: width * height,
    })
    .map((pixels): Geometry => ({ kind: 'mask', rle: maskOfPixels(width, height, pixels) }));
  return fc.oneof(box, polygon, fc.constant(ringed(width, height)), mask);
}

const word = fc.oneof(
  fc.string({ minLength: 1, maxLength: 8 }),
  fc.constantFrom('<a & "b">', '安全帽', 'a,b;c', ' x '),
);

const anyText: fc.Arbitrary<TextSpec> = fc.oneof(
  fc.record({ kind: fc.constantFrom('description' as const, 'referring' as const), text: word }),
  fc.record({
    kind: fc.constant('question' as const),
    question: word,
    choices: fc.array(word, { maxLength: 2 }),
    answer: word,
  }),
);

const anyAttributes: fc.Arbitrary<Record<string, AttributeValue>> = fc.dictionary(
  fc.constantFrom('colour', 'occluded', 'light red', 'count'),
  fc.oneof(
    word,
    fc.integer({ min: -9, max: 9 }),
    fc.boolean(),
    // JSON has one zero only.
    fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map((value) => value + 0),
  ),
);

/** Shapes without pixels. */
function anyBareGeometry(width: number, height: number): fc.Arbitrary<Geometry> {
  const point = fc.tuple(within(width), within(height));
  const polyline = fc
    .array(point, { minLength: 2, maxLength: 5 })
    .map((points): Geometry => ({ kind: 'polyline', points: points.flat() }));
  return fc.oneof(polyline, fc.constant<Geometry>({ kind: 'tag' }));
}

/** As many as the skeleton below has, at least one of them labelled. */
function anyKeypoints(width: number, height: number): fc.Arbitrary<Keypoint[]> {
  const labelled = fc
    .tuple(within(width), within(height), fc.constantFrom(1 as const, 2 as const))
    .map(([x, y, visibility]): Keypoint => [x, y, visibility]);
  return fc.tuple(labelled, fc.oneof(labelled, fc.constant<Keypoint>([0, 0, 0])));
}

const anyAnnotation = (width: number, height: number): fc.Arbitrary<AnnotationSpec> =>
  fc.record({
    geometry: fc.oneof(
      { weight: 4, arbitrary: anyGeometry(width, height) },
      { weight: 1, arbitrary: anyBareGeometry(width, height) },
    ),
    keypoints: fc.option(anyKeypoints(width, height), { nil: null }),
    category: fc.constantFrom(null, 0, 1, 2, 3),
    attributes: anyAttributes,
    texts: fc.array(anyText, { maxLength: 3 }),
    crowd: fc.boolean(),
  });

const anyImage: fc.Arbitrary<Omit<ImageSpec, 'fileName'>> = fc
  .tuple(fc.integer({ min: 8, max: 20 }), fc.integer({ min: 8, max: 20 }))
  .chain(([width, height]) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      annotations: fc.array(anyAnnotation(width, height), { maxLength: 4 }),
      split: fc.constantFrom(null, 'train' as const, 'validation' as const, 'test' as const),
      state: fc.constantFrom('to-check' as const, 'done' as const),
      texts: fc.array(anyText, { maxLength: 2 }),
    }),
  );

/** Names that clash in some formats: of one stem, in folders, with letters beyond ASCII. */
const fileNames = ['a.jpg', 'a.png', 'b c/ä#1.jpg', '照片.webp'];

/** Two categories have one name under different parents. */
const categories: readonly CategorySpec[] = [
  { name: 'vehicle' },
  { name: 'other', parent: 0 },
  { name: 'other', color: '#ff0000' },
  {
    name: '<light, "red">',
    color: '#00ff00',
    extra: { keypoints: ['nose', 'tail'], skeleton: [[1, 2]] },
  },
];

/** A dataset with all that a project can hold. */
export const anyDataset: fc.Arbitrary<DatasetSource> = fc
  .array(anyImage, { minLength: 1, maxLength: fileNames.length })
  .map((images) => {
    const named = images.map((image, index) => ({ ...image, fileName: fileNames[index]! }));
    return datasetSource(categories, named);
  });
