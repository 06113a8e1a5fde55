import { describe, expect, test } from 'vitest';
import type { CocoRowNote } from '../../../core/formats/coco/import.ts';
import { encodeRle } from '../../../core/geometry/rle.ts';
import { failureText } from '../../../renderer/i18n/failure-text.ts';
import { speak } from '../../../renderer/i18n/text.svelte.ts';
import { bitmapFromRows } from './bitmaps.ts';
import {
  annotationsOf,
  categoriesOf,
  importText,
  makeCategory,
  makeImage,
  textsOf,
} from './datasets.ts';

const image = makeImage('a', 6, 5, { state: 'untouched' });
const square = [[1, 1, 4, 1, 4, 3, 1, 3]];

/** A file with one image and one category, and these annotations. */
function fileWith(...annotations: unknown[]): string {
  return JSON.stringify({
    images: [{ id: 1, file_name: 'a.jpg', width: 6, height: 5 }],
    categories: [{ id: 1, name: 'cat' }],
    annotations,
  });
}

function row(change: Record<string, unknown>): Record<string, unknown> {
  return { id: 1, image_id: 1, category_id: 1, ...change };
}

/** Whether notes can be said in Chinese without falling back on the English. */
function expectChinese(notes: readonly CocoRowNote[]): void {
  speak('zh-CN', []);
  for (const { error } of notes) {
    expect(failureText(error)).toMatch(/^(?!.*英文详情).*\p{Script=Han}/su);
  }
  speak('en', []);
}

describe('an imported region', () => {
  const rle = encodeRle(bitmapFromRows(['000000', '011100', '011100', '000000', '000000']));
  test.each([
    [
      'polygons',
      { segmentation: square },
      { kind: 'polygon', parts: [{ outer: square[0], holes: [] }] },
    ],
    [
      'one bare polygon',
      { segmentation: square[0] },
      { kind: 'polygon', parts: [{ outer: square[0], holes: [] }] },
    ],
    ['compressed RLE', { segmentation: rle }, { kind: 'mask', rle }],
    [
      'uncompressed RLE',
      { segmentation: { size: [5, 6], counts: [6, 2, 3, 2, 3, 2, 12] } },
      { kind: 'mask', rle },
    ],
    ['a box', { bbox: [1, 1, 3, 2], segmentation: [] }, { kind: 'box', box: [1, 1, 3, 2] }],
    [
      'a box that we exported',
      { bbox: [1, 1, 3, 2], segmentation: square, box_only: true },
      { kind: 'box', box: [1, 1, 3, 2] },
    ],
  ])('may be %s', async (_, region, geometry) => {
    const imported = await importText(fileWith(row(region)), [image]);
    expect(imported.report).toMatchObject({ dropped: [], warnings: [], annotations: 1 });
    expect(annotationsOf(imported)).toMatchObject([
      { geometry, area: 6, bbox: [1, 1, 3, 2], crowd: false },
    ]);
  });

  test('keeps crowd, attributes, caption and the keys that we do not know', async () => {
    const imported = await importText(
      fileWith(
        row({
          segmentation: square,
          iscrowd: 1,
          caption: 'a square',
          attributes: { occluded: true, list: [1] },
          score: 0.5,
          keypoints: [1, 2, 2],
        }),
      ),
      [image],
    );
    expect(annotationsOf(imported)[0]).toMatchObject({
      crowd: true,
      attributes: { occluded: true },
      provenance: { source: 'import', file: 'file.json' },
      keypoints: [[1, 2, 2]],
      extra: { score: 0.5, attributes: { list: [1] } },
    });
    const { id } = annotationsOf(imported)[0]!;
    expect(textsOf(imported, id)).toEqual([{ kind: 'description', text: 'a square' }]);
  });
});

