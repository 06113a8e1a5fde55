import type { RowText } from '../../../core/formats/dataset-row.ts';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { writeCocoCaptions } from '../../../core/formats/coco/export.ts';
import { exportFileNames } from '../../../core/formats/export-file-names.ts';
import { cocoProfiles, holePolicies } from '../../../core/formats/coco/profiles.ts';
import { encodeRle } from '../../../core/geometry/rle.ts';
import { geometryRle } from '../../../core/geometry/region.ts';
import { simplifyParts } from '../../../core/geometry/simplify.ts';
import { imageStates, type Geometry } from '../../../core/records.ts';
import { failureText } from '../../../renderer/i18n/failure-text.ts';
import { speak } from '../../../renderer/i18n/text.svelte.ts';
import { bitmapFromRows, bitmaps } from './bitmaps.ts';
import {
  annotationsOf,
  categoriesOf,
  exportOptions,
  exportText,
  importText,
  makeAnnotation,
  makeCategory,
  makeImage,
  makeSource,
  textsOf,
  proveExport,
  writeAll,
} from './datasets.ts';

const image = makeImage('a', 6, 5);
const cat = makeCategory('cat');
const donut: Geometry = {
  kind: 'mask',
  rle: encodeRle(bitmapFromRows(['000000', '011110', '010010', '011110', '000000'])),
};

function description(text: string): RowText {
  return { kind: 'description', text };
}

interface File {
  images: Record<string, unknown>[];
  categories: Record<string, unknown>[];
  annotations: Record<string, unknown>[];
  [section: string]: unknown;
}

function fileOf(source: ReturnType<typeof makeSource>, options = {}): File {
  return JSON.parse(exportText(source, options).text) as File;
}

