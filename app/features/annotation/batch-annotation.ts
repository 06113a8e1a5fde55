import { createHash } from 'node:crypto';
import { addition, squashDiffs, replacement, type Diff } from '../../../core/diff.ts';
import {
  AppError,
  fromErrorEnvelope,
  toErrorEnvelope,
  type ErrorEnvelope,
} from '../../../core/errors.ts';
import { newId } from '../../../core/ids.ts';
import { categoriesFor } from '../../../core/project/category-names.ts';
import { makeItem, oneSegment, referringWords } from '../../../core/project/make-item.ts';
import { annotationOfMask } from '../../../core/project/mask-annotation.ts';
import {
  chooseMasks,
  otherNamesKey,
  type MaskChoice,
  type OtherName,
} from '../../../core/project/batch-masks.ts';
import type { ImageFilter } from '../../../core/project/image-filter.ts';
import { withoutUndefined } from '../../api/without-undefined.ts';
import { stepLabel, type StepLabel } from '../../../core/project/step-labels.ts';
import type { AnswerMask, ModelRequest, ModelResult } from '../../../core/prompt.ts';
import type {
  Annotation,
  DetectorMark,
  ImageRecord,
  Item,
  RecordId,
} from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import type { BatchReport } from '../../api/contract/jobs.ts';
import type { AskedModel } from './asked-model.ts';
import {
  batchQuestions,
  questionsIdentity,
  detectedQuestions,
  wordRequests,
  repeatsAnnotation,
  type BatchQuestion,
  type BatchTask,
} from './batch-questions.ts';
import type { ImageSource } from '../../../models/image/image-source.ts';
import { imageSource } from '../images/image-files.ts';
import { StepOrder } from '../journal/step-order.ts';

export interface BatchOptions extends MaskChoice {
  /** Also annotate images that a person has marked as done or as empty. */
  readonly includesReviewed: boolean;
  /** The least score, for a model that has to be told what to leave out. */
  readonly askedScore?: number | undefined;
  /** Only these images; all where left out. */
  readonly filter?: ImageFilter | undefined;
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number) => void;
}

/**
 * Where an image record remembers the tasks that were done on it; the value is a list of task
 * keys.
 */
const memoryKey = 'pixel_sail_studio_batches';

/**
 * Asks the model about every image of the project and keeps its masks as annotations. Each image
 * is one durable step, all of them are undone at once, and the image remembers the task, so that
 * running it again goes on where it stopped, also after an undo. Nothing that is there already is
 * changed. An image that fails does not stop the rest.
 * @throws AppError `invalid-input` when the task's words are longer than the model reads;
 * `disk-full`, `engine-lost`.
 */