describe('a bad annotation is dropped, with its place and the reason, and the others are kept', () => {
  const good = row({ id: 2, segmentation: square });
  test.each([
    ['no object', 5, 'it is not an object but 5'],
    [
      'no image_id',
      { id: 1, category_id: 1, segmentation: square },
      'it has no image_id but nothing',
    ],
    [
      'an unknown image',
      row({ image_id: 9, segmentation: square }),
      'no image of the file has the id 9',
    ],
    ['no region', row({}), 'it has neither a segmentation, nor a bbox, nor a caption'],
    [
      'a polygon of 4 numbers',
      row({ segmentation: [[1, 1, 3, 3]] }),
      'polygon 0 has 4 numbers, which readers interpret as a box; a polygon needs at least 6',
    ],
    [
      'a polygon of 2 numbers',
      row({ segmentation: [[1, 1]] }),
      'polygon 0 has 2 numbers; a polygon needs at least 6',
    ],
    [
      'an odd polygon',
      row({ segmentation: [[1, 1, 3, 1, 3, 3, 1]] }),
      'polygon 0 has an odd count of numbers (7)',
    ],
    [
      'a polygon of words',
      row({ segmentation: [[1, 1, 'x', 1, 3, 3]] }),
      'polygon 0 has the value "x", which is not a finite number',
    ],
    [
      'a polygon that is none',
      row({ segmentation: [null] }),
      'polygon 0 is not a list of numbers but null',
    ],
    [
      'a thing for a segmentation',
      row({ segmentation: 'mask.png' }),
      'its segmentation is neither a list of polygons nor an RLE but "mask.png"',
    ],
    [
      'a polygon beyond all bounds',
      row({ segmentation: [[1, 1, 1e300, 1, 3, 3]] }),
      expect.stringMatching(/within 1000000 of the image, found 1e\+300/),
    ],
    [
      'an RLE of another size',
      row({ segmentation: { size: [6, 5], counts: [30] } }),
      'its RLE has 5 x 6 pixels but its image has 6 x 5',
    ],
    [
      'an RLE without a size',
      row({ segmentation: { counts: [30] } }),
      'its RLE needs a size of [height, width], found nothing',
    ],
    [
      'a truncated RLE',
      row({ segmentation: { size: [5, 6], counts: '62' } }),
      expect.stringMatching(/must sum to 30 pixels, but they sum to 8/),
    ],
    [
      'runs that do not fit',
      row({ segmentation: { size: [5, 6], counts: [1, 2] } }),
      expect.stringMatching(/must sum to 30 pixels, but they sum to 3/),
    ],
    [
      'runs that are no numbers',
      row({ segmentation: { size: [5, 6], counts: [20, 'x'] } }),
      expect.stringMatching(/Run 1 .* found x/),
    ],
    [
      'counts of another kind',
      row({ segmentation: { size: [5, 6], counts: 30 } }),
      'the counts of its RLE are neither a string nor a list but 30',
    ],
    [
      'an empty mask',
      row({ segmentation: { size: [5, 6], counts: [30] } }),
      'its segmentation covers no pixel of its image',
    ],
    [
      'a polygon outside',
      row({ segmentation: [[10, 10, 20, 10, 20, 20]] }),
      'its segmentation covers no pixel of its image',
    ],
    [
      'a box outside',
      row({ bbox: [10, 1, 3, 3] }),
      'its bbox [10,1,3,3] is outside its image of 6 x 5',
    ],
    ['a box without area', row({ bbox: [1, 1, 0, 3] }), 'its bbox [1,1,0,3] has no area'],
    [
      'a box of three',
      row({ bbox: [1, 1, 3] }),
      'its bbox must be four finite numbers, found [1,1,3]',
    ],
  ])('%s', async (_, bad, reason) => {
    const imported = await importText(fileWith(bad, good), [image]);
    const id = typeof bad === 'object' ? 1 : null;
    const error = expect.objectContaining({ message: reason });
    expect(imported.report.dropped).toEqual([
      { section: 'annotations', index: 0, id, reason, error },
    ]);
    expectChinese(imported.report.dropped);
    expect(imported.report).toMatchObject({ read: 4, kept: 3, annotations: 1 });
    expect(annotationsOf(imported)).toHaveLength(1);
  });

  test('a row that is not JSON', async () => {
    const text = fileWith(row({ bbox: [1, 1, 2, 2], score: 0 }), good).replace(
      '"score":0',
      '"score":NaN',
    );
    const imported = await importText(text, [image]);
    const reason = expect.stringMatching(/^it cannot be read as JSON/);
    expect(imported.report.dropped).toEqual([
      {
        section: 'annotations',
        index: 0,
        id: null,
        reason,
        error: expect.objectContaining({ message: reason }),
      },
    ]);
    expect(annotationsOf(imported)).toHaveLength(1);
  });
});