describe('a COCO instances file', () => {
  test('has the keys that every reader needs, and numbers from 1', () => {
    const source = makeSource([image], [cat], [makeAnnotation('x', image, donut, { crowd: true })]);
    expect(fileOf(source)).toEqual({
      info: {
        description: 'Test',
        version: '1.0',
        year: 2026,
        date_created: '2026-01-02T03:04:05.000Z',
      },
      licenses: [],
      images: [{ id: 1, file_name: 'a.jpg', width: 6, height: 5, state: 'done' }],
      categories: [{ id: 1, name: 'cat', supercategory: '' }],
      annotations: [
        {
          id: 1,
          image_id: 1,
          category_id: 1,
          segmentation: { size: [5, 6], counts: (donut as { rle: { counts: string } }).rle.counts },
          area: 10,
          bbox: [1, 1, 4, 3],
          iscrowd: 1,
        },
      ],
    });
  });

  test('has the text that JSON has for its annotations, whatever they hold', () => {
    const ring = [1, 0.5, 3.25, 0.125, 4, 3.3333, 1, 4];
    const outline: Geometry = { kind: 'polygon', parts: [{ outer: ring, holes: [] }] };
    const extra = { a: '"segmentation":null', segmentations: null };
    const annotations = [makeAnnotation('x', image, outline, { extra })];
    const source = makeSource([image], [cat], annotations);
    const { text } = exportText(source, { profile: 'training' });
    const [row] = (JSON.parse(text) as File).annotations;
    expect(row).toMatchObject({ segmentation: [ring], a: extra.a, segmentations: null });
    expect(Object.keys(row!).slice(0, 5)).toEqual([
      ...['id', 'image_id', 'category_id', 'segmentation', 'area'],
    ]);
    expect(text).toContain(JSON.stringify(row));
  });

  test('has its outline beside a key that is a number and holds another segmentation', () => {
    const ring = [1, 1, 5, 1, 5, 4, 1, 4];
    const outline: Geometry = { kind: 'polygon', parts: [{ outer: ring, holes: [] }] };
    const extra = { 7: { segmentation: null } };
    const source = makeSource([image], [cat], [makeAnnotation('x', image, outline, { extra })]);
    const { annotations } = fileOf(source, { profile: 'training' });
    expect(annotations[0]).toMatchObject({ segmentation: [ring], ...extra });
  });

  test('is the same text when it is written again', () => {
    const source = makeSource([image], [cat], [makeAnnotation('x', image, donut)]);
    expect(exportText(source).text).toBe(exportText(source).text);
  });

  test('keeps a hole in every profile and by every policy', () => {
    const source = makeSource([image], [cat], [makeAnnotation('x', image, donut)]);
    for (const profile of cocoProfiles) {
      for (const holes of holePolicies) {
        const [row] = fileOf(source, { profile, holes }).annotations;
        expect([row!['area'], row!['bbox']]).toEqual([10, [1, 1, 4, 3]]);
      }
    }
    expect(fileOf(source, { profile: 'uncompressed' }).annotations[0]!['segmentation']).toEqual({
      size: [5, 6],
      counts: [6, 3, 2, 1, 1, 1, 2, 1, 1, 1, 2, 3, 6],
    });
    expect(
      fileOf(source, { profile: 'training', holes: 'keyhole' }).annotations[0]!['segmentation'],
    ).toHaveLength(1);
    expect(
      fileOf(source, { profile: 'training', holes: 'split' }).annotations[0]!['segmentation'],
    ).toHaveLength(2);
  });

  test('has fewer vertices and says the IoU where a tolerance is chosen', () => {
    const picture = makeImage('big', 200, 200);
    const data = new Uint8Array(200 * 200).map((_, index) => {
      const distance = Math.hypot((index % 200) - 100, index / 200 - 100);
      return Number(distance < 80 && distance > 30);
    });
    const ring: Geometry = { kind: 'mask', rle: encodeRle({ width: 200, height: 200, data }) };
    const source = makeSource([picture], [cat], [makeAnnotation('x', picture, ring)]);
    for (const holes of holePolicies) {
      const written = [0, 1].map((tolerance) => {
        const { text, report } = exportText(source, { profile: 'training', holes, tolerance });
        const rings = (JSON.parse(text) as File).annotations[0]!['segmentation'] as number[][];
        return { numbers: rings.flat().length, iou: report.minimumIou };
      });
      expect(written[0]!.iou).toBe(1);
      expect(written[1]!.iou).toBeGreaterThan(0.95);
      expect(written[1]!.iou).toBeLessThan(1);
      expect(written[1]!.numbers).toBeLessThan(written[0]!.numbers / 3);
    }
  });

  test('keeps a region that the tolerance would make vanish', () => {
    const outer = [3, 1.5, 5.5, 0.5, 2, 2, 4, 0];
    const sliver: Geometry = { kind: 'polygon', parts: [{ outer, holes: [] }] };
    const mask = geometryRle(sliver, 6, 5);
    expect(simplifyParts([{ outer, holes: [] }], { tolerance: 5 }, mask).iou).toBe(0);
    const source = makeSource([image], [cat], [makeAnnotation('x', image, sliver)]);
    expect(exportText(source, { profile: 'training', tolerance: 5 }).report).toMatchObject({
      annotations: 1,
      minimumIou: 1,
    });
  });

  test('keeps drawn polygons as they were drawn where readers take polygons', () => {
    const outer = [0.5, 0.25, 5.5, 1, 3.75, 4.5];
    const polygon: Geometry = { kind: 'polygon', parts: [{ outer, holes: [] }] };
    const source = makeSource([image], [cat], [makeAnnotation('x', image, polygon)]);
    expect(fileOf(source, { profile: 'training' }).annotations[0]!['segmentation']).toEqual([
      outer,
    ]);
  });

  test('has no polygon that leaves the image', () => {
    const polygon: Geometry = {
      kind: 'polygon',
      parts: [{ outer: [-3, -3, 9, 2, 3, 8], holes: [] }],
    };
    const source = makeSource([image], [cat], [makeAnnotation('x', image, polygon)]);
    const { text, report } = exportText(source, { profile: 'training' });
    const rings = (JSON.parse(text) as File).annotations[0]!['segmentation'] as number[][];
    for (const ring of rings) {
      expect(ring.every((value, index) => value >= 0 && value <= (index % 2 === 0 ? 6 : 5))).toBe(
        true,
      );
    }
    expect(report.minimumIou).toBe(1);
  });

  test('writes a box with its exact numbers and a segmentation that readers can decode', () => {
    const box: Geometry = { kind: 'box', box: [1.25, 1, 2.5, 2] };
    const source = makeSource([image], [cat], [makeAnnotation('x', image, box)]);
    expect(fileOf(source, { profile: 'training' }).annotations[0]).toMatchObject({
      bbox: [1.25, 1, 2.5, 2],
      area: 5,
      box_only: true,
      segmentation: [[1, 1, 4, 1, 4, 3, 1, 3]],
    });
  });

  test('gives back unknown keys, but never one that stops a reader or hides ours', () => {
    const annotation = makeAnnotation('x', image, donut, {
      extra: { ignore: 1, id: 77, track_id: 5, attributes: { list: [1] } },
      attributes: { occluded: true },
    });
    const source = makeSource(
      [{ ...image, extra: { license: 3, width: 99 } }],
      [{ ...cat, extra: { keypoints: ['nose'] } }],
      [annotation],
    );
    const file = fileOf(source);
    expect(file.images[0]).toMatchObject({ width: 6, license: 3 });
    expect(file.categories[0]).toMatchObject({ keypoints: ['nose'] });
    expect(file.annotations[0]).toMatchObject({
      id: 1,
      track_id: 5,
      attributes: { list: [1], occluded: true },
    });
    expect(file.annotations[0]).not.toHaveProperty('ignore');
  });

  test('has one description as caption, and all texts when there are more', () => {
    const texts: RowText[] = [
      { kind: 'referring', text: 'the left one', verdict: 'wrong' },
      description('a ring'),
      {
        kind: 'question',
        question: 'Colour?',
        choices: ['red', 'blue'],
        answer: 'red',
      },
    ];
    const source = makeSource(
      [image],
      [cat],
      [makeAnnotation('x', image, donut), makeAnnotation('y', image, donut)],
      { x: texts, y: [description('a ring')] },
    );
    const [first, second] = fileOf(source).annotations;
    expect(first).toMatchObject({
      caption: 'a ring',
      texts: [
        { kind: 'referring', text: 'the left one', verdict: 'wrong' },
        { kind: 'description', text: 'a ring' },
        { kind: 'question', question: 'Colour?', choices: ['red', 'blue'], answer: 'red' },
      ],
    });
    expect(second).toMatchObject({ caption: 'a ring' });
    expect(second).not.toHaveProperty('texts');
  });

  test('names groups of categories as supercategory only', () => {
    const animal = makeCategory('animal');
    const source = makeSource(
      [image],
      [{ ...cat, parentId: 'animal' }, animal],
      [makeAnnotation('x', image, donut)],
    );
    expect(fileOf(source).categories).toEqual([{ id: 1, name: 'cat', supercategory: 'animal' }]);
    const used = makeSource(
      [image],
      [{ ...cat, parentId: 'animal' }, animal],
      [makeAnnotation('x', image, donut, { categoryId: 'animal' })],
    );
    expect(fileOf(used).categories.map(({ name }) => name)).toEqual(['cat', 'animal']);
  });
});

