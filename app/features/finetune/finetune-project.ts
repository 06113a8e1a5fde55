import { createHash } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../../files/folders.ts';
import { listModels } from '../models/models.ts';
import { toPackageId } from '../models/package-id.ts';
import { AppError } from '../../../core/errors.ts';
import { checkpointFromPackage } from '../../../models/families/pixel-sail/convert/checkpoint-from-package.ts';
import { convertCheckpoint } from '../../../models/families/pixel-sail/convert/convert.ts';
import type { PixelSailManifest } from '../../../models/families/pixel-sail/manifest.ts';
import { readPixelSailManifest } from '../../../models/families/pixel-sail/package.ts';
import type { JobWords, LeftOut, TrainingReport } from '../../api/contract/jobs.ts';
import type { JobRun } from '../../jobs/job-kind.ts';
import { scoreHeldOut } from './held-out-scores.ts';
import { writeLabelledImages, type LabelledImages } from './labelled-images.ts';
import { modelCard } from './model-card.ts';
import { trainingPython } from './python-environment.ts';
import { runPython } from './python-process.ts';
import { finetuneFailure } from './sentences.ts';
import { modelListFailure } from '../models/sentences.ts';

/** Each is a process of one thread; more gain little at the batch sizes of a small model. */
const mostRanks = 8;

export interface FinetuneOptions {
  /**
   * Package to start from: a folder, or the id of an installed model; null takes the host's
   * default.
   */
  readonly model: string | null;
  /** Of training in all, earlier sittings included. */
  readonly minutes: number;
  /** Of the new package; made from the project's name where it is not given. */
  readonly id?: string | undefined;
}

const stages = {
  before: { en: 'before', 'zh-CN': '训练前评测' },
  photos: { en: 'reading photos', 'zh-CN': '读取照片' },
  training: (device: string): JobWords => ({
    en: `training on ${device} (seconds)`,
    'zh-CN': `在 ${device} 上训练（秒）`,
  }),
  after: { en: 'after', 'zh-CN': '训练后评测' },
} as const;

/** The output of models/training/loop/finetune.py: one JSON object per line. */
const reportSchema = z.discriminatedUnion('stage', [
  z.object({ stage: z.literal('photos'), done: z.number(), total: z.number() }),
  z.object({ stage: z.literal('left out'), what: z.string(), reason: z.string() }),
  z.object({
    stage: z.literal('training'),
    minutes: z.number(),
    of: z.number(),
    samples: z.number(),
    device: z.string(),
  }),
]);
type Report = z.infer<typeof reportSchema>;
type Training = Extract<Report, { stage: 'training' }>;

/**
 * Trains a package on with the labels of a project and measures it, before and after, on images
 * held out of training. Work in progress stays in the person's data folder, so that the same call
 * goes on where an interrupted one stopped; it begins anew when the labels or the model have
 * changed since.
 * @throws AppError `invalid-input` when too little is labelled, `unsupported` when Python or its
 * packages are missing or the training fails, `cancelled` with what was kept, and what export and
 * conversion throw
 */
export async function finetuneProject(
  { minutes, ...options }: FinetuneOptions,
  run: JobRun,
): Promise<TrainingReport> {
  const { home, modelFolders, signal, log } = run;
  const requirements = join(run.trainingFolder, 'requirements.lock.txt');
  if (!(await exists(requirements))) {
    throw finetuneFailure('unsupported', 'trainingMissing', { folder: run.trainingFolder });
  }
  // Before the hours of work, not after them.
  if (options.id !== undefined && (await isShipped(modelFolders, options.id))) {
    throw modelListFailure('already-exists', 'modelShipped', { id: options.id });
  }
  const model = await run.locateModel(options.model);
  const base = await readPixelSailManifest(model);
  const { project, work, labelled } = await exportLabels(run);
  // A person may go on labelling while the model trains.
  await run.projectReleased();
  log(`Learning from ${countImages(labelled.training)}; ${labelled.heldOut} held out to measure`);
  await startAnewIfChanged(work, labelled.fingerprint, base, log);
  const python = await trainingPython({ userData: home, requirements, signal, say: log });
  const start = join(work, 'start');
  if (!(await exists(start))) await checkpointFromPackage(model, start, signal);
  const before = await scoreHeldOut(model, labelled.file, stages.before, run);
  const { training, skipped } = await train(python, work, minutes, run);

  const made = join(work, 'package');
  const id = options.id ?? (await freeId(project, modelFolders));
  const title = `${base.title}, fine-tuned on ${project}`;
  await rm(made, { recursive: true, force: true });
  await convertCheckpoint(join(work, 'checkpoint'), made, {
    precision: base.precision,
    id,
    title,
    description: `Fine-tuned on ${countImages(labelled.training)} of the project ${project}.`,
    license: base.license,
    source: { url: base.id, revision: base.version },
    signal,
  });
  const after = await scoreHeldOut(made, labelled.file, stages.after, run);
  const facts = { title, project, base, labelled, ...training, before, after };
  await writeFile(join(made, 'README.md'), modelCard(facts));
  const target = join(modelFolders.at(-1)!, id);
  await install(made, target);
  return {
    package: target,
    id,
    base: { id: base.id, version: base.version },
    images: { training: labelled.training, heldOut: labelled.heldOut },
    annotations: labelled.annotations,
    minutes: training.minutes,
    samples: training.samples,
    device: training.device,
    before,
    after,
    workFolder: work,
    skipped: [...labelled.skipped, ...skipped],
  };
}

