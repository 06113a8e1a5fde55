import type { Split } from '../records.ts';

/** How folders and lists of most datasets call the splits. */
export const splitFolders: Readonly<Record<Split, string>> = {
  train: 'train',
  validation: 'val',
  test: 'test',
};

/**
 * The split that a folder or a list is named after (`train2017`, `valid`, `minival`); null for
 * none.
 */
export function splitNamed(name: string): Split | null {
  const word = name.toLowerCase();
  if (/^train(?!val)/.test(word)) return 'train';
  if (/^(mini)?val/.test(word)) return 'validation';
  return word.startsWith('test') ? 'test' : null;
}

/** The split that the innermost folder of a path is named after which is named after one at all. */
export function splitOfPath(path: string): Split | null {
  const folders = path.split('/').slice(0, -1);
  const named = folders.findLast((folder) => splitNamed(folder) !== null);
  return named === undefined ? null : splitNamed(named);
}
