import type { Split } from '../records.ts';

/** What tools call the splits, in lower case. */
const splits: Readonly<Record<string, Split>> = {
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  test: 'test',
  testing: 'test',
};

/** The split that a tool's word means; null where it means none. */
export function splitOf(word: string): Split | null {
  return splits[word.toLowerCase()] ?? null;
}

/** What most tools call a split. */
export const splitWords: Readonly<Record<Split, string>> = {
  train: 'train',
  validation: 'val',
  test: 'test',
};
