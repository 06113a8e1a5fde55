import fc from 'fast-check';
import type {
  AnnotationRow,
  DatasetRow,
  DatasetSource,
  ImageRow,
  NoteRow,
  RowShape,
  RowText,
  RowUnit,
  WrittenNote,
} from '../../../../core/formats/dataset-row.ts';
import type { DatasetFormat } from '../../../../core/formats/format.ts';
import { rleFromParts } from '../../../../core/geometry/coco-polygon.ts';
import { boxRuns } from '../../../../core/geometry/raster.ts';
import { encodeRle, rleFromRuns, rleIou } from '../../../../core/geometry/rle.ts';
import type { Part, Ring, Rle } from '../../../../core/geometry/shapes.ts';
import type { Annotation, Category, Geometry, ImageRecord } from '../../../../core/records.ts';
import { memoryFiles, memoryOutput } from '../../../support/memory-dataset.ts';
import { makeAnnotation, makeCategory, makeImage } from '../datasets.ts';

/** Input of an export test: images by file name, with their annotations. */
export interface Drawn {
  readonly images: readonly ImageRecord[];
  readonly categories: readonly Category[];
  readonly annotations: readonly Annotation[];
  /** By the id of the annotation. */
  readonly texts?: Readonly<Record<string, readonly RowText[]>>;
}

/** A snapshot of records, as the shared exporter hands it to a writer. */
export function rowSource({ images, categories, annotations, texts = {} }: Drawn): DatasetSource {
  const byId = new Map(categories.map((category) => [category.id, category]));
  const sourceCategories = categories.map((category, index) => ({
    exportId: index + 1,
    category,
    parentName: category.parentId === null ? null : byId.get(category.parentId)!.name,
  }));
  return {
    projectName: 'Test',
    date: '2026-01-02T03:04:05.000Z',
    categories: sourceCategories,
    images: () =>
      images.map((image, index) => ({
        exportId: index + 1,
        image,
        fileName: image.path,
        texts: [],
        items: [],
        annotations: () =>
          annotations
            .filter(({ imageId }) => imageId === image.id)
            .sort((a, b) => a.zOrder - b.zOrder)
            .map((annotation) => ({
              exportId: annotations.indexOf(annotation) + 1,
              category:
                sourceCategories.find(({ category }) => category.id === annotation.categoryId) ??
                null,
              annotation,
              texts: texts[annotation.id] ?? [],
            })),
      })),
  };
}

export interface ReadDataset {
  readonly rows: readonly DatasetRow[];
  readonly categories: readonly string[];
  readonly images: readonly ImageRow[];
  readonly annotations: readonly AnnotationRow[];
  readonly notes: readonly NoteRow[];
}

/** Reads a dataset whole. */
export async function readDataset<Options>(
  format: Pick<DatasetFormat<Options>, 'reader' | 'readOptions'>,
  files: Record<string, string | Uint8Array>,
  options: Partial<Options> = {},
): Promise<ReadDataset> {
  const parsed = (format.readOptions?.parse(options) ?? options) as Options;
  const rows: DatasetRow[] = [];
  for await (const row of format.reader!.read(memoryFiles('dataset', files), parsed))
    rows.push(row);
  return {
    rows,
    categories: rows.flatMap((row) => (row.kind === 'category' ? [row.name] : [])),
    images: rows.filter((row) => row.kind === 'image'),
    annotations: rows.filter((row) => row.kind === 'annotation'),
    notes: rows.filter((row) => row.kind === 'note'),
  };
}

/** Notes as a person reads them. */
export function noteTexts(notes: readonly NoteRow[]): string[] {
  return notes.map(
    ({ place, isLoss, problem }) => `${isLoss ? 'lost' : 'note'} ${place}: ${problem.message}`,
  );
}

export interface WrittenDataset {
  readonly files: Record<string, string | Uint8Array>;
  readonly notes: readonly WrittenNote[];
}

export async function writeDataset<Options>(
  format: Pick<DatasetFormat<unknown, Options>, 'writer' | 'writeOptions'>,
  drawn: Drawn,
  options: Partial<Options> = {},
): Promise<WrittenDataset> {
  const output = memoryOutput();
  const notes: WrittenNote[] = [];
  const parsed = format.writeOptions!.parse(options);
  await format.writer!.write(rowSource(drawn), parsed, output, (note) => notes.push(note));
  return { files: Object.fromEntries(output.files), notes };
}

/** The pixels of a shape in an image of this size. */
export function shapeRle(shape: RowShape, unit: RowUnit, width: number, height: number): Rle {
  const [scaleX, scaleY] = {
    pixel: [1, 1],
    fraction: [width, height],
    percent: [width / 100, height / 100],
  }[unit] as [number, number];
  const scaled = (ring: Ring): Ring =>
    ring.map((value, index) => value * (index % 2 === 0 ? scaleX : scaleY));
  switch (shape.kind) {
    case 'polyline':
    case 'tag':
      return rleFromRuns([height, width], Uint32Array.of(width * height));
    case 'mask':
      return shape.rle;
    case 'box':
      return rleFromRuns(
        [height, width],
        boxRuns(scaled(shape.box as Ring) as [number, number, number, number], width, height),
      );
    case 'polygon':
      return rleFromParts(
        shape.parts.map(({ outer, holes }) => ({ outer: scaled(outer), holes: holes.map(scaled) })),
        width,
        height,
      );
  }
}