describe('a doubtful annotation is kept with a warning', () => {
  test.each([
    [
      'id 0',
      row({ id: 0, segmentation: square }),
      'its id is 0, which evaluation reads as "no match"; exports write another id',
    ],
    ['no id', { image_id: 1, category_id: 1, segmentation: square }, 'it has no id; it is kept'],
    [
      'an unknown category',
      row({ category_id: 7, segmentation: square }),
      'no category of the file has the id 7; it is kept without a category',
    ],
    [
      'no category',
      { id: 1, image_id: 1, segmentation: square },
      'it has no category_id but nothing; it is kept without a category',
    ],
    [
      'one bad polygon',
      row({ segmentation: [...square, [1, 2, 3, 4]] }),
      'polygon 1 has 4 numbers, which readers interpret as a box; a polygon needs at least 6; it is left out',
    ],
    [
      'a box that reaches outside',
      row({ bbox: [4, 3, 9, 9] }),
      'its bbox [4,3,9,9] exceeds its image of 6 x 5; it is clipped',
    ],
    [
      'a box of another object',
      row({ segmentation: square, bbox: [4, 3, 2, 2] }),
      'its bbox [4,3,2,2] differs from the box [1,1,3,2] of its segmentation, which replaces it; the original is kept as given_bbox',
    ],
    [
      'a bad box beside a mask',
      row({ segmentation: square, bbox: [null] }),
      'its bbox [null] is not four finite numbers; the box of its segmentation is used',
    ],
    [
      'a strange iscrowd',
      row({ segmentation: square, iscrowd: 'no' }),
      'its iscrowd is "no", neither 0 nor 1; 0 is used',
    ],
    [
      'a strange caption',
      row({ segmentation: square, caption: 5 }),
      'its caption is not a string but 5; it is left out',
    ],
    [
      'a strange text',
      row({ segmentation: square, texts: [{ kind: 'poem' }] }),
      'text 0 has an unknown structure ({"kind":"poem"}); it is left out',
    ],
  ])('%s', async (_, doubtful, reason) => {
    const imported = await importText(fileWith(doubtful), [image]);
    expect(imported.report.dropped).toEqual([]);
    expect(imported.report.warnings.map((warning) => warning.reason)).toEqual([reason]);
    expectChinese(imported.report.warnings);
    expect(annotationsOf(imported)).toHaveLength(1);
  });

  test('a used id', async () => {
    const imported = await importText(
      fileWith(row({ segmentation: square }), row({ segmentation: square })),
      [image],
    );
    const reason = 'annotation row 0 has the same id 1; both are kept';
    expect(imported.report.warnings).toEqual([
      {
        section: 'annotations',
        index: 1,
        id: 1,
        reason,
        error: expect.objectContaining({ message: reason }),
      },
    ]);
    expect(annotationsOf(imported)).toHaveLength(2);
  });
});

