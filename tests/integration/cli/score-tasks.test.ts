import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ZipFile } from 'yazl';
import { addition } from '../../../core/diff.ts';
import { geometryRle } from '../../../core/geometry/region.ts';
import { makeItem } from '../../../core/project/make-item.ts';
import type { Annotation, Item } from '../../../core/records.ts';
import type { ScoreReport } from '../../../core/scores/report.ts';
import { scoreTaskIds, type ScoreTaskId } from '../../../core/scores/tasks/registry.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { meteorFiles } from '../../support/cut-meteor.ts';
import { makeAnnotation, makeCategory } from '../db/make-records.ts';
import { runHere } from './run-here.ts';
import { commandTimeoutMs, Workplace } from './workplace.ts';

// Every task of `score` on a project, on files that the project is exported to, and on the answers
// of another system.

vi.setConfig({ testTimeout: commandTimeoutMs, hookTimeout: commandTimeoutMs });

const workplace = new Workplace();
const at = (...names: string[]) => workplace.path(...names);
const size = { width: 64, height: 48 };

/** The answers of a system that is right, by task. */
const right = {} as Record<ScoreTaskId, readonly object[]>;

/** The files that each task is scored on. */
const files: Readonly<Record<ScoreTaskId, string>> = {
  'perbench-caption': 'perbench',
  'perbench-mcq': 'perbench',
  'perbench-vres': 'perbench',
  res: 'refs',
  gres: 'refs',
  'region-caption': 'coco.json',
  detection: 'coco.json',
  segmentation: 'coco.json',
};

/** The metrics that a perfect answer brings to 1, and where not all of them can be. */
const perfect: Readonly<Record<ScoreTaskId, readonly string[]>> = {
  'perbench-caption': [],
  'perbench-mcq': ['accuracy-reference', 'accuracy'],
  'perbench-vres': ['ciou-reference', 'giou-reference', 'ciou', 'giou'],
  res: ['ciou', 'giou', ...[0.5, 0.6, 0.7, 0.8, 0.9].map((least) => `precision-${least}`)],
  gres: ['ciou', 'giou', 'n-acc', 't-acc'],
  'region-caption': ['bleu-1', 'bleu-2', 'bleu-3', 'bleu-4'],
  detection: ['ap', 'ap50', 'ap75'],
  segmentation: ['ap', 'ap50', 'ap75'],
};

beforeAll(async () => {
  process.env['PIXELSAIL_HOME'] = workplace.home;
  process.env['PIXELSAIL_MODEL'] = workplace.model;
  await workplace.convertModel();
  await workplace.drawPhotos('photos/0.jpg', 'photos/1.jpg');
  await runHere('init', at('p'));
  await runHere('import', at('p'), at('photos'));
  const database = openProjectDatabase(at('p', 'p.pixelsail'));
  const square = makeCategory({ name: 'square' });
  const regions: Annotation[] = [];
  const items: Item[] = [];
  database.apply('Category', addition(square));
  for (const [index, { image }] of [...database.exportImages()].entries()) {
    const box = [8 + 8 * index, 6, 20, 24] as const;
    const region = makeAnnotation(image.id, {
      ...{ categoryId: square.id, bbox: [...box], area: 480 },
      geometry: { kind: 'box', box: [...box] },
    });
    const provenance = { source: 'person' } as const;
    const about = (role: 'prompt' | 'target') => ({
      imageId: image.id,
      segments: [{ tag: 'region1', annotationId: region.id, role }],
    });
    regions.push(region);
    items.push(
      makeItem(
        { task: 'description', content: { text: `a red square of number ${index} on the ground` } },
        about('prompt'),
        provenance,
      ),
      makeItem(
        {
          task: 'multiple-choice',
          content: { question: 'What is it?', choices: ['square', 'disc'], answer: 'square' },
        },
        about('prompt'),
        provenance,
      ),
      makeItem(
        { task: 'referring', content: { question: `the square ${index}`, answer: '[region1]' } },
        about('target'),
        provenance,
      ),
    );
    if (index > 0) continue;
    const content = { question: 'the zebra', answer: '[region1]' };
    const words = { task: 'referring', content } as const;
    items.push(makeItem(words, { imageId: image.id, segments: [] }, provenance));
  }
  database.apply('Items', addition(...regions, ...items));
  const maskOf = ({ geometry }: Annotation) => geometryRle(geometry, size.width, size.height);
  const ofTask = <Task extends Item['task']>(task: Task) =>
    items.filter((item): item is Extract<Item, { task: Task }> => item.task === task);
  const texts = ofTask('description').map(({ id, content }) => ({ id, text: content.text }));
  const masks = ofTask('referring').map(({ id, segments }) => ({
    id,
    masks: segments.map(({ annotationId }) =>
      maskOf(regions.find((region) => region.id === annotationId)!),
    ),
  }));
  const targets = masks.filter((answer) => answer.masks.length > 0);
  const found = regions.map((region) => ({
    row: { image_id: region.imageId, category: 'square', score: 0.9 },
    bbox: region.bbox,
    segmentation: maskOf(region),
  }));
  Object.assign(right, {
    'perbench-caption': texts,
    'perbench-mcq': ofTask('multiple-choice').map(({ id }) => ({ id, text: 'square' })),
    ...{ 'perbench-vres': masks, res: targets, gres: masks, 'region-caption': texts },
    detection: found.map(({ row, bbox }) => ({ ...row, bbox })),
    segmentation: found.map(({ row, segmentation }) => ({ ...row, segmentation })),
  } satisfies typeof right);
  await database.endReads();
  database.close();
  await runHere('export', at('p'), at('perbench'), '--format', 'perbench');
  await runHere('export', at('p'), at('refs'), '--format', 'refcoco', '--option', 'targets=many');
  await runHere('export', at('p'), at('coco.json'));
});
afterAll(() => workplace.remove());

