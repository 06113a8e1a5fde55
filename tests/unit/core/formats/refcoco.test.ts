import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DatasetRow, ImageRow, WrittenNote } from '../../../../core/formats/dataset-row.ts';
import { refcoco } from '../../../../core/formats/refcoco/format.ts';
import { readPickle } from '../../../../core/formats/refcoco/pickle-read.ts';
import { pickleOf } from '../../../../core/formats/refcoco/pickle-write.ts';
import { anyDataset, datasetSource, rowsOf } from '../../../support/dataset-source.ts';
import { memoryFiles, memoryOutput } from '../../../support/memory-dataset.ts';

const golden = fileURLToPath(new URL('../../../fixtures/formats/refcoco', import.meta.url));
const file = (name: string): Uint8Array => readFileSync(join(golden, name));

async function read(files: Record<string, string | Uint8Array>, choices: object = {}) {
  const dataset = memoryFiles('dataset', files);
  const options = refcoco.readOptions!.parse(choices);
  const rows = await rowsOf(refcoco.reader!.read(dataset, options));
  return { rows, likeness: await refcoco.detect(dataset), ...sorted(rows) };
}

function sorted(rows: readonly DatasetRow[]) {
  return {
    images: rows.filter((row) => row.kind === 'image'),
    annotations: rows.filter((row) => row.kind === 'annotation'),
    losses: rows.flatMap((row) => (row.kind === 'note' && row.isLoss ? [row.problem.message] : [])),
    doubts: rows.flatMap((row) =>
      row.kind === 'note' && !row.isLoss ? [row.problem.message] : [],
    ),
  };
}

const texts = (row: { readonly texts?: readonly object[] } | undefined): string[] =>
  (row?.texts ?? []).map((text) => (text as { text: string }).text);

describe('a dataset in the layout of RefCOCO', () => {
  const load = (choices: object = {}) =>
    read({ 'instances.json': file('instances.json'), 'refs(unc).p': file('refs(unc).p') }, choices);

  test('comes in with its expressions, and the split of each image', async () => {
    const { likeness, images, annotations, losses } = await load();
    expect(likeness).toBe('certain');
    expect(images.map(({ fileName, split }) => [fileName, split])).toEqual([
      ['COCO_train2014_000000000001.jpg', 'train'],
      ['COCO_train2014_000000000002.jpg', 'test'],
    ]);
    expect(images[1]!.extra).toMatchObject({ refer_split: 'testA' });
    expect(
      annotations.map(({ category, texts: said }) => [category, texts({ texts: said! })]),
    ).toEqual([
      ['person', ['The Man, in red.', 'left guy']],
      ['person', []],
      ['dog', ['café dog']],
    ]);
    expect(losses).toEqual([]);
  });

  test('can be read as models are trained on it, and without what nobody refers to', async () => {
    const { annotations, losses } = await load({ wording: 'sent', annotations: 'referred' });
    expect(annotations.map((row) => texts(row))).toEqual([
      ['the man in red', 'left guy'],
      ['café dog'],
    ]);
    expect(losses).toEqual(['1 annotations without an expression are left out, as chosen']);
  });

  test('is left out where it is ambiguous whose expressions they are', async () => {
    const instances = JSON.parse(new TextDecoder().decode(file('instances.json'))) as {
      annotations: { id: number }[];
    };
    instances.annotations[1]!.id = instances.annotations[0]!.id;
    instances.annotations[2]!.id = 99;
    const { annotations, losses } = await read({
      'instances.json': JSON.stringify(instances),
      'refs(unc).p': file('refs(unc).p'),
    });
    expect(annotations.flatMap((row) => texts(row))).toEqual([]);
    expect(losses).toEqual([
      'several annotations of instances.json have the id 11; the target of its expressions is ambiguous',
      'no annotation of instances.json has the id 13; its expressions have no target',
    ]);
  });

  test('with a pickle that could run code is refused, naming the instruction', async () => {
    const files = {
      'instances.json': file('instances.json'),
      'refs(unc).p': Buffer.from('cos\nsystem\n(Vtrue\ntR.'),
    };
    await expect(read(files)).rejects.toThrow(/instruction GLOBAL at byte 0, which can run code/);
  });

  test('with two splits is read by the usual one, or the one that is asked for', async () => {
    const refs = (split: string) =>
      `[{"ref_id":1,"ann_id":11,"image_id":1,"split":"${split}","sentences":[{"raw":"${split}"}]}]`;
    const files = {
      'instances.json': file('instances.json'),
      'refs(google).json': refs('val'),
      'refs(unc).json': refs('train'),
    };
    const usual = await read(files);
    expect(usual.images[0]!.split).toBe('train');
    expect(usual.doubts[0]).toMatch(/only refs\(unc\)\.json is read; refs\(google\)\.json/);
    expect((await read(files, { splitBy: 'google' })).images[0]!.split).toBe('validation');
    await expect(read(files, { splitBy: 'umd' })).rejects.toThrow(/it has google, unc/);
  });

  test('needs the instances that the refs are about', async () => {
    await expect(read({ 'refs(unc).p': file('refs(unc).p') })).rejects.toThrow(
      /no instances\.json with these ids/,
    );
    await expect(read({ 'instances.json': '{}' })).rejects.toThrow(/has no such refs file/);
  });
});

