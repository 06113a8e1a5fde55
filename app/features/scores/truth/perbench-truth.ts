import { AppError } from '../../../../core/errors.ts';
import { gatherRecords } from '../../../../core/formats/json-record-files.ts';
import { isObject, listOf, type JsonObject } from '../../../../core/formats/json-values.ts';
import { readMask, readWords } from '../../../../core/formats/perbench/items.ts';
import type { NoteRow } from '../../../../core/formats/dataset-row.ts';
import type { Rle } from '../../../../core/geometry/shapes.ts';
import {
  answerSchema,
  type ScoredAnswer,
  type ScoredItem,
  type Truth,
} from '../../../../core/scores/scored-item.ts';
import type { PerbenchTaskId } from '../../../../core/scores/tasks/registry.ts';
import type { LeftOut } from '../../../api/contract/jobs.ts';
import { openDataset } from '../../../files/dataset-on-disk.ts';
import { scoreFailure } from '../sentences.ts';

/** Names of the files inside a folder. */
const names: Readonly<Record<PerbenchTaskId, RegExp>> = {
  'perbench-caption': /detailed_caption[^/]*\.json$/i,
  'perbench-mcq': /mcq[^/]*\.json$/i,
  'perbench-vres': /vres[^/]*\.json$/i,
};

/**
 * Items of PerBench's files, as their evaluation reads them, and the answers that stand beside
 * them.
 */
export interface PerbenchItems {
  readonly items: readonly ScoredItem[];
  /** By the id of the item; those that the file has an answer to. */
  readonly answers: ReadonlyMap<string, ScoredAnswer>;
  readonly skipped: readonly LeftOut[];
}

/**
 * Reads one of PerBench's files, row by row in its order: an item's id is the row's number, from
 * 0, and, where rows hold several, the number inside the row: `3.0`.
 * @param path the file, or a folder with a file of the usual name
 * @throws AppError `not-found`, `dataset-invalid`
 */
export async function readPerbenchItems(
  path: string,
  task: PerbenchTaskId,
): Promise<PerbenchItems> {
  const files = await openDataset(path);
  const file = files.given ?? (await files.list()).find((each) => names[task].test(each));
  if (file === undefined) {
    const expected =
      'a folder with STBench_Detailed_Caption.json, STBench_MCQ.json or STBench_VRES.json';
    throw scoreFailure('not-found', 'scoreFileUnfit', { name: path, task, expected });
  }
  const notes: NoteRow[] = [];
  const items: ScoredItem[] = [];
  const answers = new Map<string, ScoredAnswer>();
  const skipped: LeftOut[] = [];
  await gatherRecords(files, file, notes, (place, row) => {
    const number = /\[(\d+)\]$/.exec(place)?.[1] ?? '';
    for (const [id, where, each] of objectsOf(task, number, place, row)) {
      try {
        const item = itemOf(task, id, where, row, each);
        const answer = answerBeside(task, item, each);
        items.push(item);
        if (answer) answers.set(id, answer);
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        skipped.push({ what: where, reason: thrown.message });
      }
    }
  });
  skipped.push(...notes.map(({ place, problem }) => ({ what: place, reason: problem.message })));
  return { items, answers, skipped };
}

type ObjectOfRow = readonly [id: string, place: string, value: JsonObject];

function objectsOf(
  task: PerbenchTaskId,
  number: string,
  place: string,
  row: JsonObject,
): ObjectOfRow[] {
  if (task === 'perbench-vres') return [[number, place, row]];
  const key = task === 'perbench-caption' ? 'object_annotations' : 'mcqs';
  return listOf(row[key]).map((each, index) => [
    `${number}.${index}`,
    `${place}.${key}[${index}]`,
    isObject(each) ? each : {},
  ]);
}

function itemOf(
  task: PerbenchTaskId,
  id: string,
  place: string,
  row: JsonObject,
  each: JsonObject,
): ScoredItem {
  const image = words(row, 'image_name', place);
  if (task !== 'perbench-vres') {
    const key = task === 'perbench-caption' ? 'segmentation' : 'object';
    const mask = maskOf(each[key], key, place);
    const truth: Truth =
      task === 'perbench-caption'
        ? { kind: 'text', references: [words(each, 'caption', place)] }
        : choiceTruth(each, place);
    return { id, image, ...sizeOf(mask), prompts: [mask], truth };
  }
  const segments = isObject(each['segmentations']) ? Object.entries(each['segmentations']) : [];
  const [question, answer] = [words(each, 'question', place), String(each['answer'] ?? '')];
  const masks = segments.map(
    ([tag, value]) => [tag, maskOf(value, `segmentations.${tag}`, place)] as const,
  );
  const prompts = masks.filter(([tag]) => question.includes(tag));
  // The evaluation replaces a tag by the place that it has among all tags; names without gaps mean
  // the same here.
  const text = prompts.reduce(
    (said, [tag], index) => said.replaceAll(tag, `<Prompt${index}>`),
    question,
  );
  const targets = masks.filter(([tag]) => answer.includes(tag)).map(([, mask]) => mask);
  const [first] = masks;
  if (!first) throw rowUnfit(place, 'segmentations', 'an RLE for each tag');
  const truth: Truth = { kind: 'masks', text, targets };
  return { id, image, ...sizeOf(first[1]), prompts: prompts.map(([, mask]) => mask), truth };
}

/** The options stand inside the question; files that we wrote list them beside it, too. */
function choiceTruth(each: JsonObject, place: string): Truth {
  const [own] = listOf(each['texts']);
  const choices = isObject(own) ? listOf(own['choices']).map(String) : [];
  const [question, answer] = [words(each, 'question', place), words(each, 'answer', place)];
  return { kind: 'choice', question, choices, answer };
}

function answerBeside(
  task: PerbenchTaskId,
  item: ScoredItem,
  each: JsonObject,
): ScoredAnswer | null {
  if (task !== 'perbench-vres') {
    const said = each['prediction'];
    return typeof said === 'string' ? answerSchema.parse({ text: said }) : null;
  }
  if (!Array.isArray(each['predictions'])) return null;
  const masks = each['predictions'].map((value, index) =>
    maskOf(value, `predictions[${index}]`, item.id),
  );
  return answerSchema.parse({ masks });
}

function sizeOf({ size: [height, width] }: Rle): { width: number; height: number } {
  return { width, height };
}

function words(row: JsonObject, key: string, place: string): string {
  return fitting(() => readWords(row, key), place, key, 'a text');
}

function maskOf(value: unknown, key: string, place: string): Rle {
  return fitting(() => readMask(value, key), place, key, 'an RLE');
}

/** @throws AppError `dataset-invalid`, naming the row. */
function fitting<Value>(read: () => Value, place: string, key: string, expected: string): Value {
  try {
    return read();
  } catch {
    throw rowUnfit(place, key, expected);
  }
}

function rowUnfit(place: string, key: string, expected: string): AppError {
  return scoreFailure('dataset-invalid', 'scoreRowUnfit', { place, key, expected });
}
