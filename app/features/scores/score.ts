import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';
import { z } from 'zod';
import packageFile from '../../../package.json' with { type: 'json' };
import { newId } from '../../../core/ids.ts';
import { seededRandom, shuffle } from '../../../core/seeded-random.ts';
import type { ScoreHint } from '../../../core/scores/hint.ts';
import { synsetsOf } from '../../../core/scores/meteor15/synsets.ts';
import { overallOf, type OverallScore } from '../../../core/scores/overall.ts';
import type { ScoreReport } from '../../../core/scores/report.ts';
import type { ScoreRow } from '../../../core/scores/run.ts';
import { scoreAnswers } from '../../../core/scores/score-answers.ts';
import type { ScoredAnswer, ScoredItem } from '../../../core/scores/scored-item.ts';
import {
  isCocoTask,
  isPerbenchTask,
  scoreTask,
  scoreTaskIds,
  type ScoreTaskId,
} from '../../../core/scores/tasks/registry.ts';
import type { ScoreResources } from '../../../core/scores/tasks/score-task.ts';
import type { LeftOut } from '../../api/contract/jobs.ts';
import { jobModelSchema } from '../../jobs/job-model-schema.ts';
import type { JobModel, JobRun } from '../../jobs/job-kind.ts';
import { askItems } from './ask-items.ts';
import { readPredictions } from './predictions.ts';
import { scoreFailure } from './sentences.ts';
import { cocoTruth } from './truth/coco-truth.ts';
import { datasetTruth } from './truth/dataset-truth.ts';
import { readPerbenchItems } from './truth/perbench-truth.ts';
import { photoIn } from './truth/coco-truth.ts';
import { projectTruth } from './truth/project-truth.ts';
import { neededFor, type GivenTruth } from './truth/truth.ts';
import { findMeteor, readMeteor } from './meteor-files.ts';
import { findWordnet } from './wordnet-files.ts';

export const scoreInput = z.object({
  ...jobModelSchema,
  tasks: z.array(z.enum(scoreTaskIds)).min(1),
  /** A file or folder; null scores the open project. */
  truth: z.string().min(1).nullable().default(null),
  /** Another system's answers; null asks the model. */
  predictions: z.string().min(1).nullable().default(null),
  /** Folder of the photos of `truth`. */
  images: z.string().min(1).nullable().default(null),
  /** At most this many items, drawn by the seed. */
  limit: z.number().int().positive().optional(),
  seed: z.number().int().default(1),
  /** Also asks the model whether an item's own words lead back to its region. */
  hints: z.boolean().default(false),
  /** Folder of WordNet's dictionary. */
  wordnet: z.string().min(1).nullable().default(null),
  /** Folder of Meteor 1.5 in Java, for its synonyms and paraphrases. */
  meteor: z.string().min(1).nullable().default(null),
  /** The name of the answers; by default the model or the file of predictions. */
  system: z.string().min(1).nullable().default(null),
  /** Where reports and items are written as JSON. */
  save: z.string().optional(),
  overwrite: z.boolean().optional(),
});
export type ScoreInput = z.infer<typeof scoreInput>;

/** The scores of one task. */
export interface TaskScores {
  readonly report: ScoreReport;
  readonly rows: readonly ScoreRow[];
  readonly agreement: number;
  readonly skipped: readonly LeftOut[];
}

export interface ScoreResult {
  readonly scores: readonly TaskScores[];
  readonly overall: OverallScore | null;
  /** Of asking the model and of all else. */
  readonly seconds: { readonly asking: number; readonly scoring: number };
}

/**
 * Scores the answers of a model, or of another system, to items of a project or of files. Scores
 * of a project are kept in it.
 * @throws AppError `not-found`, `dataset-invalid`, `invalid-input`; `cancelled`, nothing is kept
 * then
 */
