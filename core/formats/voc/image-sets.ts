import type { Split } from '../../records.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import { lastPart } from '../photo-files.ts';
import { splitNamed } from '../split-folders.ts';

/** Which images the lists of `ImageSets` name. */
export interface ImageSets {
  /** By the id of the image; null: in several splits, or in a list of another name. */
  readonly splits: ReadonlyMap<string, Split | null>;
  /** How many images are in two splits. */
  readonly doubled: number;
}

/**
 * Reads the lists of a dataset. Those of one class (`cat_train.txt`) name the same images again;
 * `Main` counts before the others. @param root the folder that `ImageSets` lies in, with a `/` at
 * its end, or empty
 */
export async function readImageSets(
  files: DatasetFiles,
  paths: readonly string[],
  root: string,
): Promise<ImageSets> {
  const start = `${root}ImageSets/`;
  const lists = paths.filter((path) => path.startsWith(start) && path.endsWith('.txt'));
  const rank = (path: string): number => (path.startsWith(`${start}Main/`) ? 0 : 1);
  lists.sort((a, b) => rank(a) - rank(b));
  const splits = new Map<string, Split | null>();
  const folderOf = new Map<string, string>();
  let doubled = 0;
  for (const list of lists) {
    const name = lastPart(list).slice(0, -'.txt'.length);
    if (/_(train|val|trainval|test)$/.test(name)) continue;
    const split = splitNamed(name);
    const folder = list.slice(0, list.lastIndexOf('/'));
    for (const line of (await files.text(list)).split(/\r\n|\r|\n/)) {
      const id = idOf(line);
      if (id === null) continue;
      const before = splits.get(id);
      if (before === undefined || before === null) {
        if (!splits.has(id) || split !== null) splits.set(id, split);
        folderOf.set(id, folder);
      } else if (split !== null && before !== split && folderOf.get(id) === folder) {
        splits.set(id, null);
        doubled++;
      }
    }
  }
  return { splits, doubled };
}

/** The id of a line, which may be quoted, and followed by 1, 0 or -1. */
function idOf(line: string): string | null {
  const text = line.trim().replace(/\s+-?[01]$/, '');
  const id = /^"(.*)"$/.exec(text)?.[1] ?? text;
  return id === '' ? null : id;
}
