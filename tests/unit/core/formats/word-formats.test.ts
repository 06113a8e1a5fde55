import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type {
  AnnotationRow,
  DatasetSource,
  ImageRow,
  ItemRow,
  WrittenNote,
} from '../../../../core/formats/dataset-row.ts';
import type { DatasetFormat } from '../../../../core/formats/format.ts';
import { grandF } from '../../../../core/formats/grand-f/format.ts';
import { llava } from '../../../../core/formats/llava/format.ts';
import { osprey } from '../../../../core/formats/osprey/format.ts';
import { pix2cap } from '../../../../core/formats/pix2cap/format.ts';
import { perbench } from '../../../../core/formats/perbench/format.ts';
import { detectFormat, formatById } from '../../../../core/formats/registry.ts';
import { encodeRle, rleIou } from '../../../../core/geometry/rle.ts';
import type { Rle } from '../../../../core/geometry/shapes.ts';
import { anyDataset, datasetSource, rowsOf, shapeRle } from '../../../support/dataset-source.ts';
import { memoryFiles, memoryOutput } from '../../../support/memory-dataset.ts';

type AnyFormat = DatasetFormat<never, never>;
type Kind = 'description' | 'referring' | 'question';

/** Formats with the kinds of texts that come back of regions and of images. */
const formats: readonly { id: string; format: AnyFormat; ofRegions: Kind[]; ofImages: Kind[] }[] = [
  {
    id: 'perbench',
    format: perbench as AnyFormat,
    ofRegions: ['description', 'referring', 'question'],
    ofImages: [],
  },
  {
    id: 'llava',
    format: llava as AnyFormat,
    ofRegions: [],
    ofImages: ['description', 'question'],
  },
  {
    id: 'osprey',
    format: osprey as AnyFormat,
    ofRegions: ['description', 'question'],
    ofImages: [],
  },
];

async function written(format: AnyFormat, source: DatasetSource, choices: object = {}) {
  const output = memoryOutput();
  const notes: WrittenNote[] = [];
  const options = format.writeOptions!.parse(choices) as never;
  await format.writer!.write(source, options, output, (note) => notes.push(note));
  return { files: Object.fromEntries(output.files), notes };
}

async function read(format: AnyFormat, files: Record<string, string | Uint8Array>) {
  const dataset = memoryFiles('dataset', files);
  const rows = await rowsOf(format.reader!.read(dataset, format.readOptions!.parse({}) as never));
  return {
    likeness: await format.detect(dataset),
    images: rows.filter((row) => row.kind === 'image'),
    annotations: rows.filter((row) => row.kind === 'annotation'),
    items: rows.filter((row) => row.kind === 'item'),
    losses: rows.flatMap((row) => (row.kind === 'note' && row.isLoss ? [row.problem.message] : [])),
    doubts: rows.flatMap((row) =>
      row.kind === 'note' && !row.isLoss ? [row.problem.message] : [],
    ),
  };
}

function plain(texts: readonly object[] = [], kinds: readonly Kind[]): string[] {
  return texts
    .filter((text) => kinds.includes((text as { kind: Kind }).kind))
    .map((text) => {
      const own = Object.entries(text).filter(([key]) => key !== 'id' && key !== 'provenance');
      return JSON.stringify(Object.fromEntries(own.sort(([a], [b]) => (a < b ? -1 : 1))));
    })
    .sort();
}