async function score(task: ScoreTaskId, ...words: string[]): Promise<ScoreReport> {
  const { code, stdout, stderr } = await runHere('score', '--task', task, ...words, '--json');
  if (code !== 0) throw new Error(`${code}: ${stderr}`);
  const { reports } = JSON.parse(stdout) as { reports: readonly ScoreReport[] };
  expect(reports).toHaveLength(1);
  return reports[0]!;
}

const valuesOf = ({ metrics }: ScoreReport) =>
  Object.fromEntries(metrics.map(({ id, value }) => [id, value]));

async function answersOf(task: ScoreTaskId): Promise<string> {
  const path = at(`${task}.jsonl`);
  await writeFile(path, right[task].map((row) => JSON.stringify(row)).join('\n'));
  return path;
}

describe.each(scoreTaskIds)('%s', (task) => {
  test('is scored on a project and on files with the same numbers, which say what they are of', async () => {
    const ofProject = await score(task, '--project', at('p'));
    const ofFiles = await score(task, '--truth', at(files[task]), '--images', at('photos'));
    const [ours, theirs] = [valuesOf(ofProject), valuesOf(ofFiles)];
    // PerBench's files have no place for words without a target, which its own rules pass over.
    const isCompared = (id: string) => task !== 'perbench-vres' || id.endsWith('-reference');
    const ids = Object.keys(ours).filter(isCompared);
    for (const id of ids) expect([id, theirs[id]]).toEqual([id, ours[id]]);
    const left = task === 'perbench-vres' ? 1 : 0;
    expect(ofFiles.dataset.items).toBe(ofProject.dataset.items - left);
    for (const report of [ofProject, ofFiles]) {
      expect(report).toMatchObject({
        ...{ task, seed: 1, code: expect.stringMatching(/^\d+\.\d+\.\d+/) },
        model: { id: 'tiny', version: expect.any(String), hash: expect.stringMatching(/^\w{32}/) },
        device: { used: 'cpu' },
        dataset: { name: expect.any(String), hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      });
    }
  });

  test('finds the answers of a system that is right perfect', async () => {
    const words = ['--project', at('p'), '--predictions', await answersOf(task)];
    const report = await score(task, ...words, '--system', 'theirs');
    expect(report).toMatchObject({ system: 'theirs', model: null, device: null, unanswered: 0 });
    const values = valuesOf(report);
    for (const id of perfect[task]) expect([id, values[id]]).toEqual([id, expect.closeTo(1, 9)]);
  });
});

test('METEOR 1.5 takes synonyms and paraphrases from the folder of Meteor, and says so', async () => {
  const folder = at('meteor');
  await mkdir(join(folder, 'data'), { recursive: true });
  await writeFile(join(folder, 'data', 'paraphrase-en.gz'), meteorFiles.paraphrases);
  const { id } = right['region-caption'][0] as { readonly id: string };
  const predictions = at('paraphrased.jsonl');
  const text = 'the red square of number 0 over the ground';
  await writeFile(predictions, JSON.stringify({ id, text }));
  const words = ['--project', at('p'), '--predictions', predictions];
  const named = [...words, '--meteor', folder];
  const { code, stderr } = await runHere('score', '--task', 'region-caption', ...named);
  expect([code, stderr]).toEqual([3, expect.stringContaining('meteor-1.5.jar is missing')]);
  const jar = new ZipFile();
  jar.addBuffer(Buffer.from('Main-Class: Meteor'), 'META-INF/MANIFEST.MF');
  for (const table of ['synsets', 'exceptions'] as const) {
    jar.addBuffer(Buffer.from(meteorFiles[table]), `synonym/english.${table}`);
  }
  jar.end();
  await writeFile(join(folder, 'meteor-1.5.jar'), jar.outputStream);
  const [without, full] = [
    await score('region-caption', ...words),
    await score('region-caption', ...named),
  ];
  expect([without.meteor, full.meteor]).toEqual([null, folder]);
  const of = (report: ScoreReport) => valuesOf(report)['meteor-1.5']!;
  expect(of(full)).toBeGreaterThan(of(without));
});

test('the numbers are written as CSV, as LaTeX and as JSON', async () => {
  const words = ['--project', at('p'), '--predictions', await answersOf('res')];
  const of = async (format: string) =>
    (await runHere('score', '--task', 'res', ...words, '--format', format)).stdout;
  const head = ['res', 'items', 'cIoU', 'gIoU', 'P@0.5', 'P@0.6', 'P@0.7', 'P@0.8', 'P@0.9'];
  const row = ['res', '2', ...head.slice(2).map(() => '100.00')];
  expect((await of('csv')).trim().split(/\r?\n/)).toEqual([head.join(','), row.join(',')]);
  const latex = await of('latex');
  expect(latex).toContain('\\begin{tabular}{lrrrrrrrr}');
  expect(latex).toContain(`${row.join(' & ')} \\\\`);
  const { reports } = JSON.parse(await of('json')) as { reports: ScoreReport[] };
  expect(reports[0]!.metrics.map(({ value }) => value)).toEqual(head.slice(2).map(() => 1));
});

test('a run that is saved holds its items and what was answered', async () => {
  const path = join(workplace.folder, 'saved.json');
  await score(
    'gres',
    '--project',
    at('p'),
    '--predictions',
    await answersOf('gres'),
    '--save',
    path,
  );
  const saved = JSON.parse(await readFile(path, 'utf8')) as object;
  expect(JSON.stringify(saved)).toContain('the zebra');
});
