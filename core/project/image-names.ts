import type { ImageRecord, RecordId } from '../records.ts';

/** The image that a file name means, the paths where it may mean several, or null for none. */
export type FoundImage = ImageRecord | readonly string[] | null;

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
 * Finds the image that a `file_name` means: the one whose path is the name, else the only one whose path ends
 * with the name or the other way round, else the only one whose path is alike: in other letters (A, a), without ending,
 * with the spaces and signs that addresses write as %20, or within an address. Names are compared in Unicode NFC, for macOS
 * writes them in NFD.
 * @param folderId folder that is looked in first; where no image of it has such a last name, the others are: the same
 *   name in another folder is another photo
 */
export function imageFinder(
  images: Iterable<ImageRecord>,
  folderId: RecordId | null = null,
): (fileName: string) => FoundImage {
  const all = [...images];
  const byName = groupBy(all, ({ path }) => [plainName(path)]);
  let byAlike: ReadonlyMap<string, ImageRecord[]> | null = null;
  return (fileName) => {
    const exact = match(
      byName.get(plainName(fileName)) ?? [],
      folderId,
      [composed(fileName)],
      composed,
    );
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

/** The one among candidates whose path, put into the form of the names, is one of them, or ends with it or the other way round. */
function match(
  candidates: readonly ImageRecord[],
  folderId: RecordId | null,
  names: readonly string[],
  form: (path: string) => string,
): FoundImage {
  const ownFolder = candidates.filter((image) => image.folderId === folderId);
  const searched = ownFolder.length > 0 ? ownFolder : candidates;
  const wanted = names.map((name) => `/${name}`);
  const pathOf = (image: ImageRecord): string => `/${form(image.path)}`;
  const exact = searched.filter((image) => wanted.includes(pathOf(image)));
  const alike = searched.filter((image) =>
    wanted.some((name) => pathOf(image).endsWith(name) || name.endsWith(pathOf(image))),
  );
  const found = exact.length > 0 ? exact : alike;
  return found.length > 1 ? found.map(({ path }) => path) : (found[0] ?? null);
}

/** What tools may have written for a path: an address with what follows it, and signs written as %20. */
function spellingsOf(fileName: string): string[] {
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

/** A path with one spelling of its separators and letters, and without a start that means nothing. */
function composed(path: string): string {
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

function groupBy(
  images: readonly ImageRecord[],
  keysOf: (image: ImageRecord) => readonly string[],
): ReadonlyMap<string, ImageRecord[]> {
  const groups = new Map<string, ImageRecord[]>();
  for (const image of images) {
    for (const key of keysOf(image)) {
      const group = groups.get(key);
      if (!group) groups.set(key, [image]);
      else if (group.at(-1) !== image) group.push(image);
    }
  }
  return groups;
}