describe.each(formats)('what $id writes', ({ format, ofRegions, ofImages }) => {
  test('its reader finds again, all that the format holds', async () => {
    await fc.assert(
      fc.asyncProperty(anyDataset, async (source) => {
        const { files, notes } = await written(format, source);
        const found = await read(format, files);
        expect(found.losses).toEqual([]);
        const options = format.writeOptions!.parse({}) as never;
        for (const image of source.images()) {
          const { width, height } = image.image;
          const row = found.images.find(
            (each): each is ImageRow => each.fileName === image.fileName,
          );
          expect(plain(row?.texts, ofImages)).toEqual(plain(image.texts, ofImages));
          const open = found.annotations.filter((each) => row && each.image === row.key);
          for (const each of image.annotations()) {
            const shape = format.writer!.expected(each, image, options);
            if (shape === null) {
              const what = `${image.fileName}, annotation ${each.exportId}`;
              expect(notes.some((note) => note.what === what && note.isLoss)).toBe(true);
              continue;
            }
            const rle = shapeRle(shape, 'pixel', width, height);
            const said = plain(each.texts, ofRegions);
            const index = open.findIndex(
              (candidate: AnnotationRow) =>
                rleIou(rle, shapeRle(candidate.shape, 'pixel', width, height)) === 1 &&
                String(plain(candidate.texts, ofRegions)) === String(said),
            );
            expect(index).toBeGreaterThanOrEqual(0);
            open.splice(index, 1);
          }
          expect(open).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('an empty project gives a dataset without images', async () => {
    const { files } = await written(format, datasetSource([], []));
    if (Object.keys(files).length === 0) return;
    expect(await read(format, files)).toMatchObject({ images: [], annotations: [], losses: [] });
  });
});

/** Four pixels by three, of which the first two of the first column are set. */
const rle = encodeRle({
  width: 4,
  height: 3,
  data: Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0),
});

const wide = encodeRle({ width: 5, height: 3, data: new Uint8Array(15).fill(1) });

test.each([
  ['refcoco', 'refcoco'],
  ['perbench', 'perbench'],
  ['llava', 'llava'],
  ['osprey', 'osprey'],
  ['grand-f', 'grand-f'],
  // The reader of panoptic files reads the descriptions, too.
  ['pix2cap', 'coco-panoptic'],
  ['coco-panoptic', 'coco-panoptic'],
])('what %s writes is recognised as %s before all other formats', async (id, expected) => {
  const geometry = { kind: 'box' as const, box: [0, 0, 3, 2] as [number, number, number, number] };
  const texts = [
    { kind: 'description' as const, text: 'A cup.' },
    { kind: 'referring' as const, text: 'cup' },
  ];
  const image = { fileName: 'a.jpg', width: 4, height: 3, texts };
  const source = datasetSource(
    [{ name: 'cup' }],
    [{ ...image, annotations: [{ geometry, category: 0, texts }] }],
  );
  const { files } = await written(formatById(id) as AnyFormat, source);
  const [first, second] = await detectFormat(memoryFiles('dataset', files));
  expect(first).toMatchObject({ format: { id: expected }, likeness: 'certain' });
  expect(second?.likeness).not.toBe('certain');
});

/** A project with an item as it was read, about regions with these pixels. */
function sourceOfItem(item: ItemRow, masks: readonly Rle[]): DatasetSource {
  if (item.words.task !== 'referring') throw new Error('Only referring items are about regions.');
  const annotations = masks.map((each) => ({
    geometry: { kind: 'mask' as const, rle: each },
    category: null,
  }));
  const segments = item.segments.map(({ tag, annotation, role }) => {
    return { tag, annotation: Number(annotation), role };
  });
  const extra = item.extra ?? {};
  const image = { fileName: item.image, width: 4, height: 3, annotations };
  return datasetSource([], [{ ...image, items: [{ ...item.words.content, segments, extra }] }]);
}

/** The words of an item with its segments numbered, whatever their tags are. */
function untaggedWords({ words, segments }: ItemRow): string {
  return segments.reduce(
    (left, { tag }, index) => left.replaceAll(`[${tag}]`, `[#${index}]`),
    JSON.stringify(words),
  );
}

describe('PerBench as it was published', () => {
  const files = {
    'STBench_Detailed_Caption.json': JSON.stringify([
      {
        image_name: 'sa_1.jpg',
        object_annotations: [{ segmentation: rle, caption: 'A red cup.' }],
      },
    ]),
    'STBench_MCQ.json': JSON.stringify([
      {
        image_name: 'sa_1.jpg',
        mcqs: [
          { object: rle, question: 'What is it? A. cup B. hat. ', answer: 'A' },
          { object: wide, question: 'q', answer: 'a' },
        ],
      },
    ]),
    'STBench_VRES.json': JSON.stringify([
      {
        image_name: 'sa_2.jpg',
        question: 'What stands beside object1?',
        answer: 'It is object2.',
        segmentations: { object1: rle, object2: rle },
      },
    ]),
  };

  test('comes in as words about regions; one region of two files is one', async () => {
    const found = await read(perbench as AnyFormat, {
      ...files,
      'STBench_VRES.json': '[]',
    });
    expect(found.likeness).toBe('certain');
    expect(found.annotations).toHaveLength(1);
    expect(found.annotations[0]!.texts).toEqual([
      { kind: 'description', text: 'A red cup.' },
      { kind: 'question', question: 'What is it? A. cup B. hat. ', choices: [], answer: 'A' },
    ]);
    expect(found.losses).toEqual(['its mask has 5 x 3 pixels where 4 x 3 are expected']);
  });

  test('brings items about several regions, and writes them again', async () => {
    const { images, annotations, items, doubts } = await read(perbench as AnyFormat, {
      'STBench_VRES.json': files['STBench_VRES.json'],
    });
    expect(doubts).toEqual([]);
    expect(images.map(({ fileName }) => fileName)).toEqual(['sa_2.jpg']);
    // Both tags mean the same pixels.
    expect(annotations).toHaveLength(1);
    expect(items.map(({ words, segments }) => ({ words, segments }))).toEqual([
      {
        words: {
          task: 'referring',
          content: { question: 'What stands beside [object1]?', answer: 'It is [object2].' },
        },
        segments: [
          { tag: 'object1', annotation: annotations[0]!.key, role: 'prompt' },
          { tag: 'object2', annotation: annotations[0]!.key, role: 'target' },
        ],
      },
    ]);
    const again = await written(perbench as AnyFormat, sourceOfItem(items[0]!, [rle]));
    const [row] = JSON.parse(Buffer.from(again.files['STBench_VRES.json']!).toString());
    const [published] = JSON.parse(files['STBench_VRES.json']);
    expect(row).toEqual({ ...published, annotations: { object1: 1, object2: 1 } });
  });

  test('an item comes in and leaves as it stood, whatever its tags and words are', async () => {
    const tag = fc.oneof(
      fc.integer({ min: 1, max: 12 }).map((number) => `object${number}`),
      fc.constantFrom('obj', 'a', '<r>', 'the cup', '物体1'),
    );
    const piece = fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom('[obj]', ' a ', '1', 'object'),
    );
    const drawn = fc
      .uniqueArray(tag, { minLength: 2, maxLength: 4 })
      .chain((tags) => {
        const words = fc.array(fc.oneof(fc.constantFrom(...tags), piece), { minLength: 1 });
        return fc.record({ tags: fc.constant(tags), question: words, answer: words });
      })
      .map(({ tags, question, answer }) => ({
        tags,
        question: `${question.join('')}?`,
        answer: answer.join(''),
      }));
    await fc.assert(
      fc.asyncProperty(drawn, async ({ tags, question, answer }) => {
        const segmentations = Object.fromEntries(tags.map((each) => [each, rle]));
        const published = { image_name: 'a.jpg', question, answer, segmentations };
        const first = await read(perbench as AnyFormat, {
          'STBench_VRES.json': JSON.stringify([published]),
        });
        expect(first.losses).toEqual([]);
        const again = await written(perbench as AnyFormat, sourceOfItem(first.items[0]!, [rle]));
        const text = Buffer.from(again.files['STBench_VRES.json']!).toString();
        const [row] = JSON.parse(text);
        const isClear = tags.every((each) =>
          tags.every((other) => other === each || !other.includes(each)),
        );
        if (isClear) expect(row).toMatchObject({ question, answer, segmentations });
        // Where a reader would replace a tag in the wrong place, it has another name, and reads
        // the same.
        const second = await read(perbench as AnyFormat, { 'STBench_VRES.json': text });
        expect(untaggedWords(second.items[0]!)).toEqual(untaggedWords(first.items[0]!));
      }),
    );
  });

  test('an item with a region that is not written is named, and left out', async () => {
    const empty = encodeRle({ width: 4, height: 3, data: new Uint8Array(12) });
    const item = {
      ...{ question: 'Which is left of [a]?', answer: '[b]' },
      segments: [
        { tag: 'a', annotation: 0, role: 'prompt' as const },
        { tag: 'b', annotation: 1, role: 'target' as const },
      ],
    };
    const image = { fileName: 'a.jpg', width: 4, height: 3, items: [item] };
    const annotations = [rle, empty].map((each) => ({
      geometry: { kind: 'mask' as const, rle: each },
      category: null,
    }));
    const { files: found, notes } = await written(
      perbench as AnyFormat,
      datasetSource([], [{ ...image, annotations }]),
    );
    expect(JSON.parse(Buffer.from(found['STBench_VRES.json']!).toString())).toEqual([]);
    expect(notes.map(({ problem }) => problem.message)).toContain(
      '"Which is left of [a]?" refers to regions in a form that the format does not store, or to a region that is not written; it is left out',
    );
  });

  test('warns of an answer that another choice has inside, and of tags that are read wrongly', async () => {
    const geometry = { kind: 'mask' as const, rle };
    const question = {
      kind: 'question' as const,
      question: 'How many?',
      choices: ['1', '10'],
      answer: '1',
    };
    const item = {
      question: 'object1 or object10?',
      answer: '',
      segmentations: { object1: rle, object10: rle },
    };
    const source = datasetSource(
      [],
      [
        {
          ...{ fileName: 'a.jpg', width: 4, height: 3, extra: { perbench_vres: [item] } },
          annotations: [{ geometry, category: null, texts: [question] }],
        },
      ],
    );
    const { notes } = await written(perbench as AnyFormat, source);
    expect(notes.map(({ problem }) => problem.message)).toEqual([
      'its answer "1" is part of the choice "10", which scoring would also accept as correct',
      'its tag object1 is part of the tag object10; readers would replace it in the wrong place',
    ]);
  });
});

describe('LLaVA as it was published', () => {
  test('comes in as questions, with the choices that stand below them', async () => {
    const record = {
      id: '1',
      image: 'coco/train2017/1.jpg',
      conversations: [
        { from: 'human', value: 'What is it?\n<image>' },
        { from: 'gpt', value: 'A cup.' },
        {
          from: 'human',
          value:
            "Which colour?\nA. red\nB. blue\nAnswer with the option's letter from the given choices directly.",
        },
        { from: 'gpt', value: 'B' },
      ],
    };
    const expected = [
      { kind: 'question', question: 'What is it?', choices: [], answer: 'A cup.' },
      { kind: 'question', question: 'Which colour?', choices: ['red', 'blue'], answer: 'blue' },
    ];
    for (const files of [
      { 'llava.json': JSON.stringify([record, { id: '2', conversations: [] }]) },
      { 'llava.jsonl': `${JSON.stringify(record)}\n{ broken\n` },
    ]) {
      const found = await read(llava as AnyFormat, files as Record<string, string>);
      expect(found.likeness).toBe('certain');
      expect(found.images.map(({ fileName }) => fileName)).toEqual(['coco/train2017/1.jpg']);
      expect(found.images[0]!.texts).toEqual(expected);
      expect(found.losses).toHaveLength(1);
    }
  });

  test('is written with the placeholder once, in the layout that loaders take, a file for each split', async () => {
    const texts = [
      { kind: 'description' as const, text: 'A cup.' },
      { kind: 'question' as const, question: 'Which?', choices: ['red', 'blue'], answer: 'red' },
    ];
    const image = { fileName: 'a.jpg', width: 4, height: 3, annotations: [], texts };
    const source = datasetSource([], [{ ...image, split: 'validation' }]);
    const { files } = await written(llava as AnyFormat, source, { file: 'jsonl' });
    expect(JSON.parse(Buffer.from(files['val.jsonl']!).toString())).toEqual({
      id: '1',
      image: 'a.jpg',
      conversations: [
        { from: 'human', value: '<image>\nDescribe this image in detail.' },
        { from: 'gpt', value: 'A cup.' },
        {
          from: 'human',
          value:
            "Which?\nA. red\nB. blue\nAnswer with the option's letter from the given choices directly.",
        },
        { from: 'gpt', value: 'A' },
      ],
    });
  });
});

describe('Osprey as it was published', () => {
  test('comes in as descriptions of, and questions about, regions', async () => {
    const common = { id: 1, file_name: 'a.jpg', height: 3, width: 4 };
    const corners = [0, 0, 2, 0, 2, 2, 0, 2];
    const files = {
      'detail.json': JSON.stringify([
        {
          ...common,
          annotation: [{ segmentation: rle }, { segmentation: [corners] }],
          description: ['<region1>: A red cup.', '<region2>: A table.'],
        },
      ]),
      'conversation.json': JSON.stringify([
        {
          ...common,
          annotation: [{ segmentation: rle }],
          conversations: [
            { from: 'human', value: 'What colour has <region1>?' },
            { from: 'gpt', value: 'Red.' },
            { from: 'human', value: 'How far is <region1> from <region2>?' },
            { from: 'gpt', value: 'Near.' },
            { from: 'human', value: 'What is <region7>?' },
            { from: 'gpt', value: 'Nothing.' },
          ],
        },
      ]),
    };
    const found = await read(osprey as AnyFormat, files);
    expect(found.likeness).toBe('certain');
    expect(found.images).toHaveLength(1);
    expect(
      found.annotations.map(({ shape, texts }) => [
        shape.kind,
        plain(texts, ['description', 'question']),
      ]),
    ).toEqual([
      [
        'mask',
        plain(
          [
            { kind: 'description', text: 'A red cup.' },
            {
              kind: 'question',
              question: 'What colour has <region>?',
              choices: [],
              answer: 'Red.',
            },
          ],
          ['description', 'question'],
        ),
      ],
      ['polygon', plain([{ kind: 'description', text: 'A table.' }], ['description'])],
    ]);
    expect(found.losses).toEqual([
      'it refers to 2 regions, but a text of this format refers to one; it is left out',
      'it refers to region 7, but there are 1 regions',
    ]);
  });
});

describe('GranD-f as it was published', () => {
  const record = {
    ...{ file_name: 'a.jpg', image_id: '1', height: 3, width: 4 },
    caption: 'A café with two cups and a hat.',
    groundings: {
      'two cups': { token_positives: [12, 20], rle_masks: [rle, rle] },
      'a hat': { token_positives: [0, 5], rle_masks: [rle] },
    },
  };

  test('comes in as a caption, and regions that its phrases mean', async () => {
    const found = await read(grandF as AnyFormat, { 'train.json': JSON.stringify([record]) });
    expect(found.likeness).toBe('certain');
    expect(found.images[0]!.texts).toEqual([{ kind: 'description', text: record.caption }]);
    // The same pixels are the same region, whatever it is called.
    expect(found.annotations.map(({ texts }) => texts)).toEqual([
      [
        { kind: 'referring', text: 'two cups' },
        { kind: 'referring', text: 'a hat' },
      ],
    ]);
    expect(found.doubts).toEqual([
      'its token_positives do not match the position of "a hat" in the caption',
    ]);
  });

  const geometry = { kind: 'mask' as const, rle };
  const said = (text: string) => ({
    geometry,
    category: null,
    texts: [{ kind: 'referring' as const, text }],
  });
  const source = datasetSource(
    [],
    [
      {
        ...{ fileName: 'a.jpg', width: 4, height: 3 },
        texts: [{ kind: 'description', text: '😀 two cups' }],
        annotations: [said('two cups'), said('two cups'), said('a hat')],
      },
    ],
  );

  test('is written with the spans of Python, a phrase for all its regions', async () => {
    const { files, notes } = await written(grandF as AnyFormat, source);
    expect(JSON.parse(Buffer.from(files['grand_f.json']!).toString())).toEqual([
      {
        ...{ file_name: 'a.jpg', image_id: '1', height: 3, width: 4, caption: '😀 two cups' },
        groundings: {
          'two cups': { token_positives: [2, 10], rle_masks: [rle, rle], annotations: [1, 2] },
        },
      },
    ]);
    expect(notes.map(({ what, isLoss }) => [what, isLoss])).toEqual([
      ['a.jpg, annotation 3', true],
    ]);
    const found = await read(grandF as AnyFormat, files);
    expect(found.annotations.map(({ texts }) => texts)).toEqual([
      [{ kind: 'referring', text: 'two cups' }],
      [{ kind: 'referring', text: 'two cups' }],
    ]);
  });

  test('has all again that is tied to a caption', async () => {
    const words = fc.constantFrom('cup', 'a cup', 'hat', '红', '__proto__');
    await fc.assert(
      fc.asyncProperty(
        fc.array(words, { maxLength: 3 }),
        fc.array(fc.array(words, { maxLength: 3 }), { maxLength: 3 }),
        async (captions, regions) => {
          const referring = (text: string) => ({ kind: 'referring' as const, text });
          const any = datasetSource(
            [],
            [
              {
                ...{ fileName: 'a.jpg', width: 4, height: 3 },
                texts: captions.map((text) => ({ kind: 'description', text: `${text} there` })),
                annotations: regions.map((phrases) => ({
                  geometry,
                  category: null,
                  texts: phrases.map(referring),
                })),
              },
            ],
          );
          const { files } = await written(grandF as AnyFormat, any);
          const found = await read(grandF as AnyFormat, files);
          expect([found.losses, found.doubts]).toEqual([[], []]);
          const held = regions
            .map((phrases) =>
              [...new Set(phrases)].filter((phrase) =>
                captions.some((text) => text.includes(phrase)),
              ),
            )
            .filter((phrases) => phrases.length > 0);
          const sorted = (all: string[][]): string[] =>
            all.map((each) => String(each.sort())).sort();
          expect(
            sorted(
              found.annotations.map(({ texts = [] }) =>
                texts.map((text) => (text as { text: string }).text),
              ),
            ),
          ).toEqual(sorted(held));
        },
      ),
    );
  });
});

describe('Pix2Cap', () => {
  test('is panoptic files with a description of each segment; those that readers pass over are noted', async () => {
    const square = (x: number) => ({
      geometry: {
        kind: 'polygon' as const,
        parts: [{ outer: [x, 0, x + 2, 0, x + 2, 2, x, 2], holes: [] }],
      },
      category: 0,
    });
    const described = (x: number, text: string) => ({
      ...square(x),
      texts: [{ kind: 'description' as const, text }],
    });
    const source = datasetSource(
      [{ name: 'cup' }],
      [
        {
          ...{ fileName: 'a.jpg', width: 9, height: 4 },
          annotations: [described(0, 'A red cup.'), described(3, 'cup'), square(6)],
        },
      ],
    );
    const { files, notes } = await written(pix2cap as AnyFormat, source);
    expect(notes.map(({ problem }) => problem.message)).toEqual([
      'its description is shorter than 6 characters; readers skip it',
      'it has no description; readers skip it',
    ]);
    const found = await read(pix2cap as AnyFormat, files);
    expect(found.likeness).toBe('possible');
    expect(found.annotations.map(({ category, texts }) => [category, texts])).toEqual([
      ['cup', [{ kind: 'description', text: 'A red cup.' }]],
      ['cup', [{ kind: 'description', text: 'cup' }]],
      ['cup', []],
    ]);
  });
});
