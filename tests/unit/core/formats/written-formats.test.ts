import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cocoCaptions } from '../../../../core/formats/coco-captions/format.ts';
import { cocoKeypoints } from '../../../../core/formats/coco-keypoints/format.ts';
import { cocoPanoptic } from '../../../../core/formats/coco-panoptic/format.ts';
import { cocoResults } from '../../../../core/formats/coco-results/format.ts';
import { cvat } from '../../../../core/formats/cvat/format.ts';
import type {
  AnnotationRow,
  DatasetRow,
  ImageRow,
  SourceAnnotation,
  SourceImage,
  WrittenNote,
  RowText,
} from '../../../../core/formats/dataset-row.ts';
import { datumaro } from '../../../../core/formats/datumaro/format.ts';
import type { DatasetFormat } from '../../../../core/formats/format.ts';
import { labelStudio } from '../../../../core/formats/label-studio/format.ts';
import { labelme } from '../../../../core/formats/labelme/format.ts';
import { writtenKeypoints } from '../../../../core/formats/written-notes.ts';
import { refcoco } from '../../../../core/formats/refcoco/format.ts';
import { rleIou } from '../../../../core/geometry/rle.ts';
import type { AttributeValue } from '../../../../core/records.ts';
import { anyDataset, rowsOf, shapeRle } from '../../../support/dataset-source.ts';
import { memoryFiles, memoryOutput } from '../../../support/memory-dataset.ts';

interface Held {
  /** The texts that come back, in the order in which they do. */
  texts(texts: readonly RowText[]): readonly RowText[];
  readonly imageTexts: (texts: readonly RowText[]) => readonly RowText[];
  /**
   * `text`: with texts in place of values where a category's regions have several types of them.
   */
  readonly attributes: 'exact' | 'text' | null;
  readonly crowd: boolean;
  readonly split: boolean;
}

const all = (texts: readonly RowText[]): readonly RowText[] => texts;
const none = (): readonly RowText[] => [];
const firstDescription = (texts: readonly RowText[]): readonly RowText[] =>
  texts.filter(({ kind }) => kind === 'description').slice(0, 1);
const kinds =
  (...wanted: RowText['kind'][]) =>
  (texts: readonly RowText[]): readonly RowText[] =>
    wanted.flatMap((kind) => texts.filter((text) => text.kind === kind));

const everything: Held = {
  texts: all,
  imageTexts: all,
  attributes: 'exact',
  crowd: true,
  split: true,
};

const formats: readonly [format: DatasetFormat<never, never>, held: Held][] = [
  [labelme as DatasetFormat<never, never>, everything],
  [
    datumaro as DatasetFormat<never, never>,
    { ...everything, imageTexts: kinds('description', 'referring', 'question') },
  ],
  [
    cvat as DatasetFormat<never, never>,
    { ...everything, texts: firstDescription, imageTexts: none, attributes: 'text' },
  ],
  [
    labelStudio as DatasetFormat<never, never>,
    {
      ...everything,
      texts: kinds('description', 'referring'),
      imageTexts: kinds('description', 'referring'),
    },
  ],
  [cocoPanoptic as DatasetFormat<never, never>, everything],
  [cocoKeypoints as DatasetFormat<never, never>, { ...everything, imageTexts: none }],
  [
    cocoCaptions as DatasetFormat<never, never>,
    { ...everything, imageTexts: kinds('description') },
  ],
  [
    cocoResults as DatasetFormat<never, never>,
    { texts: none, imageTexts: none, attributes: null, crowd: false, split: true },
  ],
  [refcoco as DatasetFormat<never, never>, { ...everything, imageTexts: none }],
];

function plainTexts(texts: readonly object[]): object[] {
  return texts.map((text) => {
    const own = Object.entries(text).filter(([key]) => key !== 'id' && key !== 'provenance');
    return Object.fromEntries(own);
  });
}

/** Texts of one kind in the order of the file; kinds may be gathered. */
function sortedTexts(texts: readonly object[]): string[] {
  return plainTexts(texts)
    .map((text) => JSON.stringify(text, Object.keys(text).sort()))
    .sort();
}

/** A region that is not occluded says so in CVAT by saying nothing. */
function textsOf(attributes: Readonly<Record<string, AttributeValue>>): Record<string, string> {
  const texts = Object.entries(attributes).map(([name, value]) => [name, String(value)]);
  return Object.fromEntries(
    texts.filter(([name, value]) => name !== 'occluded' || value !== 'false'),
  ) as Record<string, string>;
}

interface Written {
  readonly rows: readonly DatasetRow[];
  readonly notes: readonly WrittenNote[];
  readonly files: Map<string, string | Uint8Array>;
}