/**
 * Runs models/training/loop/finetune.py until the minutes are over; its checkpoint is then in
 * `checkpoint`.
 */
async function train(
  python: string,
  work: string,
  minutes: number,
  { signal, progress, trainingFolder }: JobRun,
): Promise<{ training: Training; skipped: LeftOut[] }> {
  const ranks = Math.min(availableParallelism(), mostRanks);
  let first: Training | undefined;
  let last: Training | undefined;
  const skipped: LeftOut[] = [];
  const take = (report: Report): void => {
    if (report.stage === 'photos') progress(report.done, report.total, stages.photos);
    else if (report.stage === 'left out')
      skipped.push({ what: report.what, reason: report.reason });
    else {
      first ??= report;
      last = report;
      const seconds = (value: number) => Math.max(0, Math.round(60 * (value - first!.minutes)));
      progress(seconds(report.minutes), seconds(report.of), stages.training(report.device));
    }
  };
  await runPython({
    python,
    words: [
      ...['-m', 'loop.finetune', work, '--minutes', String(minutes), '--ranks', String(ranks)],
      '--end-with-parent',
    ],
    folder: trainingFolder,
    signal,
    endsWithUs: true,
    onLine: (line) => take(reportSchema.parse(JSON.parse(line))),
  });
  if (signal.aborted) {
    const kept = last
      ? `${last.minutes.toFixed(1)} of ${minutes} minutes of training are kept`
      : 'Nothing was trained';
    throw new AppError(
      'cancelled',
      `${kept} in ${work}. Start the same training again to go on, or with fewer minutes to make a package of what there is.`,
    );
  }
  if (!last) throw new AppError('internal', 'The training ended without a word.');
  return { training: last, skipped };
}

/** Reads the labels into a folder of the project's own among the user's data. */
async function exportLabels(
  run: JobRun,
): Promise<{ project: string; work: string; labelled: LabelledImages }> {
  const database = run.project();
  const key = createHash('sha256').update(database.file).digest('hex').slice(0, 8);
  const work = join(run.home, 'finetune', `${toPackageId(database.name)}-${key}`);
  await makeFolder(work);
  const labelled = await writeLabelledImages(database, work, {
    ...run,
    progress: () => undefined,
  });
  return { project: database.name, work, labelled };
}

/** Throws away what was made from other labels or another model. */
async function startAnewIfChanged(
  work: string,
  labels: string,
  base: PixelSailManifest,
  log: (line: string) => void,
): Promise<void> {
  const file = join(work, 'made-from.json');
  const wanted = JSON.stringify({ labels, model: base.files.map(({ sha256 }) => sha256) });
  const found = await readFile(file, 'utf8').catch(() => null);
  if (found === wanted) return;
  if (found !== null) log('The labels or the model have changed since the last run: starting anew');
  for (const name of ['cache', 'start', 'run', 'checkpoint']) {
    await rm(join(work, name), { recursive: true, force: true });
  }
  await writeFile(file, wanted);
}

/** Moves a finished package to where models are looked for. */
async function install(made: string, target: string): Promise<void> {
  if (await exists(target)) {
    throw new AppError(
      'already-exists',
      `${target} exists already; the new package is in ${made}. Remove the old one, or choose another --id.`,
    );
  }
  await makeFolder(dirname(target));
  await rename(made, target);
}

/** The project's name as an id, with a number when a model has it already. */
async function freeId(name: string, modelFolders: readonly string[]): Promise<string> {
  const id = toPackageId(name);
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? id : `${id}-${number}`;
    const isTaken =
      (await exists(join(modelFolders.at(-1)!, candidate))) ||
      (await isShipped(modelFolders, candidate));
    if (!isTaken) return candidate;
  }
}

/** Whether a model of this id came with the program: none of the person's own is found under it. */
async function isShipped(modelFolders: readonly string[], id: string): Promise<boolean> {
  const shipped = await listModels(modelFolders.slice(0, -1));
  return shipped.some((model) => model.id === id);
}

function countImages(number: number): string {
  return `${number.toLocaleString('en')} ${number === 1 ? 'image' : 'images'}`;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
