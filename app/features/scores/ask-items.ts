import { requestCancelled, toErrorEnvelope } from '../../../core/errors.ts';
import { rleIou, rleUnion } from '../../../core/geometry/rle.ts';
import type { Rle } from '../../../core/geometry/shapes.ts';
import type { AnswerMask, ModelRequest, ModelResult } from '../../../core/prompt.ts';
import type { ScoreHint } from '../../../core/scores/hint.ts';
import {
  answerSchema,
  type ScoredAnswer,
  type ScoredItem,
} from '../../../core/scores/scored-item.ts';
import type { ScoreTaskId } from '../../../core/scores/tasks/registry.ts';
import type { ImageSource } from '../../../models/image/image-source.ts';
import type { LeftOut } from '../../api/contract/jobs.ts';
import type { JobModel, JobRun } from '../../jobs/job-kind.ts';
import type { GivenTruth } from './truth/truth.ts';

/** Answers of a model by the id of the item. */
export interface AskedAnswers {
  readonly answers: ReadonlyMap<string, ScoredAnswer>;
  readonly hints: ReadonlyMap<string, ScoreHint>;
  readonly failed: readonly LeftOut[];
}

/**
 * Asks a model about every item, photo by photo. An item that fails does not stop the rest.
 * @param withHints also asks whether the item's own words lead back to its region
 * @throws AppError `cancelled`, `engine-lost`
 */
export async function askItems(
  truth: GivenTruth,
  items: readonly ScoredItem[],
  task: ScoreTaskId,
  model: JobModel,
  withHints: boolean,
  { signal, progress }: Pick<JobRun, 'signal' | 'progress'>,
): Promise<AskedAnswers> {
  const answers = new Map<string, ScoredAnswer>();
  const hints = new Map<string, ScoreHint>();
  const failed: LeftOut[] = [];
  const ordered = [...Map.groupBy(items, ({ image }) => image).values()].flat();
  for (const [index, item] of ordered.entries()) {
    if (signal.aborted) throw requestCancelled();
    try {
      const source = await truth.photoOf(item);
      const ask = (request: ModelRequest) => model.answer(source, request, signal);
      await prefetchAfter(ordered, index, truth, model, source);
      const answer =
        item.truth.kind === 'objects'
          ? await detect(truth.categories, task, ask)
          : await answerItem(item, ask);
      answers.set(item.id, answer);
      const hint = withHints ? await hintOf(item, answer, truth, ask) : null;
      if (hint) hints.set(item.id, hint);
    } catch (thrown) {
      const { code, message } = toErrorEnvelope(thrown);
      if (code === 'cancelled' || code === 'engine-lost') throw thrown;
      failed.push({ what: `${item.image}, ${item.id}`, reason: message });
    }
    progress(index + 1, ordered.length);
  }
  return { answers, hints, failed };
}

type Ask = (request: ModelRequest) => Promise<ModelResult>;

/** Begins to read the next photo while this one is asked about. */
async function prefetchAfter(
  items: readonly ScoredItem[],
  index: number,
  truth: GivenTruth,
  model: JobModel,
  source: ImageSource,
): Promise<void> {
  model.prefetch(source);
  const next = items[index + 1];
  if (!next || next.image === items[index]!.image) return;
  const following = await truth.photoOf(next).catch(() => null);
  if (following !== null) model.prefetch(following);
}

async function answerItem(item: ScoredItem, ask: Ask): Promise<ScoredAnswer> {
  const { truth } = item;
  const { answers } = await ask(requestOf(item));
  const text = answers
    .map((answer) => answer.text)
    .join(' ')
    .trim();
  if (truth.kind === 'choice') {
    const choice = truth.choices[answers[0]?.choice ?? -1] ?? null;
    return answerSchema.parse({ text: text || (choice ?? ''), choice });
  }
  const masks = answers.flatMap((answer) => answer.masks.map(({ rle }) => rle));
  return answerSchema.parse({ text, masks });
}

/** The prompt for an item about a region. */
function requestOf({ truth, prompts }: ScoredItem): ModelRequest {
  const regions = prompts.map((rle) => ({ marks: [{ kind: 'mask' as const, rle }] }));
  switch (truth.kind) {
    case 'choice':
      return { task: 'ask', question: truth.question, choices: [...truth.choices], regions };
    case 'masks':
      return { task: 'segment', text: truth.text, regions };
    default:
      return { task: 'describe', regions };
  }
}

/** Asks for each category by its name. */
async function detect(
  categories: readonly string[],
  task: ScoreTaskId,
  ask: Ask,
): Promise<ScoredAnswer> {
  const detections: ScoredAnswer['detections'] = [];
  for (const category of categories) {
    const { answers } = await ask({ task: 'segment', text: category, regions: [] });
    const masks = answers.flatMap((answer) => answer.masks).filter(({ area }) => area > 0);
    detections.push(...masks.map((mask) => detectionOf(mask, category, task)));
  }
  return answerSchema.parse({ detections });
}

function detectionOf(
  { rle, bbox, area, score }: AnswerMask,
  category: string,
  task: ScoreTaskId,
): ScoredAnswer['detections'][number] {
  return task === 'detection'
    ? { category, region: { kind: 'box', box: bbox }, area: bbox[2] * bbox[3], score }
    : { category, region: { kind: 'mask', rle }, area, score };
}

/** An IoU below this is no region that was picked. */
const leastPicked = 0.3;

/**
 * Whether the words of an item lead back to its region: a description is asked for as words to be
 * segmented, and of what an expression marks, the region of the photo that it lies best over is
 * looked up.
 */
async function hintOf(
  item: ScoredItem,
  answer: ScoredAnswer,
  truth: GivenTruth,
  ask: Ask,
): Promise<ScoreHint | null> {
  const targets = item.truth.kind === 'masks' ? item.truth.targets : item.prompts;
  const isOfWords = item.truth.kind === 'text' || item.truth.kind === 'masks';
  if (!isOfWords || targets.length === 0) return null;
  const target = targets.reduce(rleUnion);
  const marked =
    item.truth.kind === 'text' ? await segmented(item.truth.references[0]!, ask) : answer.masks;
  if (marked.length === 0) return { roundTripIou: 0, distractor: null };
  const united = marked.reduce(rleUnion);
  const roundTripIou = rleIou(united, target);
  const others = truth.distractorsOf?.(item) ?? [];
  const best = others
    .filter(({ rle }) => !targets.some((each) => rleIou(each, rle) > leastPicked))
    .map(({ annotationId, rle }) => ({ annotationId, iou: rleIou(rle, united) }))
    .reduce<{ annotationId: string; iou: number } | null>(
      (first, each) => (first === null || each.iou > first.iou ? each : first),
      null,
    );
  const isPicked = best !== null && best.iou >= leastPicked && best.iou > roundTripIou;
  return { roundTripIou, distractor: isPicked ? best.annotationId : null };
}

async function segmented(text: string, ask: Ask): Promise<Rle[]> {
  const { answers } = await ask({ task: 'segment', text, regions: [] });
  return answers.flatMap((each) => each.masks.map(({ rle }) => rle));
}
