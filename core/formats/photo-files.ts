import type { DatasetSource } from './dataset-row.ts';

/**
 * Photos among the files of a dataset, and the names by which labels beside them are tied to them.
 */

const photoEnding = /\.(jpe?g|jpe|jfif|png|bmp|dib|webp|tiff?|gif|avif|heic|heif|jp2|p[bgnp]m)$/i;

/** Whether a file is a photo by its name. */
export function isPhoto(path: string): boolean {
  return photoEnding.test(path);
}

/** A path without its ending. */
export function stemOf(path: string): string {
  return path.replace(/\.[^./]*$/, '');
}

/** The last part of a path. */
export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Photos by their path without ending, in letters of one case. */
export class PhotoStems {
  readonly #byStem = new Map<string, string[]>();
  readonly #byName = new Map<string, string[]>();

  constructor(paths: Iterable<string>) {
    for (const path of paths) {
      const stem = stemOf(path).toLowerCase();
      add(this.#byStem, stem, path);
      add(this.#byName, lastPart(stem), path);
    }
  }

  /** The photos with this path, but for the ending. */
  at(stem: string): readonly string[] {
    return this.#byStem.get(stem.toLowerCase()) ?? [];
  }

  /** The photos with this file name in any folder, but for the ending. */
  named(stem: string): readonly string[] {
    return this.#byName.get(lastPart(stem).toLowerCase()) ?? [];
  }
}

function add(map: Map<string, string[]>, key: string, path: string): void {
  const before = map.get(key);
  if (before) before.push(path);
  else map.set(key, [path]);
}

/**
 * The names under which formats that leave out endings write images: the file name without ending,
 * or with it where another image differs in its ending only.
 */
export function exportStems(source: DatasetSource): (fileName: string) => string {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { fileName } of source.images()) {
    const stem = stemOf(fileName).toLowerCase();
    if (seen.has(stem)) shared.add(stem);
    else seen.add(stem);
  }
  return (fileName) => {
    const stem = stemOf(fileName);
    return shared.has(stem.toLowerCase()) ? fileName : stem;
  };
}

/**
 * The name of an image as others know it: a photo written as `a.jpg.jpg` is `a.jpg`, whose labels
 * `a.jpg.txt` tell it from those of `a.png`; see {@link exportStems}.
 */
export function plainImageName(image: string): string {
  return image.replace(/(\.[a-z0-9]+)\1$/i, '$1');
}