export async function annotateBatch(
  database: ProjectDatabase,
  model: AskedModel,
  task: BatchTask,
  options: BatchOptions,
): Promise<BatchReport> {
  const worded = task.kind === 'detected' ? task.detector : model;
  for (const request of wordRequests(task)) await worded.requireReadable(request, options.signal);
  const group = newId();
  const { waiting, doneBefore, reviewed } = waitingImages(database, model, task, options);
  const failed: { what: string; reason: string }[] = [];
  const report = { images: 0, withoutMask: 0, annotations: 0, repeated: 0 };
  const halt: { error: AppError | null } = { error: null };
  /** Taken out of the project meanwhile. */
  let gone = 0;
  // A category that one image adds is there for the next.
  const keeping = new StepOrder();
  const one = async (id: RecordId, next: RecordId | undefined): Promise<void> => {
    const image = database.image(id);
    if (!image) {
      gone++;
      return;
    }
    try {
      const masks = await answerImage(database, model, task, image, options, next);
      const { annotations, repeated } = await keeping.inTurn(async () => {
        // A step before it may remove a category that the masks need.
        await database.gradually.rest();
        const made = toDiff(database, model, task, image, masks, options);
        await database.gradually.apply(labelOf(task), made.diff, { group });
        return made;
      });
      report.images++;
      report.annotations += annotations;
      report.repeated += repeated;
      if (annotations === 0) report.withoutMask++;
    } catch (thrown) {
      const envelope = toErrorEnvelope(thrown);
      const { code, message, sentence } = envelope;
      if (code === 'cancelled') return;
      if (code === 'disk-full' || isGivenUp({ code, sentence }))
        halt.error ??= fromErrorEnvelope(envelope);
      failed.push({ what: image.path, reason: message });
    }
    options.progress(report.images + failed.length + gone, waiting.length);
  };
  const underWay = new Set<Promise<void>>();
  for (const [index, id] of waiting.entries()) {
    if (options.signal.aborted || halt.error) break;
    const ended = one(id, waiting[index + 1]).finally(() => underWay.delete(ended));
    underWay.add(ended);
    if (underWay.size >= (model.imagesAtOnce ?? 1)) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  if (halt.error) throw halt.error;
  const isComplete = report.images + failed.length + gone === waiting.length;
  return { ...report, isComplete, doneBefore, reviewed, failed };
}

/**
 * Whether no engine can be started. One that only dies over an image, again and again, leaves that
 * image out.
 */
export function isGivenUp({ code, sentence }: Pick<ErrorEnvelope, 'code' | 'sentence'>): boolean {
  return code === 'engine-lost' && sentence !== 'engineLostBy';
}

/** Pixels that an image and the next one, which is read while it is answered, may have together. */
const prefetchedPixels = 100e6;

/** A mask, what was asked for it, and the name of its category. */
interface FoundMask extends AnswerMask {
  readonly request: ModelRequest;
  readonly category: string | null;
  readonly model: ModelResult['model'];
  readonly detector: DetectorMark | null;
}

function waitingImages(
  database: ProjectDatabase,
  model: AskedModel,
  task: BatchTask,
  options: BatchOptions,
): { waiting: RecordId[]; doneBefore: number; reviewed: number } {
  const waiting: RecordId[] = [];
  let doneBefore = 0;
  let reviewed = 0;
  const { filter } = options;
  const chosen = filter && new Set(database.images(withoutUndefined(filter)).map(({ id }) => id));
  for (const { image } of database.exportImages()) {
    if (chosen && !chosen.has(image.id)) continue;
    if (isReviewed(image) && !options.includesReviewed) reviewed++;
    else if (remembered(image).includes(taskKey(model, task, image, options))) doneBefore++;
    else waiting.push(image.id);
  }
  return { waiting, doneBefore, reviewed };
}

function isReviewed({ state }: ImageRecord): boolean {
  return state === 'done' || state === 'reviewed-empty';
}

function remembered(image: ImageRecord): string[] {
  const value = image.extra[memoryKey];
  return Array.isArray(value) ? value.filter((key): key is string => typeof key === 'string') : [];
}

/** Identity of what would be asked about an image, and of whom. */
function taskKey(
  { hash }: AskedModel,
  task: BatchTask,
  image: ImageRecord,
  { minimumScore, overlap, splitsParts }: BatchOptions,
): string {
  const asked = {
    ...{ hash, minimumScore, questions: whatIsAsked(task, image) },
    ...(overlap === 'best' && { overlap }),
    ...(splitsParts && { splitsParts }),
  };
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 16);
}

/** Identity of the questions about an image. */
function whatIsAsked(task: BatchTask, image: ImageRecord): unknown {
  if (task.kind !== 'detected') return questionsIdentity(task, image);
  const { kind, detector, names, minimumScore } = task;
  return { kind, detector: detector.hash, names, minimumScore };
}

async function answerImage(
  database: ProjectDatabase,
  model: AskedModel,
  task: BatchTask,
  image: ImageRecord,
  { signal, askedScore }: BatchOptions,
  next: RecordId | undefined,
): Promise<FoundMask[]> {
  const source = await imageSource(database, image);
  const asked = task.kind === 'detected' ? [task.detector, model] : [model];
  for (const one of asked) one.prefetch(source);
  const following = next === undefined ? null : database.image(next);
  if (following && pixelsOf(image) + pixelsOf(following) <= prefetchedPixels) {
    const upcoming = await imageSource(database, following).catch(() => null);
    if (upcoming !== null) for (const one of asked) one.prefetch(upcoming);
  }
  const found: FoundMask[] = [];
  const questions =
    task.kind === 'detected'
      ? await detectedQuestions(task, source, signal)
      : batchQuestions(task, image);
  const results = await answersOf(
    model,
    source,
    questions.map(({ request }) => withScore(request, askedScore)),
    signal,
  );
  for (const [index, result] of results.entries()) {
    const question = questions[index]!;
    for (const { masks } of result.answers) {
      for (const mask of masks) {
        requireSize(mask, image);
        found.push(withCategory(mask, question, result.model));
      }
    }
  }
  return found.filter(({ area }) => area > 0);
}

function withScore(request: ModelRequest, minimumScore: number | undefined): ModelRequest {
  const isOfMasks = request.task === 'segment' || request.task === 'everything';
  return isOfMasks && minimumScore !== undefined ? { ...request, minimumScore } : request;
}