describe('the images of an export', () => {
  const images = [
    makeImage('untouched', 4, 4, { state: 'untouched' }),
    makeImage('begun', 6, 5, { state: 'untouched' }),
    makeImage('empty', 4, 4, { state: 'reviewed-empty' }),
    makeImage('done', 6, 5),
  ];
  const source = makeSource(
    images,
    [cat],
    [makeAnnotation('x', images[1]!, donut), makeAnnotation('y', images[3]!, donut)],
  );
  const names = (file: File): unknown[] => file.images.map((row) => row['file_name']);

  test('are those with annotations, and those that somebody said to be empty', () => {
    const { text, report } = exportText(source);
    expect(names(JSON.parse(text) as File)).toEqual(['begun.jpg', 'empty.jpg', 'done.jpg']);
    expect(report).toMatchObject({
      images: 3,
      annotations: 2,
      categories: 1,
      skipped: [
        {
          section: 'images',
          exportId: 1,
          fileName: 'untouched.jpg',
          reason: 'it has no regions and is not marked as empty',
        },
      ],
    });
  });

  test('never are a negative that nobody meant, whatever state is asked for', () => {
    const lost = makeImage('lost', 4, 4, { state: 'done' });
    const bare = makeImage('bare', 4, 4, { state: 'to-check' });
    const nameless = makeImage('nameless', 6, 5, { state: 'done' });
    const uncategorised = makeAnnotation('n', nameless, donut, { categoryId: null });
    const all = makeSource([...images, lost, bare, nameless], [cat], [uncategorised]);
    const { text, report } = exportText(all, { states: [...imageStates] });
    expect(names(JSON.parse(text) as File)).toEqual(['empty.jpg']);
    const reasons = report.skipped.map(({ section, reason }) => [section, reason]);
    expect(reasons.slice(-2)).toEqual([
      ['images', 'none of its regions has a category'],
      ['annotations', 'it has no category'],
    ]);
    expect(reasons).toHaveLength(7);
  });

  test('are no negatives where all that they have are tags and lines', () => {
    const tagged = makeImage('tagged', 6, 5, { state: 'done' });
    const annotations = [
      makeAnnotation('t', tagged, { kind: 'tag' }),
      makeAnnotation('l', tagged, { kind: 'polyline', points: [0, 0, 4, 4] }),
    ];
    const { text, report } = exportText(makeSource([tagged], [cat], annotations));
    expect(JSON.parse(text)).toMatchObject({ images: [], annotations: [] });
    expect(report.skipped.map(({ section, reason }) => [section, reason])).toEqual([
      ['images', 'the format stores none of its regions'],
      ['annotations', 'its image is not exported'],
      ['annotations', 'its image is not exported'],
    ]);
  });

  test('are those of the chosen states, and what is left out is said', () => {
    const { text, report } = exportText(source, { states: ['done'] });
    expect(names(JSON.parse(text) as File)).toEqual(['done.jpg']);
    const reason = 'its image is not exported';
    expect(report.skipped).toContainEqual({
      section: 'annotations',
      exportId: 1,
      fileName: 'begun.jpg',
      reason,
      error: expect.objectContaining({ message: reason }),
    });
    expect(report.skipped).toHaveLength(4);
  });

  test('have different names in different folders, without paths of the disk', () => {
    const nameOf = exportFileNames([
      { id: 'one', path: '../pictures/a' },
      { id: 'two', path: '/home/somebody/A/' },
      { id: 'three', path: 'C:\\pictures\\b' },
    ]);
    const inFolder = (folderId: string): string =>
      nameOf(makeImage('x', 1, 1, { folderId, path: 'sub/1.jpg' }));
    expect(['one', 'two', 'three'].map(inFolder)).toEqual([
      'a/sub/1.jpg',
      'A-2/sub/1.jpg',
      'b/sub/1.jpg',
    ]);
    expect(exportFileNames([{ id: 'one', path: '..' }])(image)).toBe('a.jpg');
  });
});

