import { describe } from '../describe.ts';
import { isObject, otherKeys, type JsonObject } from '../json-values.ts';
import { regionProblem } from '../region-sentences.ts';
import type { Rle } from '../../geometry/shapes.ts';
import { readCocoRegion } from '../coco-region.ts';
import { wordProblem } from '../word-sentences.ts';
import type { AppError } from '../../errors.ts';

/** The files of PerBench, as its evaluation names them. */
export const perbenchFiles = {
  captions: 'STBench_Detailed_Caption.json',
  questions: 'STBench_MCQ.json',
  referring: 'STBench_VRES.json',
} as const;

/** Whose file it is; null for others. */
export function perbenchKind(path: string): keyof typeof perbenchFiles | null {
  if (/detailed_caption[^/]*\.json$/i.test(path)) return 'captions';
  if (/bench_mcq[^/]*\.json$/i.test(path)) return 'questions';
  return /bench_vres[^/]*\.json$/i.test(path) ? 'referring' : null;
}

/**
 * A mask of the file.
 * @throws AppError `invalid-input` for what is none; its message is a clause.
 */
export function readMask(value: unknown, key: string): Rle {
  const region = isObject(value) ? readCocoRegion({ segmentation: value }, null, () => {}) : null;
  if (region?.kind === 'mask') return region.rle;
  throw regionProblem('regionRowWrong', { key, expected: 'an RLE', found: describe(value) });
}

/** A text of the file. @throws AppError `invalid-input` likewise. */
export function readWords(row: JsonObject, key: string): string {
  const value = row[key];
  if (typeof value === 'string' && value !== '') return value;
  throw regionProblem('regionRowWrong', { key, expected: 'a text', found: describe(value) });
}

/** The one region that an item is about which asks about none; null for other items. */
export function soleTarget(item: JsonObject): string | null {
  const tags = Object.keys(Object(item['segmentations']) as object);
  const [tag] = tags;
  const isSole = tags.length === 1 && !String(item['question']).includes(tag!);
  return isSole && item['answer'] === answerOf(tag!) ? tag! : null;
}

/** How an item answers that is about one region. */
export function answerOf(tag: string): string {
  return `It is ${tag}.`;
}

/** Problems of the tags of an item for its evaluation, which replaces them as text. */
export function tagProblem(item: JsonObject): AppError | null {
  const tags = Object.keys(Object(item['segmentations']) as object);
  const words = `${String(item['question'])}\n${String(item['answer'])}`;
  for (const tag of tags) {
    if (!words.includes(tag)) return wordProblem('wordsTagMissing', { tag });
    const other = tags.find((each) => each !== tag && each.includes(tag));
    if (other !== undefined) return wordProblem('wordsTagInside', { tag, other });
  }
  return null;
}

/** Additional fields of an item of a file. */
export function otherOfItem(item: JsonObject): ReturnType<typeof otherKeys> {
  return otherKeys(item, ['image_name', 'question', 'answer', 'segmentations', 'annotations']);
}
