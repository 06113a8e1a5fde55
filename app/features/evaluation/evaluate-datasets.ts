import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { evaluateEverything, photosOf } from '../../../models/evaluation/evaluate-everything.ts';
import { evaluateMasks } from '../../../models/evaluation/evaluate-masks.ts';
import { evaluatePresence } from '../../../models/evaluation/evaluate-presence.ts';
import {
  evaluateChoices,
  evaluateDescriptions,
} from '../../../models/evaluation/evaluate-words.ts';
import { Answerer, type AskPhoto } from '../../../models/evaluation/evaluation.ts';
import { GrabCut } from '../../../models/evaluation/grabcut.ts';
import { maskPrompts } from '../../../models/evaluation/prompts.ts';
import { reliabilityOf, type Reliability } from '../../../models/evaluation/reliability.ts';
import type { Scores } from '../../../models/evaluation/scores.ts';
import { spreadTargets, uniteByCategory } from '../../../models/evaluation/targets.ts';
import type { DeviceReport } from '../../../core/prompt.ts';
import type { LeftOut } from '../../api/contract/jobs.ts';
import { originKey, outputOfOrigin } from '../../files/export-origin.ts';
import { writeOutput } from '../../files/new-file.ts';
import type { OutputRequest } from '../../files/output-file.ts';
import { jobModelSchema } from '../../jobs/job-model-schema.ts';
import type { JobModel, JobRun } from '../../jobs/job-kind.ts';
import { readEvaluationDataset, setNames } from './dataset.ts';
import { askOfJob } from './ask-of-job.ts';

const otherPrompts = ['mcq', 'describe', 'everything', 'presence'] as const;
export const evaluationPrompts = [...maskPrompts, ...otherPrompts] as const;

export const evaluationInput = z.object({
  ...jobModelSchema,
  /** COCO files with masks. */
  coco: z.array(z.string().min(1)).min(1),
  /** Folder that their file names are relative to. */
  images: z.string(),
  prompt: z.enum(evaluationPrompts),
  /** Clicks on a target go on until its mask reaches the highest of these values of IoU. */
  until: z.array(z.number().gt(0).max(1)).optional(),
  /** At most this many targets of each file, spread evenly. */
  limit: z.number().int().positive().optional(),
  /** Each name is asked together with all others of its file. */
  together: z.boolean().optional(),
  /** Only images whose `split` is this. */
  split: z.string().optional(),
  /** Where all scores and masks are written as JSON. */
  save: z.string().optional(),
  /** Also replaces a file that holds no saved scores. */
  overwrite: z.boolean().optional(),
});
export type EvaluationInput = z.infer<typeof evaluationInput>;

/** Scores of one file; masks are only in what is saved. */
export type SetScores = Scores & { readonly skipped: readonly LeftOut[] };

export interface EvaluationReport {
  readonly prompt: EvaluationInput['prompt'];
  readonly split: string | null;
  readonly seconds: number;
  readonly model: { readonly id: string; readonly version: string; readonly hash: string };
  readonly device: DeviceReport;
  /** Of masks only. */
  readonly reliability?: Reliability;
  /** By the name of the set. */
  readonly sets: Readonly<Record<string, SetScores>>;
}

/**
 * Measures a model on COCO datasets, and saves the scores where that is asked for.
 * @throws AppError `dataset-invalid`, `not-found`, `already-exists`; `cancelled`, nothing is kept
 * then
 */
export async function evaluateDatasets(
  input: EvaluationInput,
  model: JobModel,
  context: Pick<JobRun, 'signal' | 'progress' | 'log'>,
): Promise<EvaluationReport> {
  const { prompt, split = null } = input;
  const grabCut = prompt === 'box' ? GrabCut.start() : null;
  if (prompt === 'box' && grabCut === null) {
    context.log('GrabCut is left out: PIXELSAIL_PYTHON names no Python that can import cv2.');
  }
  const startedAtMs = performance.now();
  const sets = new Map<string, SetScores>();
  try {
    for (const [file, name] of setNames(input.coco)) {
      sets.set(name, await evaluateFile(file, name, input, model, grabCut, context));
    }
  } finally {
    grabCut?.end();
  }
  const { manifest, hash, device } = model;
  const about = {
    ...reliabilityIn([...sets.values()]),
    prompt,
    split,
    seconds: (performance.now() - startedAtMs) / 1000,
    model: { id: manifest.id, version: manifest.version, hash },
    device,
  };
  if (input.save !== undefined) {
    const saved = { [originKey]: savedOrigin, ...about, sets: Object.fromEntries(sets) };
    await writeOutput(savedOutput(input.save, input), (draft) =>
      writeFile(draft, JSON.stringify(saved)),
    );
  }
  // The masks of thousands of targets are saved, not told.
  const told = [...sets].map(([name, set]) => [name, withoutMasks(set)] as const);
  return { ...about, sets: Object.fromEntries(told) };
}

/** Asks for every name together with these. */
function askBeside(names: readonly string[], ask: AskPhoto): AskPhoto {
  if (names.length === 0) return ask;
  return (photo, file, request, options) => {
    const isName = request.task === 'segment' && request.text !== null;
    return ask(photo, file, isName ? { ...request, beside: [...names] } : request, options);
  };
}

/** By which saved scores are known again. */
const savedOrigin = { format: 'evaluation' };

/** Where scores may be saved. */
export function savedOutput(
  path: string,
  { coco, overwrite = false }: Pick<EvaluationInput, 'coco' | 'overwrite'>,
): OutputRequest {
  return outputOfOrigin(savedOrigin, { path, ending: '.json', inputs: coco, overwrite });
}

async function evaluateFile(
  file: string,
  name: string,
  { prompt, images, limit, split, until, together = false }: EvaluationInput,
  model: JobModel,
  grabCut: GrabCut | null,
  { signal, progress }: Pick<JobRun, 'signal' | 'progress'>,
): Promise<SetScores> {
  const dataset = await readEvaluationDataset(file, images, split ?? null);
  const { skipped, frequencies } = dataset;
  const isNamed = prompt === 'text' || prompt === 'presence';
  const all = isNamed ? uniteByCategory(dataset.targets) : dataset.targets;
  const asked = prompt === 'everything' ? photosOf(all) : all;
  const targets = spreadTargets(asked, limit ?? null);
  const stage = { en: `eval ${prompt} on ${name}`, 'zh-CN': `评测 ${name}（${prompt}）` };
  const names = together ? [...frequencies.keys()] : [];
  const answerer = new Answerer(askBeside(names, askOfJob(model)), { signal }, (done, whole) =>
    progress(done, whole, stage),
  );
  switch (prompt) {
    case 'mcq':
      return { ...(await evaluateChoices(targets, frequencies, answerer)), skipped };
    case 'describe':
      return { ...(await evaluateDescriptions(targets, all, frequencies, answerer)), skipped };
    case 'everything':
      return { ...(await evaluateEverything(targets, all, answerer)), skipped };
    case 'presence':
      return { ...(await evaluatePresence(targets, all, frequencies, answerer)), skipped };
    default:
      return { ...(await evaluateMasks(prompt, targets, answerer, grabCut, until)), skipped };
  }
}

function withoutMasks(set: SetScores): SetScores {
  const told: SetScores & { masks?: unknown } = { ...set };
  delete told.masks;
  return told;
}

function reliabilityIn(evaluations: readonly SetScores[]): { reliability?: Reliability } {
  const estimates = evaluations.flatMap((scores) =>
    'estimates' in scores ? scores.estimates : [],
  );
  return estimates.length === 0 ? {} : { reliability: reliabilityOf(estimates) };
}