async function writtenAndRead(
  format: DatasetFormat<never, never>,
  images: Parameters<NonNullable<typeof format.writer>['write']>[0],
): Promise<Written> {
  const output = memoryOutput();
  const notes: WrittenNote[] = [];
  const options = format.writeOptions!.parse({}) as never;
  await format.writer!.write(images, options, output, (note) => notes.push(note));
  const files = memoryFiles('export', Object.fromEntries(output.files));
  // A file without regions says less about itself.
  const isBare = format.id === 'coco-captions' || format.id === 'coco-keypoints';
  expect(isBare ? ['certain', 'possible'] : ['certain']).toContain(await format.detect(files));
  const readOptions = format.readOptions!.parse({}) as never;
  return {
    rows: await rowsOf(format.reader!.read(files, readOptions)),
    notes,
    files: output.files,
  };
}

describe.each(formats.map(([format, held]) => ({ id: format.id, format, held })))(
  'what $id writes',
  ({ format, held }) => {
    const options = (): never => format.writeOptions!.parse({}) as never;
    const expectedOf = (annotation: SourceAnnotation, image: SourceImage) =>
      format.writer!.expected(annotation, image, options());

    test('its reader finds again, all that the format holds', async () => {
      await fc.assert(
        fc.asyncProperty(anyDataset, async (source) => {
          const { rows } = await writtenAndRead(format, source);
          const lost = rows.filter((row) => row.kind === 'note' && row.isLoss);
          expect(lost).toEqual([]);
          for (const image of source.images()) {
            const written = image.annotations().filter((each) => expectedOf(each, image) !== null);
            const row = rows.find(
              (each): each is ImageRow => each.kind === 'image' && each.fileName === image.fileName,
            );
            // Results list only the images that have some.
            if (row === undefined && format === (cocoResults as DatasetFormat<never, never>)) {
              expect(written).toEqual([]);
              continue;
            }
            expect(row).toBeDefined();
            if (held.split) expect(row!.split ?? null).toBe(image.image.split);
            expect(sortedTexts(row!.texts ?? [])).toEqual(
              sortedTexts(held.imageTexts(image.texts)),
            );
            const found = rows.filter(
              (each): each is AnnotationRow =>
                each.kind === 'annotation' && each.image === row!.key,
            );
            expect(found).toHaveLength(written.length);
            written.forEach((each, index) => expectSame(each, image, found[index]!));
          }
        }),
        { numRuns: 60 },
      );
    });

    function expectSame(written: SourceAnnotation, image: SourceImage, found: AnnotationRow): void {
      const { width, height } = image.image;
      const { annotation } = written;
      const shape = expectedOf(written, image)!;
      if (shape.kind === 'tag' || shape.kind === 'polyline') {
        expect(found.shape).toEqual(shape);
      } else {
        const expected = shapeRle(shape, 'pixel', width, height);
        const read = shapeRle(found.shape, found.unit ?? 'pixel', width, height);
        expect(rleIou(expected, read)).toBeGreaterThanOrEqual(format.writer!.minimumIou);
      }
      if (format.writer!.takesKeypoints) {
        expect(found.keypoints ?? null).toEqual(writtenKeypoints(written));
      }
      if (held.attributes === 'exact') expect(found.attributes).toEqual(annotation.attributes);
      if (held.attributes === 'text') {
        expect(textsOf(found.attributes ?? {})).toEqual(textsOf(annotation.attributes));
      }
      if (held.crowd) expect(found.crowd ?? false).toBe(annotation.crowd);
      expect(sortedTexts(found.texts ?? [])).toEqual(sortedTexts(held.texts(written.texts)));
    }

    test('each annotation and text that is left out is noted', async () => {
      await fc.assert(
        fc.asyncProperty(anyDataset, async (source) => {
          const { notes } = await writtenAndRead(format, source);
          for (const image of source.images()) {
            for (const each of image.annotations()) {
              if (expectedOf(each, image) !== null) continue;
              const what = `${image.fileName}, annotation ${each.exportId}`;
              expect(notes.filter((note) => note.what === what && note.isLoss)).not.toEqual([]);
            }
            const { texts } = image;
            if (held.imageTexts(texts).length < texts.length) {
              expect(notes.some(({ what }) => what === image.fileName)).toBe(true);
            }
          }
        }),
        { numRuns: 30 },
      );
    });

    test('an empty project gives a dataset without images', async () => {
      const empty = { projectName: 'p', date: '2026-01-02', categories: [], images: () => [] };
      const output = memoryOutput();
      await format.writer!.write(empty, options(), output, () => {});
      const files = memoryFiles('export', Object.fromEntries(output.files));
      if (output.files.size === 0) return;
      const rows = await rowsOf(format.reader!.read(files, format.readOptions!.parse({}) as never));
      expect(rows).toEqual([]);
    });
  },
);
