import type { ImageRecord, RecordId } from '../records.ts';

/** The key of an image by name. */
type NamedImage = Pick<ImageRecord, 'path' | 'folderId'>;

/** The image that a file name means, the paths where it may mean several, or null for none. */
export type FoundImage<Image extends NamedImage = ImageRecord> = Image | readonly string[] | null;

/** The names of images that a dataset lists, which other tools write in their own ways. */
export class ImageNames {
  readonly #plain = new Set<string>();
  readonly #alike = new Set<string>();

  constructor(fileNames: Iterable<string>) {
    for (const fileName of fileNames) {
      this.#plain.add(plainName(fileName));
      for (const spelling of spellingsOf(fileName)) this.#alike.add(alikeKey(plainName(spelling)));
    }
  }

  /** Whether a path ends with one of the names, or with one that may be meant by it. */
  mayMean(path: string): boolean {
    const name = plainName(path);
    return (
      this.#plain.has(name) ||
      this.#alike.has(alikeKey(name)) ||
      this.#alike.has(withoutEnding(alikeKey(name)))
    );
  }
}

/**
 * Finds the image that a `file_name` means: the one whose path is the name, else the only one
 * whose path ends with the name or the other way round, else the only one whose path is alike: in
 * other letters (A, a), without ending, with the spaces and signs that addresses write as %20, or
 * within an address. Names are compared in Unicode NFC, for macOS writes them in NFD.
 * @param folderId folder that is looked in first; where no image of it has such a last name, the
 *   others are: the same name in another folder is another photo
 */
export function imageFinder<Image extends NamedImage = ImageRecord>(
  images: Iterable<Image>,
  folderId: RecordId | null = null,
): (fileName: string) => FoundImage<Image> {
  const all = [...images];
  const byName = groupBy(all, ({ path }) => [plainName(path)]);
  let byAlike: ReadonlyMap<string, Image[]> | null = null;
  return (fileName) => {
    const sameName = byName.get(plainName(fileName)) ?? [];
    const wanted = composed(fileName);
    // Most names belong to one image, so that nothing is to be chosen.
    if (sameName.length === 1 && composed(sameName[0]!.path) === wanted) return sameName[0]!;
    const exact = match(sameName, folderId, [wanted], composed);
    if (exact !== null) return exact;
    byAlike ??= groupBy(all, ({ path }) => {
      const key = alikeKey(plainName(path));
      return [key, withoutEnding(key)];
    });
    const names = spellingsOf(fileName).map(alikeKey);
    const named = new Set(names.flatMap((name) => byAlike!.get(plainName(name)) ?? []));
    return (
      match([...named], folderId, names, alikeKey) ??
      match([...named], folderId, names, (path) => withoutEnding(alikeKey(path)))
    );
  };
}

/**
 * Those among paths that file names mean, by the rules of {@link imageFinder}; all of them where
 * one may mean several. So that of `photos/a.png` and `masks/a.png` only the one that a dataset
 * names is taken for a photo.
 */
export function pathsMeant(paths: readonly string[], fileNames: Iterable<string>): Set<string> {
  const find = imageFinder(paths.map((path) => ({ path, folderId: '' })));
  const meant = new Set<string>();
  for (const fileName of fileNames) {
    const found = find(fileName);
    if (found === null) continue;
    for (const path of 'path' in found ? [found.path] : found) meant.add(path);
  }
  return meant;
}

/**
 * The one among candidates whose path, put into the form of the names, is one of them, or ends
 * with it or the other way round.
 */
function match<Image extends NamedImage>(
  candidates: readonly Image[],
  folderId: RecordId | null,
  names: readonly string[],
  form: (path: string) => string,
): FoundImage<Image> {
  const ownFolder = candidates.filter((image) => image.folderId === folderId);
  const searched = ownFolder.length > 0 ? ownFolder : candidates;
  const wanted = names.map((name) => `/${name}`);
  const pathOf = (image: Image): string => `/${form(image.path)}`;
  const exact = searched.filter((image) => wanted.includes(pathOf(image)));
  const alike = searched.filter((image) =>
    wanted.some((name) => pathOf(image).endsWith(name) || name.endsWith(pathOf(image))),
  );
  const found = exact.length > 0 ? exact : longestInside(alike, wanted, pathOf);
  return found.length > 1 ? found.map(({ path }) => path) : (found[0] ?? null);
}

/**
 * Of images whose paths the names end with, those with the longest path: `val/sub/a.jpg` means
 * `sub/a.jpg`, not `a.jpg`.
 */
function longestInside<Image>(
  images: readonly Image[],
  wanted: readonly string[],
  pathOf: (image: Image) => string,
): readonly Image[] {
  const insideLength = (image: Image): number => {
    const path = pathOf(image);
    return wanted.some((name) => name.endsWith(path)) ? path.length : Infinity;
  };
  const longest = Math.max(...images.map(insideLength));
  return images.filter((image) => insideLength(image) === longest);
}

/** Paths as written by other tools: an address with a suffix, or percent-encoded characters. */
function spellingsOf(fileName: string): readonly string[] {
  return oneSpelling.test(fileName) ? [fileName] : otherSpellings(fileName);
}

/** Mostly: a name without what addresses and Windows write, nor space around it. */
const oneSpelling = /^[^\s\\%?]*[^\s\\%?/]$/;

function otherSpellings(fileName: string): string[] {
  const trimmed = fileName.trim().replaceAll('\\', '/');
  const question = trimmed.indexOf('?');
  const parts =
    question < 0
      ? [trimmed]
      : [trimmed.slice(0, question), ...namesAmong(trimmed.slice(question + 1))];
  const spellings = new Set([trimmed, ...parts, ...parts.map(decoded)]);
  return [...spellings].filter((spelling) => plainName(spelling) !== '');
}

/** The parameters of an address that look like names of files. */
function namesAmong(parameters: string): string[] {
  return [...new URLSearchParams(parameters).values()].filter((value) => /\.\w+$/.test(value));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The last part of a path, spelled one way on every disk. */
function plainName(path: string): string {
  const whole = composed(path);
  return whole.slice(whole.lastIndexOf('/') + 1);
}

/**
 * A path with one spelling of its separators and letters, and without a start that means nothing.
 */
function composed(path: string): string {
  return plainPath.test(path) ? path : composedOther(path);
}

/** Mostly: ASCII without backslashes or a start that means nothing. */
const plainPath = /^(?!\.\/)[\x20-\x5b\x5d-\x7e]*$/;

function composedOther(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
    .normalize('NFC');
}

function alikeKey(path: string): string {
  return composed(path).toLowerCase();
}

function withoutEnding(path: string): string {
  return path.replace(/\.[^./]+$/, '');
}

function groupBy<Image>(
  images: readonly Image[],
  keysOf: (image: Image) => readonly string[],
): ReadonlyMap<string, Image[]> {
  const groups = new Map<string, Image[]>();
  for (const image of images) {
    for (const key of keysOf(image)) {
      const group = groups.get(key);
      if (!group) groups.set(key, [image]);
      else if (group.at(-1) !== image) group.push(image);
    }
  }
  return groups;
}