export async function score(
  input: ScoreInput,
  run: Pick<JobRun, 'signal' | 'progress' | 'log' | 'openModel' | 'project'>,
): Promise<ScoreResult> {
  const needsWords = input.tasks.some((task) => scoreTask(task).truth === 'text');
  const wordnet = needsWords ? await findWordnet(input.wordnet) : null;
  const words: WordSources = { wordnet, meteor: needsWords ? findMeteor(input.meteor) : null };
  if (needsWords && wordnet === null) {
    run.log(
      'METEOR is computed without synonyms: no WordNet was found. Name its folder with PIXELSAIL_WORDNET.',
    );
  }
  const model = input.predictions === null ? await run.openModel(input) : null;
  const watch = { asking: 0 };
  const startedAtMs = performance.now();
  try {
    const scores: TaskScores[] = [];
    for (const task of input.tasks) {
      scores.push(await scoreOne(task, input, model, words, run, watch));
    }
    if (input.truth === null) await keep(scores, run);
    const asking = watch.asking / 1000;
    const scoring = (performance.now() - startedAtMs) / 1000 - asking;
    const overall = overallOf(scores.map(({ report }) => report));
    return { scores, overall, seconds: { asking, scoring } };
  } finally {
    await model?.dispose();
  }
}

async function keep(scores: readonly TaskScores[], run: Pick<JobRun, 'project'>): Promise<void> {
  const atMs = Date.now();
  for (const { report, rows, agreement } of scores) {
    const database = run.project();
    await database.gradually.rest();
    database.addScoreRun({ id: newId(), atMs, report, agreement }, rows);
  }
}

async function scoreOne(
  task: ScoreTaskId,
  input: ScoreInput,
  model: JobModel | null,
  words: WordSources,
  run: Pick<JobRun, 'signal' | 'progress' | 'project'>,
  watch: { asking: number },
): Promise<TaskScores> {
  const { truth, beside, categoryNames } = await readTruth(task, input, run);
  const items = drawn(truth.items, input.limit, input.seed);
  const definition = scoreTask(task);
  if (items.length === 0) {
    const needed = neededFor[definition.truth];
    throw scoreFailure('dataset-invalid', 'scoreNothing', { name: truth.name, task, needed });
  }
  const startedAtMs = performance.now();
  const given = await answersTo(task, items, truth, { input, model, beside, categoryNames }, run);
  if (model) watch.asking += performance.now() - startedAtMs;
  const resources = await resourcesFor(task, items, given.answers, words);
  const { metrics, rows, agreement } = scoreAnswers(definition, items, given.answers, resources);
  const report: ScoreReport = {
    task,
    system: input.system ?? given.name,
    model: model && { id: model.manifest.id, version: model.manifest.version, hash: model.hash },
    device: model?.device ?? null,
    seed: input.seed,
    dataset: { name: truth.name, hash: hashOf(items), items: items.length },
    code: packageFile.version,
    ...(definition.truth === 'text' && { synonyms: words.wordnet?.folder ?? null }),
    ...(task === 'region-caption' && { meteor: words.meteor }),
    unanswered: rows.filter(({ isAnswered }) => !isAnswered).length,
    metrics,
  };
  const kept = rows.map(
    ({ item, answer, isAnswered, outcome, agreement: near }, position): ScoreRow => {
      const hint = given.hints.get(item.id) ?? null;
      const imageId = truth.imageIdOf?.(item) ?? null;
      const row = { item, imageId, answer, isAnswered, outcome, hint };
      return { position, itemId: item.id, image: item.image, agreement: near, kept: row };
    },
  );
  return { report, rows: kept, agreement, skipped: [...truth.skipped, ...given.skipped] };
}

/** Where METEOR has its tables from. */
interface WordSources {
  readonly wordnet: Awaited<ReturnType<typeof findWordnet>>;
  /** Folder of Meteor 1.5. */
  readonly meteor: string | null;
}

