import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addition } from '../../../core/diff.ts';
import type { OverallScore } from '../../../core/scores/overall.ts';
import type { ScoreReport } from '../../../core/scores/report.ts';
import { makeItem } from '../../../core/project/make-item.ts';
import { stepLabel } from '../../../core/project/step-labels.ts';
import { openProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import { makeAnnotation } from '../db/make-records.ts';
import { commandTimeoutMs, Workplace } from './workplace.ts';

vi.setConfig({ testTimeout: commandTimeoutMs });

const fixture = (path: string) =>
  fileURLToPath(new URL(`../../fixtures/scores/${path}`, import.meta.url));
const perbench = fixture('perbench');
const python = process.env['PIXELSAIL_PYTHON'] ?? 'python3';

const workplace = new Workplace();
beforeAll(async () => {
  // Without WordNet, wherever it may be installed.
  await mkdir(workplace.path('no-wordnet'));
  await workplace.convertModel();
});
afterAll(() => workplace.remove());

interface Printed {
  readonly reports: readonly ScoreReport[];
  readonly overall: OverallScore | null;
}

async function score(...words: string[]): Promise<Printed> {
  const { code, value } = await workplace.json<Printed>('score', ...words);
  expect([code, value]).toEqual([0, expect.objectContaining({ reports: expect.anything() })]);
  return value;
}

function valuesOf({ metrics }: ScoreReport): Record<string, number | null> {
  return Object.fromEntries(metrics.map(({ id, value }) => [id, value]));
}

async function json<Value>(path: string): Promise<Value> {
  return JSON.parse(await readFile(path, 'utf8')) as Value;
}

interface ReferenceScores {
  readonly meteor: number;
  readonly accuracy: number;
  readonly ciou: number;
  readonly giou: number;
  readonly overall: number;
}

function expectReference({ reports, overall }: Printed, wanted: ReferenceScores): void {
  const [caption, choice, masks] = reports.map(valuesOf);
  expect(100 * caption!['meteor-reference']!).toBeCloseTo(wanted.meteor, 6);
  expect(choice!['accuracy-reference']).toBeCloseTo(wanted.accuracy, 6);
  expect(100 * masks!['ciou-reference']!).toBeCloseTo(wanted.ciou, 6);
  expect(100 * masks!['giou-reference']!).toBeCloseTo(wanted.giou, 6);
  expect(overall!.reference).toBeCloseTo(wanted.overall, 6);
}

/** The output of score_perbench.py; null if it cannot run here. */
function scoresOfPython(folder: string): ReferenceScores | null {
  try {
    execFileSync(python, ['-c', 'import nltk, pycocotools'], { stdio: 'ignore' });
  } catch {
    console.log(`skipped: ${python} cannot import nltk and pycocotools; see PIXELSAIL_PYTHON`);
    return null;
  }
  const said = execFileSync(python, [fixture('score_perbench.py'), folder], { encoding: 'utf8' });
  return JSON.parse(said) as ReferenceScores;
}

describe('PerBench files with answers in them', () => {
  test('score what the reference’s rules in Python give', async () => {
    const printed = await score(
      '--task',
      'perbench',
      '--truth',
      perbench,
      '--predictions',
      perbench,
    );
    expectReference(printed, await json(fixture('perbench/scores.json')));
    expect(printed.reports.map(({ unanswered }) => unanswered)).toEqual([5, 0, 12]);
    for (const report of printed.reports) {
      expect(report).toMatchObject({
        model: null,
        device: null,
        seed: 1,
        code: expect.any(String),
      });
    }
  });

  test('score the same by their answers in lines of their own', async () => {
    type Row = { object_annotations: { prediction?: string }[] };
    const rows = await json<Row[]>(fixture('perbench/STBench_Detailed_Caption.json'));
    const lines = rows.flatMap(({ object_annotations: all }, row) =>
      all.map(({ prediction = '' }, index) => ({ id: `${row}.${index}`, text: prediction })),
    );
    const write = (name: string, all: readonly object[]) =>
      writeFile(workplace.path(name), all.map((each) => JSON.stringify(each)).join('\n'));
    // The ids tell; without ids the order does.
    await write('named.jsonl', lines.toReversed());
    await write(
      'ordered.jsonl',
      lines.map(({ text }) => ({ text })),
    );
    const truth = ['--task', 'perbench-caption', '--truth', perbench];
    const inRows = await score(...truth, '--predictions', perbench);
    for (const name of ['named.jsonl', 'ordered.jsonl']) {
      const printed = await score(...truth, '--predictions', name);
      expect(printed.reports[0]!.metrics).toEqual(inRows.reports[0]!.metrics);
      expect(printed.reports[0]!.dataset.hash).toBe(inRows.reports[0]!.dataset.hash);
    }
  });

  test('are never saved over what they are made of, even where they may replace it', async () => {
    await cp(perbench, workplace.path('own'), { recursive: true });
    const file = workplace.path('own', 'STBench_Detailed_Caption.json');
    const before = await readFile(file);
    const words = ['--task', 'perbench-caption', '--truth', file, '--predictions', file];
    const { code } = await workplace.run('score', ...words, '--save', file, '--overwrite');
    expect(code).toBe(3);
    expect(await readFile(file)).toEqual(before);
  });

  test('are compared with others by the items that both answer', async () => {
    await cp(perbench, workplace.path('better'), { recursive: true });
    type Row = { object_annotations: { caption: string; prediction?: string }[] };
    const file = workplace.path('better', 'STBench_Detailed_Caption.json');
    const rows = await json<Row[]>(file);
    for (const { object_annotations: all } of rows)
      for (const each of all) each.prediction = each.caption;
    await writeFile(file, JSON.stringify(rows));
    const truth = ['--task', 'perbench-caption', '--truth', perbench];
    await score(...truth, '--predictions', perbench, '--save', 'one.json');
    await score(...truth, '--predictions', 'better', '--save', 'two.json');
    const { stdout } = await workplace.run('score', '--compare', 'one.json', 'two.json');
    const row = stdout.split('\n').find((line) => line.startsWith('METEOR (corrected)'));
    const [value, low, high] = row!.split(/\s+/).slice(-3).map(Number);
    expect(value).toBeGreaterThan(0);
    expect(low).toBeGreaterThan(0);
    expect(low).toBeLessThanOrEqual(value!);
    expect(high).toBeGreaterThanOrEqual(value!);
    const other = await workplace.run('score', '--compare', 'one.json', 'one.json', 'two.json');
    expect(other.code).not.toBe(0);
  });
});

test('COCO results score what pycocotools says', async () => {
  interface Golden {
    readonly truth: object;
    readonly boxes: object[];
    readonly masks: object[];
    readonly stats: { readonly bbox: number[]; readonly segm: number[] };
  }
  const { truth, boxes, masks, stats } = await json<Golden>(fixture('coco.json'));
  await writeFile(workplace.path('instances.json'), JSON.stringify(truth));
  await writeFile(workplace.path('boxes.json'), JSON.stringify(boxes));
  await writeFile(workplace.path('masks.json'), JSON.stringify(masks));
  for (const [task, results, wanted] of [
    ['detection', 'boxes.json', stats.bbox],
    ['segmentation', 'masks.json', stats.segm],
  ] as const) {
    const words = ['--task', task, '--truth', 'instances.json', '--predictions', results];
    const values = Object.values(valuesOf((await score(...words)).reports[0]!));
    expect(values).toHaveLength(12);
    wanted.forEach((value, index) => expect(values[index]).toBeCloseTo(value, 6));
  }
});

describe('a project', () => {
  const file = () => workplace.path('herons', 'herons.pixelsail');
  const look = <Result>(read: (database: ProjectDatabase) => Result): Result => {
    const database = openProjectDatabase(file());
    try {
      return read(database);
    } finally {
      database.close();
    }
  };

  beforeAll(async () => {
    await workplace.drawPhotos('herons-photos/0.jpg', 'herons-photos/1.jpg');
    await workplace.run('init', 'herons');
    await workplace.run('import', 'herons', 'herons-photos');
    look((database) => {
      for (const { image } of [...database.exportImages()]) {
        const annotation = makeAnnotation(image.id);
        const subject = (role: 'prompt' | 'target') => ({
          imageId: image.id,
          segments: [{ tag: 'region1', annotationId: annotation.id, role }],
        });
        const provenance = { source: 'person' } as const;
        database.apply(
          stepLabel('addText'),
          addition(
            annotation,
            makeItem(
              { task: 'description', content: { text: 'a square' } },
              subject('prompt'),
              provenance,
            ),
            makeItem(
              {
                task: 'multiple-choice',
                content: { question: 'What?', choices: ['square', 'disc'], answer: 'square' },
              },
              subject('prompt'),
              provenance,
            ),
            makeItem(
              { task: 'referring', content: { question: 'the square', answer: '[region1]' } },
              subject('target'),
              provenance,
            ),
          ),
        );
      }
    });
  });

  test('is scored by a model, twice with the same numbers, and keeps what was answered', async () => {
    const first = await score('--task', 'perbench', '--project', 'herons', '--hints');
    const second = await score('--task', 'perbench', '--project', 'herons', '--hints');
    expect(second.reports.map(valuesOf)).toEqual(first.reports.map(valuesOf));
    expect(second.reports.map(({ dataset }) => dataset)).toEqual(
      first.reports.map(({ dataset }) => dataset),
    );
    expect(first.reports[0]).toMatchObject({
      model: { id: 'tiny', hash: expect.any(String) },
      device: { used: 'cpu' },
      dataset: { items: 2 },
      unanswered: 0,
    });
    const runs = look((database) => database.scoreRuns());
    expect(runs).toHaveLength(6);
    const rows = look((database) =>
      database.scoreRows(runs.find(({ report }) => report.task === 'perbench-caption')!.id, {
        ...{ order: 'worst', offset: 0, limit: 10 },
      }),
    );
    expect(rows.map(({ agreement }) => agreement)).toEqual(
      rows.map(({ agreement }) => agreement).sort((a, b) => a - b),
    );
    expect(rows[0]!.kept).toMatchObject({
      isAnswered: true,
      item: { truth: { references: ['a square'] } },
      hint: { roundTripIou: expect.any(Number) },
    });
    // Answers are no step, so undo does not touch them.
    expect(look((database) => database.history()[0]!.label)).toEqual(stepLabel('addText'));
    expect(look((database) => database.check())).toEqual([]);
  });

  test('exported as PerBench files scores the same by the reference’s rules in Python', async () => {
    const exported = workplace.path('exported');
    await workplace.run('export', 'herons', exported, '--format', 'perbench');
    const masks = `${exported}/STBench_VRES.json`;
    type Item = { segmentations: Record<string, object>; predictions?: object[] };
    const items = await json<Item[]>(masks);
    for (const item of items) item.predictions = Object.values(item.segmentations);
    await writeFile(masks, JSON.stringify(items));
    for (const [name, key, said] of [
      ['Detailed_Caption', 'object_annotations', 'a large square'],
      ['MCQ', 'mcqs', 'square'],
    ] as const) {
      const path = `${exported}/STBench_${name}.json`;
      const rows = await json<Record<string, { prediction?: string }[]>[]>(path);
      for (const row of rows) for (const each of row[key]!) each.prediction = said;
      await writeFile(path, JSON.stringify(rows));
    }
    const printed = await score(
      '--task',
      'perbench',
      '--truth',
      exported,
      '--predictions',
      exported,
    );
    expect(printed.reports.map(({ dataset }) => dataset.items)).toEqual([2, 2, 2]);
    expect(100 * valuesOf(printed.reports[2]!)['giou-reference']!).toBeCloseTo(100, 6);
    const wanted = scoresOfPython(exported);
    if (wanted) expectReference(printed, wanted);
  });
});

test('what cannot be scored is said with what would be right', async () => {
  const refused = async (...words: string[]) => (await workplace.run('score', ...words)).stderr;
  expect(await refused('--task', 'res')).toMatch(/Expected one source of items/);
  const truth = ['--task', 'perbench-mcq', '--truth', perbench];
  expect(await refused(...truth)).toMatch(/needs the photos/);
  await writeFile(workplace.path('foreign.jsonl'), '{"id": "elsewhere", "text": "red"}');
  expect(await refused(...truth, '--predictions', 'foreign.jsonl')).toMatch(
    /names "elsewhere", the first item is "0\.0"/,
  );
  const many = Array.from({ length: 90 }, () => '{"text": "red"}').join('\n');
  await writeFile(workplace.path('many.jsonl'), many);
  expect(await refused(...truth, '--predictions', 'many.jsonl')).toMatch(/90 rows without an id/);
});