describe('what cannot be exported is skipped with its reason', () => {
  const line = [0, 0, 3, 3];
  test.each([
    ['no category', { categoryId: null }, 'it has no category'],
    [
      'no pixel',
      {
        geometry: {
          kind: 'mask',
          rle: encodeRle(bitmapFromRows(['000000', '000000', '000000', '000000', '000000'])),
        },
      },
      'it covers no pixel of its image',
    ],
    [
      'an image tag',
      { geometry: { kind: 'tag' } },
      'it is an image tag, which the format does not have',
    ],
    [
      'a line',
      {
        geometry: {
          kind: 'polyline',
          points: line,
        },
      },
      'it is a polyline, which the format does not have',
    ],
    [
      'another size',
      { geometry: { kind: 'mask', rle: encodeRle(bitmapFromRows(['01'])) } },
      expect.stringMatching(/6 x 5 pixels; found one of 2 x 1/),
    ],
  ] as const)('%s', (_, change, reason) => {
    const annotation = { ...makeAnnotation('x', image, donut), ...change };
    const other = makeAnnotation('y', image, donut);
    const { text, report } = exportText(makeSource([image], [cat], [annotation, other]));
    const error = expect.objectContaining({ message: reason });
    expect(report.skipped).toEqual([
      { section: 'annotations', exportId: 1, fileName: 'a.jpg', reason, error },
    ]);
    expect((JSON.parse(text) as File).annotations).toMatchObject([{ id: 2 }]);
  });

  test('which is said in the language of the interface', () => {
    const annotation = makeAnnotation('x', image, donut);
    const uncategorised = makeAnnotation('y', image, donut, { categoryId: null });
    const untouched = makeImage('b', 6, 5, { state: 'untouched' });
    const { report } = exportText(
      makeSource([image, untouched], [cat], [annotation, uncategorised]),
    );
    speak('zh-CN', []);
    onTestFinished(() => void speak('en', []));
    expect(report.skipped.map(({ error }) => failureText(error))).toEqual([
      '它没有区域，也没有人标记为无目标',
      '它没有类别',
    ]);
  });
});