describe('a dataset in the layout of gRefCOCO', () => {
  test('comes in with expressions of several regions and of none', async () => {
    const { annotations, images, losses } = await read({
      'instances.json': file('instances.json'),
      'grefs(unc).json': file('grefs(unc).json'),
    });
    expect(annotations.map((row) => texts(row))).toEqual([
      ['both people'],
      ['both people', 'right one'],
      [],
    ]);
    expect(images.map((row) => texts(row))).toEqual([['a unicorn'], []]);
    expect(losses).toEqual([]);
  });
});

async function write(
  source: Parameters<NonNullable<typeof refcoco.writer>['write']>[0],
  choices: object,
) {
  const output = memoryOutput();
  const notes: WrittenNote[] = [];
  const options = refcoco.writeOptions!.parse(choices);
  await refcoco.writer!.write(source, options, output, (note) => notes.push(note));
  return { files: Object.fromEntries(output.files), notes };
}

const square = {
  kind: 'polygon',
  parts: [{ outer: [1, 1, 5, 1, 5, 5, 1, 5], holes: [] }],
} as const;
const geometry = {
  ...square,
  parts: square.parts.map(({ outer }) => ({ outer: [...outer], holes: [] })),
};
const said = (...words: string[]) => words.map((text) => ({ kind: 'referring' as const, text }));
const source = datasetSource(
  [{ name: 'person' }],
  [
    {
      ...{ fileName: 'a.jpg', width: 9, height: 9, split: 'test' as const },
      extra: { refer_split: 'testB' },
      texts: said('a unicorn'),
      annotations: [
        { geometry, category: 0, texts: said('both', 'the Left one!') },
        { geometry, category: 0, texts: said('both') },
      ],
    },
  ],
);