async function answersOf(
  model: AskedModel,
  source: ImageSource,
  requests: readonly ModelRequest[],
  signal: AbortSignal,
): Promise<ModelResult[]> {
  if (model.answerAll && requests.length > 0) return model.answerAll(source, requests, signal);
  const results: ModelResult[] = [];
  for (const request of requests) results.push(await model.answer(source, request, signal));
  return results;
}

function pixelsOf({ width, height }: ImageRecord): number {
  return width * height;
}

function requireSize({ rle }: AnswerMask, image: ImageRecord): void {
  const [height, width] = rle.size;
  if (width === image.width && height === image.height) return;
  throw new AppError(
    'conflict',
    `${image.path} is now ${width} x ${height} pixels but was ${image.width} x ${image.height} when it was imported. ` +
      'Put the old file back, or import the new one under another name.',
  );
}

function withCategory(
  mask: AnswerMask,
  { request, categories, detectors }: BatchQuestion,
  model: ModelResult['model'],
): FoundMask {
  // Who looks for everything may know what it is that he found.
  const found = request.task === 'everything' ? mask.label : null;
  const category = categories[mask.region ?? 0] ?? found;
  const detector = detectors?.[mask.region ?? 0] ?? null;
  return { ...mask, request, category, model, detector };
}

function toDiff(
  database: ProjectDatabase,
  model: AskedModel,
  task: BatchTask,
  image: ImageRecord,
  found: readonly FoundMask[],
  options: BatchOptions,
): { diff: Diff; annotations: number; repeated: number } {
  const chosen = chooseMasks(found, options);
  const present = database.annotations(image.id);
  const { ids, added } = categoriesFor(
    database.categories(),
    chosen.flatMap(({ category }) => category ?? []),
  );
  const masks = chosen.map((mask) => ({
    ...mask,
    categoryId: mask.category === null ? null : ids.get(mask.category)!,
  }));
  const fresh = masks.filter(
    (mask) => !present.some((held) => repeatsAnnotation(mask, held, image)),
  );
  const firstOrder = Math.max(-1, ...present.map(({ zOrder }) => zOrder)) + 1;
  const { person } = database;
  const annotations = fresh.map((mask, index) =>
    withOtherNames(
      annotationOfMask(mask, { ...mask, imageId: image.id, zOrder: firstOrder + index, person }),
      mask.also,
    ),
  );
  const items = fresh.flatMap((mask, index) => referringItem(mask, annotations[index]!));
  const keys = [...remembered(image), taskKey(model, task, image, options)];
  const state = annotations.length > 0 ? 'to-check' : image.state;
  const extra = { ...image.extra, [memoryKey]: keys };
  const memory = replacement(image, { ...image, state, extra });
  const diff = squashDiffs(addition(...added, ...annotations, ...items), memory);
  return { diff, annotations: annotations.length, repeated: masks.length - fresh.length };
}

function withOtherNames(annotation: Annotation, also: readonly OtherName[]): Annotation {
  if (also.length === 0) return annotation;
  const names = also.map(({ category, score }) => ({ category, score }));
  return { ...annotation, extra: { ...annotation.extra, [otherNamesKey]: names } };
}

/** The words that a mask without a category was asked with. */
function referringItem({ request }: FoundMask, annotation: Annotation): Item[] {
  const isReferred = request.task === 'segment' && request.text && annotation.categoryId === null;
  if (!isReferred) return [];
  const { id, imageId, provenance } = annotation;
  const words = referringWords(request.text!);
  const subject = { imageId, segments: oneSegment(words.task, id) };
  return [makeItem(words, subject, provenance)];
}

function labelOf(task: BatchTask): StepLabel {
  if (task.kind === 'categories' || task.kind === 'text') {
    return stepLabel('annotate', { kind: 'words', words: describeTask(task) });
  }
  const kind = task.kind === 'everything' ? 'everything' : 'boxes';
  return stepLabel('annotate', { kind, words: '' });
}

/** The task in a few words. */
export function describeTask(task: BatchTask): string {
  switch (task.kind) {
    case 'categories':
      return task.names.join(', ');
    case 'text':
      return `“${task.text}”`;
    case 'boxes':
      return 'boxes';
    case 'detected':
      return task.names.length > 0 ? `boxes of ${task.names.join(', ')}` : 'boxes of a detector';
    case 'everything':
      return 'everything';
  }
}
