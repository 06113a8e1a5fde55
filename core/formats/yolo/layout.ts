import type { Split } from '../../records.ts';
import { isPhoto, lastPart, PhotoStems, stemOf } from '../photo-files.ts';
import { splitNamed, splitOfPath } from '../split-folders.ts';
import type { DataYaml } from './data-yaml.ts';

/**
 * How the files of a dataset belong together. ultralytics puts `images` for the last `labels` in a
 * path, and so does this; Darknet and labelling tools put labels beside their photos.
 */

/** A photo with its labels; either may be missing. */
export interface LabelledImage {
  /** The path of the photo; without ending where the dataset holds none. */
  readonly image: string;
  /** The path of its labels; null where it has none. */
  readonly labels: string | null;
}

export interface YoloLayout {
  /** In name order of the images. */
  readonly images: readonly LabelledImage[];
  /** Labels that may belong to several photos. */
  readonly ambiguous: readonly { readonly labels: string; readonly photos: readonly string[] }[];
  /** Text files that are no labels, as far as their place tells. */
  readonly passedOver: readonly string[];
}

const labelFolder =
  /(^|\/)(labels|labelTxt|annotations)(?=\/)(?!.*\/(labels|labelTxt|annotations)\/)/i;

/** Text files that come with datasets and are no labels. */
const otherTexts =
  /(^|\/)(classes|obj|_darknet|predefined_classes|train|val|valid|validation|test|trainval|readme[^/]*|license[^/]*|notes|requirements)\.(txt|labels|names)$/i;

/** Pairs photos and labels. @param lists texts that list images, which are no labels */
export function yoloLayout(paths: readonly string[], lists: ReadonlySet<string>): YoloLayout {
  const photos = paths.filter(isPhoto);
  const stems = new PhotoStems(photos);
  const labelsOf = new Map<string, string>();
  const alone: LabelledImage[] = [];
  const ambiguous: { labels: string; photos: readonly string[] }[] = [];
  const passedOver: string[] = [];
  for (const path of paths) {
    if (!/\.txt$/i.test(path) || lists.has(path) || otherTexts.test(path)) continue;
    const stem = imageStem(path);
    const found = [stem, stemOf(path)].map((at) => stems.at(at)).find(({ length }) => length > 0);
    const candidates = found ?? stems.named(stem);
    if (candidates.length > 1) ambiguous.push({ labels: path, photos: candidates });
    else if (candidates[0] !== undefined) labelsOf.set(candidates[0], path);
    else if (stem !== stemOf(path) || photos.length === 0)
      alone.push({ image: stem, labels: path });
    else passedOver.push(path);
  }
  const withPhotos = photos.map((image) => ({ image, labels: labelsOf.get(image) ?? null }));
  return { images: [...withPhotos, ...alone], ambiguous, passedOver };
}

/** Where the image of a file of labels is, without ending. */
function imageStem(labels: string): string {
  return stemOf(labels).replace(labelFolder, '$1images');
}

/** The texts that name a split's images, one a line; empty for folders. */
export function listsOf(
  { sources }: DataYaml,
  paths: readonly string[],
): ReadonlyMap<string, Split> {
  const lists = new Map<string, Split>();
  const places = sources.map(({ split, found }) => ({ split, places: confined(found) }));
  const wanted = new Set(places.flatMap((source) => source.places));
  const there = new Set(paths.filter((path) => path.endsWith('.txt') && wanted.has(path)));
  for (const source of places) {
    const list = source.places.find((path) => there.has(path));
    if (list !== undefined && !lists.has(list)) lists.set(list, source.split);
  }
  return lists;
}

/**
 * The places in the dataset that a path may mean: Roboflow starts some with `../`, and others are
 * absolute.
 */
function confined(found: string): string[] {
  const pieces = found.split(/[\\/]/).filter((piece) => !['', '.', '..'].includes(piece));
  return pieces.map((_, index) => pieces.slice(index).join('/'));
}

/** Which split an image is in. */
export class SplitTable {
  /** By folder; null: for several splits. */
  readonly #folders = new Map<string, Split | null>();
  /** By the name of the image without ending. */
  readonly #listed = new Map<string, { readonly stem: string; split: Split | null }[]>();
  /** Entries of the card that are nowhere. */
  readonly missing: { readonly key: string; readonly found: string }[] = [];
  /** How many listed images were put into two splits. */
  doubled = 0;

  constructor({ sources }: DataYaml, layout: YoloLayout, lists: ReadonlyMap<string, Split>) {
    const folders = foldersOf(layout);
    const listed = [...lists.keys()];
    for (const { key, split, found } of sources) {
      const places = confined(found);
      if (places.some((place) => listed.includes(place))) continue;
      const isWhole = places.length === 0;
      const folder = isWhole ? '' : this.#folderAmong(places, split, folders);
      if (folder === undefined) this.missing.push({ key, found });
      // ultralytics wants `val`; where there is none, it is the same folder as `train`, whose name
      // tells then.
      else if (!this.#folders.has(folder)) this.#folders.set(folder, split);
      else if (this.#folders.get(folder) !== split) {
        this.#folders.set(folder, splitOfPath(`${folder}/`));
      }
    }
  }

  #folderAmong(
    places: readonly string[],
    split: Split,
    folders: ReadonlySet<string>,
  ): string | undefined {
    const there = places.find((place) => folders.has(place));
    if (there !== undefined) return there;
    // `valid/images` may be written for `val/images`.
    const alike = (folder: string): string =>
      folder
        .split('/')
        .map((piece) => splitNamed(piece) ?? piece)
        .join('/');
    const wanted = places.map(alike).filter((place) => place.split('/').includes(split));
    return [...folders].find((folder) => wanted.includes(alike(folder)));
  }

  /** Takes a line of a list. */
  add(line: string, split: Split): void {
    const stem = stemOf(confined(line)[0] ?? '');
    if (stem === '') return;
    const name = lastPart(stem);
    const before = this.#listed.get(name) ?? [];
    const same = before.find((entry) => entry.stem === stem);
    if (!same) this.#listed.set(name, [...before, { stem, split }]);
    else if (same.split !== split) {
      if (same.split !== null) this.doubled++;
      same.split = null;
    }
  }

  /** The split of an image by its path; null for none. */
  of(image: string): Split | null {
    const listed = this.#listedSplit(image);
    if (listed !== undefined) return listed;
    for (let folder = image; folder !== '';) {
      folder = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) : '';
      const split = this.#folders.get(folder);
      if (split !== undefined) return split;
    }
    const isTold = this.#folders.size > 0 || this.#listed.size > 0;
    return isTold ? null : splitOfPath(image);
  }

  #listedSplit(image: string): Split | null | undefined {
    if (this.#listed.size === 0) return undefined;
    const isKnown = (stem: string): boolean =>
      [image, stemOf(image)].some((path) => isSuffix(path, stem));
    const names = new Set([lastPart(stemOf(image)), lastPart(image)]);
    const entries = [...names].flatMap((name) => this.#listed.get(name) ?? []);
    return entries.find(({ stem }) => isKnown(stem))?.split;
  }
}

function isSuffix(one: string, other: string): boolean {
  return `/${one}`.endsWith(`/${other}`) || `/${other}`.endsWith(`/${one}`);
}

/** The folders that hold images, and those around them. */
function foldersOf({ images }: YoloLayout): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const { image } of images) {
    for (let folder = image; folder.includes('/');) {
      folder = folder.slice(0, folder.lastIndexOf('/'));
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}