/**
 * Losses of a round trip: sentences about each annotation that is not found again as the writer
 * says.
 */
export async function roundTripFaults<Read, Write>(
  format: DatasetFormat<Read, Write>,
  drawn: Drawn,
  options: Partial<Write> = {},
  readOptions: Partial<Read> = {},
): Promise<string[]> {
  const parsed = format.writeOptions!.parse(options);
  const { files } = await writeDataset(format, drawn, parsed);
  const read = await readDataset(format, files, readOptions);
  const faults: string[] = [];
  for (const source of rowSource(drawn).images()) {
    const { width, height } = source.image;
    const name = format.writer!.expectedFileName?.(source, parsed) ?? source.fileName;
    const row = read.images.find(({ fileName }) => isNamed(fileName, name));
    const found = read.annotations.filter(({ image }) => image === row?.key);
    for (const annotation of source.annotations()) {
      const expected = format.writer!.expected(annotation, source, parsed);
      if (expected === null) continue;
      const wanted = shapeRle(expected, 'pixel', width, height);
      const index = found.findIndex(
        (candidate) =>
          candidate.category === annotation.category?.category.name &&
          rleIou(shapeRle(candidate.shape, candidate.unit ?? 'pixel', width, height), wanted) >=
            format.writer!.minimumIou,
      );
      if (index < 0)
        faults.push(`${source.fileName}: annotation ${annotation.exportId} is missing`);
      else found.splice(index, 1);
    }
    faults.push(...found.map(({ place }) => `${source.fileName}: ${place} is too much`));
  }
  return faults;
}

function isNamed(found: string, wanted: string): boolean {
  const stem = wanted.replace(/\.[^./]*$/, '');
  return found === wanted || found === stem;
}

/**
 * Projects with regions of every kind, in images of two sizes, with splits and states of every
 * kind.
 */
export function drawnProjects(): fc.Arbitrary<Drawn> {
  const size = fc.record({
    width: fc.integer({ min: 3, max: 40 }),
    height: fc.integer({ min: 3, max: 40 }),
  });
  const split = fc.constantFrom('train' as const, 'validation' as const, 'test' as const, null);
  return fc
    .array(fc.record({ size, split, shapes: fc.array(fc.nat(), { maxLength: 4 }) }), {
      minLength: 1,
      maxLength: 4,
    })
    .chain((rows) =>
      fc
        .tuple(
          ...rows.map(({ size: { width, height }, shapes }) =>
            fc.tuple(...shapes.map(() => geometries(width, height))),
          ),
        )
        .map((drawn) => project(rows, drawn)),
    );
}

function project(
  rows: readonly { size: { width: number; height: number }; split: ImageRecord['split'] }[],
  drawn: readonly (readonly Geometry[])[],
): Drawn {
  const categories = [makeCategory('person'), makeCategory('red light'), makeCategory('类')];
  const images = rows.map(({ size, split }, index) =>
    makeImage(`${index % 2 === 0 ? 'shots/' : ''}photo ${index}`, size.width, size.height, {
      split,
      state: drawn[index]!.length > 0 ? 'done' : 'reviewed-empty',
    }),
  );
  const annotations = images
    .flatMap((image, index) =>
      drawn[index]!.map((geometry, order) =>
        makeAnnotation(`${image.id} ${order}`, image, geometry, {
          categoryId: categories[order % 3]!.id,
          zOrder: order,
        }),
      ),
    )
    .filter(({ area }) => area > 0);
  return { images, categories, annotations };
}

/** Regions inside an image: masks with holes and islands, outlines, boxes. */
function geometries(width: number, height: number): fc.Arbitrary<Geometry> {
  const x = fc.double({ min: 0, max: width, noNaN: true });
  const y = fc.double({ min: 0, max: height, noNaN: true });
  const ring = fc
    .array(fc.tuple(x, y), { minLength: 3, maxLength: 6 })
    .map((points): Ring => points.flat());
  const part = fc.record({ outer: ring, holes: fc.array(ring, { maxLength: 1 }) });
  return fc.oneof(
    fc
      .uint8Array({ minLength: width * height, maxLength: width * height })
      .filter((pixels) => pixels.some((pixel) => pixel > 100))
      .map((pixels): Geometry => ({
        kind: 'mask',
        rle: encodeRle({ width, height, data: pixels.map((pixel) => Number(pixel > 100)) }),
      })),
    fc
      .array(part, { minLength: 1, maxLength: 2 })
      .map((parts): Geometry => ({ kind: 'polygon', parts: parts as Part[] })),
    fc
      .tuple(
        fc.integer({ min: 0, max: width - 2 }),
        fc.integer({ min: 0, max: height - 2 }),
        fc.integer({ min: 1, max: width }),
        fc.integer({ min: 1, max: height }),
      )
      .map(([left, top, boxWidth, boxHeight]): Geometry => ({
        kind: 'box',
        box: [left, top, Math.min(boxWidth, width - left), Math.min(boxHeight, height - top)],
      })),
  );
}