describe('captions of images', () => {
  test('are written as a captions file', () => {
    const texts = { [image.id]: [description('one'), description('two')] };
    const { text, report } = writeAll(
      writeCocoCaptions(makeSource([image], [cat], [], texts), exportOptions),
    );
    expect((JSON.parse(text) as File).annotations).toEqual([
      { id: 1, image_id: 1, caption: 'one' },
      { id: 2, image_id: 1, caption: 'two' },
    ]);
    expect(report.annotations).toBe(2);
  });
});

describe('any project', () => {
  const geometries = bitmaps()
    .filter((bitmap) => bitmap.data.includes(1))
    .map((bitmap): { bitmap: typeof bitmap; geometry: Geometry } => ({
      bitmap,
      geometry: { kind: 'mask', rle: encodeRle(bitmap) },
    }));

  test('comes back from its export with the same masks, categories, texts and attributes', async () => {
    await fc.assert(
      fc.asyncProperty(
        geometries,
        fc.constantFrom(...cocoProfiles),
        fc.constantFrom(...holePolicies),
        fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.boolean(), fc.integer())),
        fc.boolean(),
        async ({ bitmap, geometry }, profile, holes, attributes, crowd) => {
          const picture = makeImage('p', bitmap.width, bitmap.height);
          const texts: RowText[] = [
            description('words'),
            { kind: 'referring', text: 'it', verdict: 'right' },
          ];
          const annotation = makeAnnotation('x', picture, geometry, { attributes, crowd });
          const { text } = exportText(makeSource([picture], [cat], [annotation], { x: texts }), {
            profile,
            holes,
          });
          const imported = await importText(text, [picture]);
          const [back] = annotationsOf(imported);
          expect(imported.report.dropped).toEqual([]);
          expect(imported.report.warnings).toEqual([]);
          expect(geometryRle(back!.geometry, bitmap.width, bitmap.height)).toEqual(
            geometryRle(geometry, bitmap.width, bitmap.height),
          );
          expect(back).toMatchObject({
            attributes,
            crowd,
            area: annotation.area,
            bbox: annotation.bbox,
          });
          expect(textsOf(imported, back!.id)).toEqual(texts);
          expect(categoriesOf(imported).map(({ name, id }) => [name, id])).toEqual([
            ['cat', back!.categoryId],
          ]);
        },
      ),
    );
  });

  test('is proven exact after an exact export, and as good as reported after a simplified one', async () => {
    await fc.assert(
      fc.asyncProperty(
        geometries,
        fc.constantFrom(...holePolicies),
        fc.constantFrom(0, 0.6, 1, 3),
        async ({ bitmap, geometry }, holes, tolerance) => {
          const picture = makeImage('p', bitmap.width, bitmap.height);
          const source = makeSource([picture], [cat], [makeAnnotation('x', picture, geometry)]);
          const { text, report } = exportText(source, { profile: 'training', holes, tolerance });
          const proof = await proveExport(text, source, report);
          expect(proof).toMatchObject({ ok: true, objects: 1, minimumIou: report.minimumIou });
          if (tolerance === 0) expect(proof).toMatchObject({ exact: 1, minimumIou: 1, worst: [] });
        },
      ),
    );
  });
});

