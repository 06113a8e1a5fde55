import type { Split } from '../../records.ts';

/** Names of the splits in other tools. */
const splitNames: Readonly<Record<string, Split>> = {
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  test: 'test',
};

/** The split that a value of a file means; null where it means none of ours. */
export function splitOf(value: unknown): Split | null {
  return typeof value === 'string' ? (splitNames[value.toLowerCase()] ?? null) : null;
}