async function resourcesFor(
  task: ScoreTaskId,
  items: readonly ScoredItem[],
  answers: ReadonlyMap<string, ScoredAnswer>,
  { wordnet, meteor: folder }: WordSources,
): Promise<ScoreResources> {
  const synonyms = wordnet?.wordnet ?? null;
  if (folder === null || task !== 'region-caption') {
    return { synonyms, meteor: { synsets: synonyms && synsetsOf(synonyms), paraphrases: null } };
  }
  const references = items.flatMap(({ truth }) => (truth.kind === 'text' ? truth.references : []));
  const texts = [...references, ...Array.from(answers.values(), ({ text }) => text)];
  return { synonyms, meteor: await readMeteor(folder, texts) };
}

interface ReadTruth {
  readonly truth: GivenTruth;
  /** Answers that stand in the file of the truth. */
  readonly beside: ReadonlyMap<string, ScoredAnswer>;
  readonly categoryNames: ReadonlyMap<string, string>;
}

async function readTruth(
  task: ScoreTaskId,
  { truth: path, images }: ScoreInput,
  run: Pick<JobRun, 'project'>,
): Promise<ReadTruth> {
  const none = new Map<string, never>();
  if (path === null) {
    return { truth: projectTruth(run.project(), task), beside: none, categoryNames: none };
  }
  if (isCocoTask(task)) {
    const truth = await cocoTruth(path, task, images);
    return { truth, beside: none, categoryNames: truth.categoryNames };
  }
  if (!isPerbenchTask(task)) {
    return { truth: await datasetTruth(path, task, images), beside: none, categoryNames: none };
  }
  const { items, answers, skipped } = await readPerbenchItems(path, task);
  const truth: GivenTruth = {
    ...{ name: basename(path), items, skipped, categories: [] },
    photoOf: (item) => photoIn(images, item.image),
  };
  return { truth, beside: answers, categoryNames: none };
}

interface GivenAnswers {
  readonly name: string;
  readonly answers: ReadonlyMap<string, ScoredAnswer>;
  readonly hints: ReadonlyMap<string, ScoreHint>;
  readonly skipped: readonly LeftOut[];
}

async function answersTo(
  task: ScoreTaskId,
  items: readonly ScoredItem[],
  truth: GivenTruth,
  from: Omit<ReadTruth, 'truth'> & { readonly input: ScoreInput; readonly model: JobModel | null },
  { signal, progress }: Pick<JobRun, 'signal' | 'progress'>,
): Promise<GivenAnswers> {
  const { input, model, beside, categoryNames } = from;
  const hints = new Map<string, ScoreHint>();
  if (model) {
    const stage = { en: `score ${task}`, 'zh-CN': `评分：${task}` };
    const report = (done: number, total: number) => progress(done, total, stage);
    const asked = await askItems(truth, items, task, model, input.hints, {
      signal,
      progress: (done, total) => report(done, total ?? items.length),
    });
    const name = `${model.manifest.id} ${model.manifest.version}`;
    return { name, answers: asked.answers, hints: asked.hints, skipped: asked.failed };
  }
  const path = input.predictions!;
  if (path === input.truth) return { name: truth.name, answers: beside, hints, skipped: [] };
  // All items are given, so that rows without ids keep their places where only some are scored.
  const { name, answers, skipped } = await readPredictions(path, truth.items, task, categoryNames);
  return { name: basename(name, extname(name)), answers, hints, skipped };
}

/** Some of the items, drawn by the seed, in their order. */
function drawn(
  items: readonly ScoredItem[],
  limit: number | undefined,
  seed: number,
): readonly ScoredItem[] {
  if (limit === undefined || limit >= items.length) return items;
  return shuffle([...items.keys()], seededRandom(seed))
    .slice(0, limit)
    .sort((a, b) => a - b)
    .map((place) => items[place]!);
}

/** Over what is right; ids, which a project makes anew, do not count. */
function hashOf(items: readonly ScoredItem[]): string {
  const hash = createHash('sha256');
  for (const { image, width, height, prompts, truth } of items) {
    hash.update(JSON.stringify([image, width, height, prompts, truth]));
  }
  return hash.digest('hex');
}
