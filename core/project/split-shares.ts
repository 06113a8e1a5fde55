import { z } from 'zod';
import { splits, type Split } from '../records.ts';

/**
 * How images are told apart: each for itself, those of a folder together, or those whose names
 * match alike.
 */
export const splitGroupings = ['image', 'folder', 'pattern'] as const;

/**
 * How images are shared out among the splits. Shares count against each other: 8, 1, 1 is 80 %, 10
 * %, 10 %.
 */
export const splitSharesSchema = z
  .object({
    train: z.number().min(0),
    validation: z.number().min(0),
    test: z.number().min(0),
    /** The same images with the same seed are shared out alike. */
    seed: z.number().int().min(0).max(0xffff_ffff).default(0),
    groupBy: z.enum(splitGroupings).default('image'),
    /**
     * For `pattern`: a regular expression; its first group, or else the whole match, names the
     * group of an image.
     */
    pattern: z.string().refine(isPattern, 'Expected a regular expression').default(''),
    /** Only images that have no split in the project are shared out. */
    keepsSplits: z.boolean().default(false),
  })
  .refine((shares) => splits.some((split) => shares[split] > 0), {
    message: 'Expected a share above 0',
  });
export type SplitShares = z.output<typeof splitSharesSchema>;

/** An image as far as its split depends on it. */
export interface SharedImage {
  /** Unique; with folders before it. */
  readonly path: string;
  readonly split: Split | null;
  /** Categories of its regions, each once. */
  readonly categories: readonly string[];
}

/**
 * The split of each image. Each split gets its share of the images, rounded by the largest
 * remainder, and within that its share of each category, the rarest first (iterative
 * stratification, Sechidis et al. 2011). Groups are never torn, so a split may hold more than its
 * share by less than the largest group. Does not depend on the order of the images.
 */
export function shareOut(images: readonly SharedImage[], shares: SplitShares): Split[] {
  const open = images.flatMap((image, index) =>
    shares.keepsSplits && image.split !== null ? [] : [{ ...image, index }],
  );
  const units = unitsOf(open, shares);
  const assigned: (Split | null)[] = images.map(({ split }) => split);
  const deal = new Deal(units, open.length, shares);
  for (const unit of units) for (const index of unit.images) assigned[index] = deal.of(unit);
  return assigned as Split[];
}

/** How many groups there are; each image is one where they are not grouped. */
export function countGroups(paths: readonly string[], shares: SplitShares): number {
  return new Set(paths.map((path) => groupOf(path, shares))).size;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}

function groupOf(path: string, { groupBy, pattern }: SplitShares): string {
  if (groupBy === 'folder') return `/${path.slice(0, path.lastIndexOf('/') + 1)}`;
  if (groupBy === 'image' || pattern === '') return path;
  const match = new RegExp(pattern, 'u').exec(path);
  return match ? `/${match[1] ?? match[0]}` : path;
}

/** Images that go together. */
interface Unit {
  readonly images: number[];
  /** How many of its images have each category. */
  readonly categories: Map<string, number>;
  readonly order: number;
}

/** Large groups first, since small ones fill what they leave; equally large ones by the seed. */
function unitsOf(
  images: readonly (SharedImage & { readonly index: number })[],
  shares: SplitShares,
): Unit[] {
  const units = new Map<string, Unit>();
  for (const { path, categories, index } of images) {
    const group = groupOf(path, shares);
    const unit = units.get(group) ?? {
      images: [],
      categories: new Map<string, number>(),
      order: hash(`${shares.seed}/${group}`),
    };
    units.set(group, unit);
    unit.images.push(index);
    for (const category of categories) {
      unit.categories.set(category, (unit.categories.get(category) ?? 0) + 1);
    }
  }
  return [...units]
    .sort(([a, left], [b, right]) => {
      const bySize = right.images.length - left.images.length;
      return bySize || left.order - right.order || (a < b ? -1 : 1);
    })
    .map(([, unit]) => unit);
}

/** Deals units out, those of the rarest category first. */
class Deal {
  readonly #shares: Readonly<Record<Split, number>>;
  readonly #room: Record<Split, number>;
  /** Images of each category that each split still lacks. */
  readonly #wanted = new Map<string, Record<Split, number>>();
  readonly #left = new Map<string, number>();
  readonly #dealt = new Map<Unit, Split>();

  constructor(units: readonly Unit[], images: number, shares: SplitShares) {
    const sum = splits.reduce((total, split) => total + shares[split], 0);
    this.#shares = bySplit((split) => shares[split] / sum);
    this.#room = roundedShares(this.#shares, images);
    const holders = new Map<string, Unit[]>();
    for (const unit of units) {
      for (const [category, count] of unit.categories) {
        this.#left.set(category, (this.#left.get(category) ?? 0) + count);
        const held = holders.get(category) ?? [];
        holders.set(category, held);
        held.push(unit);
      }
    }
    for (const [category, count] of this.#left) {
      this.#wanted.set(
        category,
        bySplit((split) => this.#shares[split] * count),
      );
    }
    for (let rarest = this.#rarest(); rarest !== null; rarest = this.#rarest()) {
      for (const unit of holders.get(rarest)!) {
        if (!this.#dealt.has(unit)) this.#give(unit, this.#wanted.get(rarest)!);
      }
    }
    for (const unit of units) if (!this.#dealt.has(unit)) this.#give(unit, this.#room);
  }

  of(unit: Unit): Split {
    return this.#dealt.get(unit)!;
  }

  /** The category that the fewest images have which are not dealt out; null when none has one. */
  #rarest(): string | null {
    let rarest: string | null = null;
    let fewest = Infinity;
    for (const [category, count] of this.#left) {
      const isFewer = count < fewest || (count === fewest && category < rarest!);
      if (count > 0 && isFewer) [rarest, fewest] = [category, count];
    }
    return rarest;
  }

  #give(unit: Unit, wanted: Readonly<Record<Split, number>>): void {
    const size = unit.images.length;
    const used = splits.filter((split) => this.#shares[split] > 0);
    const roomy = used.filter((split) => this.#room[split] >= size);
    // Where it fits nowhere, the split with most room gets it.
    const key = roomy.length > 0 ? wanted : this.#room;
    const [split] = (roomy.length > 0 ? roomy : used).sort(
      (a, b) => key[b] - key[a] || this.#room[b] - this.#room[a],
    );
    this.#dealt.set(unit, split!);
    this.#room[split!] -= size;
    for (const [category, count] of unit.categories) {
      this.#wanted.get(category)![split!] -= count;
      this.#left.set(category, this.#left.get(category)! - count);
    }
  }
}

function bySplit(value: (split: Split) => number): Record<Split, number> {
  return { train: value('train'), validation: value('validation'), test: value('test') };
}

/** Whole numbers that add up, each within one of its share. */
function roundedShares(
  shares: Readonly<Record<Split, number>>,
  total: number,
): Record<Split, number> {
  const whole = bySplit((split) => Math.floor(shares[split] * total));
  const rest = (split: Split): number => shares[split] * total - whole[split];
  const byRest = splits.toSorted((a, b) => rest(b) - rest(a));
  const left = total - splits.reduce((sum, split) => sum + whole[split], 0);
  for (const split of byRest.slice(0, left)) whole[split]++;
  return whole;
}

/** 32 bits of a text (FNV-1a, then mixed). */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