describe('images of the file', () => {
  const base = {
    categories: [],
    annotations: [row({ category_id: undefined, bbox: [1, 1, 2, 2] })],
  };

  test.each([
    ['without an id', [{ file_name: 'a.jpg' }], 'it has no id but nothing'],
    ['without a file name', [{ id: 1 }], 'it has no file_name but nothing'],
    [
      'that the project does not have',
      [{ id: 1, file_name: 'b.jpg' }],
      'no image of the project has the file name "b.jpg"',
    ],
  ])('%s are dropped with their annotations', async (_, images, reason) => {
    const { report } = await importText(JSON.stringify({ images, ...base }), [image]);
    expect(report.dropped[0]).toMatchObject({ section: 'images', index: 0, reason });
    expect(report.dropped[1]).toMatchObject({
      section: 'annotations',
      reason:
        'id' in images[0]!
          ? `its image 1 was dropped: ${reason}`
          : 'no image of the file has the id 1',
    });
  });

  test('with an id that is taken are dropped', async () => {
    const images = [
      { id: 1, file_name: 'a.jpg' },
      { id: 1, file_name: 'a.jpg' },
    ];
    const { report } = await importText(JSON.stringify({ images, ...base }), [image]);
    const reason = 'an earlier row describes the same image with the id 1; this row is not needed';
    const error = expect.objectContaining({ message: reason });
    expect(report.dropped).toEqual([{ section: 'images', index: 1, id: 1, reason, error }]);
  });

  test('with an id that a row without a file name has, too, are dropped', async () => {
    const named = { id: 1, file_name: 'a.jpg' };
    for (const images of [
      [named, { id: 1 }],
      [{ id: 1 }, named],
    ]) {
      const { report } = await importText(JSON.stringify({ images, ...base }), [image]);
      expect(report.images).toBe(0);
      const ofImages = report.dropped.filter(({ section }) => section === 'images');
      expect(ofImages.map(({ index }) => index).sort()).toEqual([0, 1]);
    }
  });

  test('of another size than on disk are kept with a warning', async () => {
    const images = [{ id: 1, file_name: 'a.jpg', width: 5, height: 6 }];
    const { report } = await importText(JSON.stringify({ images, ...base }), [image]);
    expect(report.warnings[0]!.reason).toMatch(/^its size is 5 x 6 in the file but 6 x 5 on disk/);
  });

  test('are found whatever separators their names have', async () => {
    const inFolder = makeImage('a', 6, 5, { path: 'sub/a.jpg' });
    const images = [{ id: 1, file_name: './sub\\a.jpg' }];
    const { report } = await importText(JSON.stringify({ images, ...base }), [inFolder]);
    expect(report.dropped).toEqual([]);
  });

  test('are to be checked once they have annotations, unless the file says that they are done', async () => {
    const rows = [
      ['a', 'untouched', {}, 'to-check'],
      ['b', 'untouched', { state: 'done' }, 'done'],
      ['c', 'done', {}, 'to-check'],
      ['d', 'reviewed-empty', {}, 'to-check'],
      ['e', 'untouched', { state: 'reviewed-empty' }, 'to-check'],
      ['f', 'to-check', { state: 'done' }, 'to-check'],
    ] as const;
    const before = rows.map(([id, state]) => makeImage(id, 6, 5, { state }));
    const text = JSON.stringify({
      images: rows.map(([id, , keys], index) => ({ id: index, file_name: `${id}.jpg`, ...keys })),
      categories: [{ id: 1, name: 'cat' }],
      annotations: rows.map((_, index) => ({
        id: index + 1,
        image_id: index,
        category_id: 1,
        bbox: [0, 0, 2, 2],
      })),
    });
    const { images, report } = await importText(text, before);
    expect(report.annotations).toBe(rows.length);
    const states = before.map(({ id, state }) => images.find((i) => i.id === id)?.state ?? state);
    expect(states).toEqual(rows.map(([, , , after]) => after));
  });

  test('keep their unknown keys, and without annotations their state', async () => {
    const empty = makeImage('b', 6, 5, { state: 'untouched' });
    const images = [
      { id: 1, file_name: 'a.jpg', license: 4 },
      { id: 2, file_name: 'b.jpg', state: 'reviewed-empty' },
      { id: 3, file_name: 'c.jpg' },
    ];
    const other = makeImage('c', 6, 5, { state: 'untouched' });
    const imported = await importText(JSON.stringify({ images, ...base }), [image, empty, other]);
    expect(imported.images).toMatchObject([
      { id: 'a', state: 'to-check', extra: { id: 1, license: 4 } },
      { id: 'b', state: 'reviewed-empty' },
    ]);
  });

  test('may be two rows for one image, which then has the annotations of both', async () => {
    const text = JSON.stringify({
      images: [
        { id: 1, file_name: 'a.jpg' },
        { id: 2, file_name: 'a.jpg', license: 1 },
      ],
      annotations: [
        { id: 1, image_id: 1, caption: 'one' },
        { id: 2, image_id: 2, caption: 'two' },
      ],
    });
    const imported = await importText(text, [image]);
    expect(imported.images).toMatchObject([{ extra: { license: 1 } }]);
    expect(textsOf(imported, image.id)).toMatchObject([{ text: 'one' }, { text: 'two' }]);
  });
});