describe('RefCOCO as it is written', () => {
  test('has one region for each ref, with cleaned words beside the raw ones', async () => {
    const { files, notes } = await write(source, { file: 'json', splitBy: 'umd' });
    expect(Object.keys(files)).toEqual(['instances.json', 'refs(umd).json']);
    const refs = JSON.parse(Buffer.from(files['refs(umd).json']!).toString()) as object[];
    expect(refs).toEqual([
      {
        ...{
          ref_id: 1,
          ann_id: 1,
          category_id: 1,
          image_id: 1,
          file_name: 'a.jpg',
          split: 'testB',
        },
        sent_ids: [1, 2],
        sentences: [
          { sent_id: 1, raw: 'both', sent: 'both', tokens: ['both'] },
          {
            sent_id: 2,
            raw: 'the Left one!',
            sent: 'the left one',
            tokens: ['the', 'left', 'one'],
          },
        ],
      },
      {
        ...{
          ref_id: 2,
          ann_id: 2,
          category_id: 1,
          image_id: 1,
          file_name: 'a.jpg',
          split: 'testB',
        },
        sent_ids: [3],
        sentences: [{ sent_id: 3, raw: 'both', sent: 'both', tokens: ['both'] }],
      },
    ]);
    expect(notes.map(({ problem }) => problem.message)).toEqual([
      '1 of its texts describe the whole image and are not stored by this variant of RefCOCO',
    ]);
  });

  test('has several regions or none for a ref of gRefCOCO', async () => {
    const { files, notes } = await write(source, { targets: 'many', file: 'json' });
    const refs = JSON.parse(Buffer.from(files['grefs(unc).json']!).toString()) as {
      ann_id: number[];
      sentences: { raw: string }[];
    }[];
    expect(
      refs.map(({ ann_id: ids, sentences }) => [ids, sentences.map(({ raw }) => raw)]),
    ).toEqual([
      [[1, 2], ['both']],
      [[1], ['the Left one!']],
      [[-1], ['a unicorn']],
    ]);
    expect(notes).toEqual([]);
  });

  test('has the items that point at regions, and tells which it leaves out', async () => {
    const segment = (tag: string, annotation: number, role: 'prompt' | 'target' = 'target') => ({
      ...{ tag, annotation, role },
    });
    const [a, b] = [segment('a', 0), segment('b', 1)];
    const withItems = datasetSource(
      [{ name: 'person' }],
      [
        {
          ...{ fileName: 'a.jpg', width: 9, height: 9, split: 'test' as const },
          annotations: [
            { geometry, category: 0 },
            { geometry, category: 0 },
          ],
          items: [
            { question: 'all people', answer: 'They are [a] and [b].', segments: [a, b] },
            { question: 'the zebra', answer: 'No target.', segments: [] },
            { question: 'the first one', answer: 'It is [a].', segments: [a] },
            {
              question: 'left of [a]',
              answer: 'It is [b].',
              segments: [segment('a', 0, 'prompt'), b],
            },
          ],
        },
      ],
    );
    const refsOf = async (targets: 'one' | 'many') => {
      const { files, notes } = await write(withItems, { targets, file: 'json' });
      const name = targets === 'many' ? 'grefs(unc).json' : 'refs(unc).json';
      const refs = JSON.parse(Buffer.from(files[name]!).toString()) as {
        ann_id: unknown;
        sentences: { raw: string }[];
      }[];
      const left = notes.map(({ problem }) => problem.message.match(/^\d+/)?.[0]);
      return [refs.map(({ ann_id: ids, sentences }) => [ids, sentences[0]!.raw]), left];
    };
    expect(await refsOf('many')).toEqual([
      [
        [[1, 2], 'all people'],
        [[-1], 'the zebra'],
        [[1], 'the first one'],
      ],
      // The words of the answers, and the item with a prompt.
      ['3', '1'],
    ]);
    expect(await refsOf('one')).toEqual([[[1, 'the first one']], ['1', '3']]);
  });

  test.each(['one', 'many'] as const)(
    'has one ref of a target, whatever its expressions are made of (%s)',
    async (targets) => {
      const said = { kind: 'referring' as const, text: 'him' };
      const segments = ['a', 'b'].map((tag) => ({ tag, annotation: 0, role: 'target' as const }));
      const twice = datasetSource(
        [{ name: 'person' }],
        [
          {
            ...{ fileName: 'a.jpg', width: 9, height: 9, split: 'test' as const },
            annotations: [{ geometry, category: 0, texts: [said] }],
            items: [
              { question: 'the left one', answer: 'It is [a].', segments: segments.slice(0, 1) },
              { question: 'the tall one', answer: '[a] [b]', segments },
            ],
          },
        ],
      );
      const { files } = await write(twice, { targets, file: 'json' });
      const text = Buffer.from(Object.values(files).at(-1)!).toString();
      const refs = (JSON.parse(text) as { ann_id: unknown; sentences: { raw: string }[] }[]).map(
        ({ ann_id: ids, sentences }) => [ids, sentences.map(({ raw }) => raw)],
      );
      const id = targets === 'one' ? 1 : [1];
      expect(refs).toEqual([[id, ['him', 'the left one', 'the tall one']]]);
    },
  );

  test('says the same in the pickle as in its JSON twin', async () => {
    await fc.assert(
      fc.asyncProperty(anyDataset, fc.constantFrom('one', 'many'), async (dataset, targets) => {
        const { files } = await write(dataset, { targets });
        const name = targets === 'many' ? 'grefs(unc)' : 'refs(unc)';
        const twin = JSON.parse(Buffer.from(files[`${name}.json`]!).toString()) as unknown;
        expect(readPickle(Buffer.from(files[`${name}.p`]!))).toEqual(pickleOf(twin));
      }),
      { numRuns: 30 },
    );
  });

  test.skipIf(spawnSync('python3', ['--version']).status !== 0)(
    'is unpickled by Python as the list that refer.py walks through',
    async () => {
      const { files } = await write(source, { file: 'pickle' });
      const program =
        'import json, pickle, sys; print(json.dumps([[r["ref_id"], r["ann_id"], r["split"], ' +
        '[s["tokens"] for s in r["sentences"]]] for r in pickle.load(sys.stdin.buffer)]))';
      const { stdout, stderr } = spawnSync('python3', ['-c', program], {
        input: files['refs(unc).p'] as Uint8Array,
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual([
        [1, 1, 'testB', [['both'], ['the', 'left', 'one']]],
        [2, 2, 'testB', [['both']]],
      ]);
    },
  );

  test('of several targets is found again by its reader, each expression where it was', async () => {
    await fc.assert(
      fc.asyncProperty(anyDataset, async (dataset) => {
        const { files } = await write(dataset, { targets: 'many' });
        const { images, annotations, losses } = await read(files);
        expect(losses).toEqual([]);
        const options = refcoco.writeOptions!.parse({ targets: 'many' });
        for (const image of dataset.images()) {
          const row = images.find((each): each is ImageRow => each.fileName === image.fileName)!;
          expect(row.split).toBe(image.image.split);
          expect(texts(row)).toEqual(referring(image.texts));
          const found = annotations.filter((each) => each.image === row.key);
          const written = image
            .annotations()
            .filter((each) => refcoco.writer!.expected(each, image, options) !== null);
          expect(found.map((each) => referring(each.texts ?? []).sort())).toEqual(
            written.map(({ texts: own }) => referring(own).sort()),
          );
        }
      }),
      { numRuns: 40 },
    );
  });
});

function referring(all: readonly { kind: string; text?: string }[]): string[] {
  return all.flatMap(({ kind, text }) => (kind === 'referring' ? [text!] : []));
}