describe('the proof of an export', () => {
  const source = makeSource(
    [image],
    [cat],
    [
      makeAnnotation('x', image, donut),
      makeAnnotation('y', image, donut, { categoryId: null }),
      makeAnnotation('z', image, donut),
    ],
  );
  const { text, report } = exportText(source);

  async function proofAfter(change: (file: File) => void) {
    const file = JSON.parse(text) as File;
    change(file);
    return proveExport(JSON.stringify(file), source, report);
  }

  test('holds for what was written', async () => {
    expect(await proofAfter(() => undefined)).toEqual({
      images: 1,
      objects: 2,
      exact: 2,
      minimumIou: 1,
      meanIou: 1,
      largestAreaDeviation: 0,
      largestBboxDeviation: 0,
      worst: [],
      missing: [],
      extra: [],
      imageProblems: [],
      ok: true,
    });
  });

  test('names what is missing and what is too much', async () => {
    const proof = await proofAfter((file) => {
      file.annotations[0]!['id'] = 9;
    });
    expect(proof).toMatchObject({ ok: false, missing: [1], extra: [9], objects: 1 });
  });

  test('finds rows in another order', async () => {
    const proof = await proofAfter((file) => file.annotations.reverse());
    expect(proof).toMatchObject({ ok: true, missing: [], extra: [], objects: 2 });
  });

  test('takes a row that comes twice once', async () => {
    const proof = await proofAfter((file) => file.annotations.push(file.annotations[0]!));
    expect(proof).toMatchObject({ ok: false, missing: [], extra: [1], objects: 2 });
  });

  test('measures a changed mask', async () => {
    const proof = await proofAfter((file) => {
      file.annotations[1]!['segmentation'] = [[1, 1, 5, 1, 5, 4, 1, 4]];
    });
    expect(proof).toMatchObject({
      ok: false,
      exact: 1,
      minimumIou: 10 / 12,
      worst: [{ id: 3, problem: 'its area or bbox is not that of its own segmentation' }],
    });
  });

  test('notices the mask of a polygon that became another of the same area and box', async () => {
    const corner = [1, 0, 2, 0, 2, 3, 5, 3, 5, 4, 1, 4];
    const other = corner.map((value, index) => (index % 2 === 0 ? 6 - value : value));
    const polygon = (outer: number[]): Geometry => ({
      kind: 'polygon',
      parts: [{ outer, holes: [] }],
    });
    const drawn = makeSource([image], [cat], [makeAnnotation('x', image, polygon(corner))]);
    const made = exportText(drawn);
    expect(await proveExport(made.text, drawn, made.report)).toMatchObject({ ok: true, exact: 1 });
    const file = JSON.parse(made.text) as File;
    file.annotations[0]!['segmentation'] = geometryRle(polygon(other), 6, 5);
    const proof = await proveExport(JSON.stringify(file), drawn, made.report);
    expect(proof).toMatchObject({ ok: false, exact: 0, largestAreaDeviation: 0 });
  });

  test.each([
    ['area', 11, { largestAreaDeviation: 1 }],
    ['bbox', [1, 1, 4, 2], { largestBboxDeviation: 1 }],
    ['category_id', 2, { worst: [{ problem: 'it has another category' }] }],
    ['iscrowd', 1, { worst: [{ problem: 'it has another iscrowd' }] }],
    ['image_id', 4, { worst: [{ iou: 0, problem: 'it is not on its image' }] }],
    [
      'segmentation',
      { size: [5, 6], counts: '1' },
      { worst: [{ iou: 0, problem: expect.stringMatching(/must sum to 30/) }] },
    ],
  ])('notices a changed %s', async (key, value, expected) => {
    const proof = await proofAfter((file) => {
      file.annotations[0]![key] = value;
    });
    expect(proof).toMatchObject({ ok: false, ...expected });
  });

  test('notices an image that is missing, too much or of another size', async () => {
    expect((await proofAfter((file) => file.images.pop())).ok).toBe(false);
    expect(
      (await proofAfter((file) => file.images.push({ id: 2, width: 1, height: 1 }))).imageProblems,
    ).toEqual(['Image 2 of the file was not to be exported.']);
    const resized = await proofAfter((file) => {
      file.images[0]!['width'] = 7;
    });
    expect(resized.imageProblems[0]).toMatch(/Image 1 .* another size/);
  });

  test('fails when a row cannot be read again', async () => {
    await expect(
      proveExport(text.replace('"iscrowd":0', '"iscrowd":NaN'), source, report),
    ).rejects.toThrow(expect.objectContaining({ code: 'export-proof-failed' }));
  });
});