describe('categories of the file', () => {
  const images = [{ id: 1, file_name: 'a.jpg' }];

  test('have their supercategory as parent, which comes after them', async () => {
    const categories = [
      { id: 3, name: 'cat', supercategory: 'animal', keypoints: ['nose'] },
      { id: 5, name: 'person', supercategory: 'person' },
      { id: 6, name: 'sky', supercategory: 'none' },
    ];
    const imported = await importText(JSON.stringify({ images, categories, annotations: [] }), [
      image,
    ]);
    const [cat, person, sky, animal] = categoriesOf(imported);
    expect(cat).toMatchObject({
      name: 'cat',
      parentId: animal!.id,
      skeleton: { keypoints: ['nose'], edges: [] },
    });
    expect(person).toMatchObject({ name: 'person', parentId: null });
    expect(sky).toMatchObject({ name: 'sky', parentId: null });
    expect(animal).toMatchObject({ name: 'animal', parentId: null, extra: {} });
    expect(new Set(categoriesOf(imported).map(({ color }) => color)).size).toBe(4);
  });

  test('that the project has already are used, not added', async () => {
    const categories = [{ id: 3, name: 'cat', supercategory: 'animal' }];
    const annotations = [row({ category_id: 3, segmentation: square })];
    const imported = await importText(
      JSON.stringify({ images, categories, annotations }),
      [image],
      [makeCategory('cat')],
    );
    expect(categoriesOf(imported)).toEqual([]);
    expect(annotationsOf(imported)[0]!.categoryId).toBe('cat');
  });

  test('that cannot be used are dropped with the reason', async () => {
    const categories = [{ name: 'cat' }, { id: 1 }, { id: 2, name: 'cat' }, { id: 2, name: 'cat' }];
    const { report } = await importText(JSON.stringify({ images, categories }), [image]);
    expect(report.dropped.map(({ reason }) => reason)).toEqual([
      'it has no id but nothing',
      'it has no name but nothing',
      'an earlier row describes the same category with the id 2; this row is not needed',
    ]);
  });

  test.each([
    ['another name', { name: 'dog' }, '"cat" and "dog"'],
    ['no name', {}, '"cat" and nothing'],
    [
      'another supercategory',
      { name: 'cat', supercategory: 'toy' },
      '"cat" (supercategory null) and "cat" (supercategory "toy")',
    ],
  ])(
    'of one id, one of which has %s, are all left out with their annotations',
    async (_, other, said) => {
      const categories = [
        { id: 1, name: 'cat' },
        { id: 2, name: 'owl' },
        { ...other, id: 1 },
      ];
      const annotations = [
        row({ segmentation: square }),
        { ...row({ segmentation: square }), id: 2, category_id: 2 },
        { ...row({ segmentation: square }), id: 3, category_id: '1' },
      ];
      for (const file of [
        { images, categories, annotations },
        { annotations, categories, images },
      ]) {
        const imported = await importText(JSON.stringify(file), [image]);
        expect(categoriesOf(imported).map(({ name }) => name)).toEqual(['owl']);
        expect(annotationsOf(imported)).toHaveLength(1);
        const { dropped, warnings } = imported.report;
        expect(warnings).toEqual([]);
        expect(dropped.map(({ section, index }) => `${section}[${index}]`).sort()).toEqual([
          'annotations[0]',
          'annotations[2]',
          'categories[0]',
          'categories[2]',
        ]);
        for (const { reason } of dropped) {
          expect(reason).toContain(`several categories have the id 1: ${said};`);
        }
        expectChinese(dropped);
      }
    },
  );

  test('come out before the annotations that use them, whatever the order of the file', async () => {
    const annotations = [row({ segmentation: square })];
    const categories = [{ id: 1, name: 'cat', supercategory: 'animal' }];
    for (const file of [
      { images, categories, annotations },
      { annotations, categories, images },
    ]) {
      const imported = await importText(JSON.stringify(file), [image]);
      expect(imported.added.map(({ kind }) => kind)).toEqual([
        'category',
        'category',
        'annotation',
      ]);
      expect(imported.report).toMatchObject({ dropped: [], warnings: [], kept: 3 });
    }
  });
});

test('a file without images is a COCO file all the same', async () => {
  const { report } = await importText('{"images": [], "annotations": []}', [image]);
  expect(report).toMatchObject({ read: 0, kept: 0, dropped: [] });
});

test('captions about images become texts of the images', async () => {
  const text = JSON.stringify({
    images: [{ id: 5, file_name: 'a.jpg' }],
    categories: [],
    annotations: [
      { id: 1, image_id: 5, category_id: 0, caption: 'hello' },
      { id: 2, image_id: 5, category_id: 0, caption: 'world' },
    ],
  });
  const imported = await importText(text, [image]);
  expect(imported.report).toMatchObject({ dropped: [], warnings: [], annotations: 2 });
  expect(imported.images).toEqual([]);
  expect(textsOf(imported, image.id)).toEqual([
    { kind: 'description', text: 'hello' },
    { kind: 'description', text: 'world' },
  ]);
});

describe('a file that is no COCO file is refused as a whole', () => {
  test.each([
    ['{}', /it has no sections/],
    ['{"shapes": [], "version": 5}', /in file.json it has only the sections "shapes", "version"/],
    ['{"images": {"a": 1}}', /its section "images" is not a list but \{"a":1\}/],
    ['[1, 2]', /found a list/],
  ])('%s', async (text, message) => {
    await expect(importText(text, [])).rejects.toThrow(message);
    await expect(importText(text, [])).rejects.toThrow(
      expect.objectContaining({ code: 'dataset-invalid' }),
    );
  });
});
