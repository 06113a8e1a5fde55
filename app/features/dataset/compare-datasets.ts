import {
  ComparisonTally,
  kindOfPair,
  type ComparisonReport,
  type TakenKind,
} from '../../../core/compare/comparison.ts';
import { matchRegions, type Matched } from '../../../core/compare/match-regions.ts';
import { missingTexts, type MissingTexts } from '../../../core/compare/missing-texts.ts';
import { isPhoto, stemOf } from '../../../core/formats/photo-files.ts';
import type { ImportNote } from '../../api/contract/dataset.ts';
import { Turns } from '../../turns.ts';
import type { ComparedImage, ComparedSide, Region, SideText } from './compared-side.ts';

/** A difference, as lists name it. */
export interface Difference {
  readonly kind: TakenKind;
  readonly image: string;
  readonly left: { readonly place: string; readonly category: string | null } | null;
  readonly right: { readonly place: string; readonly category: string | null } | null;
  /** Null where only one side has the region, and for texts. */
  readonly iou: number | null;
}

export interface DatasetComparison extends ComparisonReport {
  readonly differences: readonly Difference[];
  /** Items that could not be compared, with reasons. */
  readonly leftOut: readonly ImportNote[];
}

/** Who hears how far a comparison is, and may stop it. */
export interface ComparisonFollower {
  readonly signal?: AbortSignal;
  readonly progress?: (done: number, total: number) => void;
}

/** An image that both sides have, with its regions matched. */
export interface ComparedPair {
  readonly left: ComparedImage;
  readonly right: ComparedImage;
  readonly matched: Matched<Region, Region>;
  readonly texts: MissingTexts<SideText>;
}

/**
 * Where neither side says how large a photo is, fractions are compared in a square of so many
 * pixels.
 */
const assumedSide = 1000;

/**
 * Compares two sides image by image: images match by their file name with folders, else by its
 * last part, with or without ending, where that is unique on both sides, else by the bytes of
 * their photos; regions match greedily by IoU.
 * @param each is given every image that both sides have
 */
export async function compareSides(
  { images: left, notes: ofLeft }: ComparedSide,
  { images: right, notes: ofRight }: ComparedSide,
  { minimumIou, signal, progress }: { readonly minimumIou: number } & ComparisonFollower,
  each: (pair: ComparedPair) => void = () => undefined,
): Promise<DatasetComparison> {
  const turns = new Turns();
  const tally = new ComparisonTally();
  const differences: Difference[] = [];
  const leftOut: ImportNote[] = [...ofLeft, ...ofRight];
  const note = (reason: ImportNote): number => leftOut.push(reason);
  const partners = partnersOf(left, right);
  await addPartnersByContent(partners, left, right);
  let done = 0;
  for (const [ours, theirs] of partners) {
    const frame = ours.size ?? theirs.size ?? { width: assumedSide, height: assumedSide };
    const [a, b] = [ours.content(frame, note), theirs.content(frame, note)];
    const matched = matchRegions<Region, Region>(a.regions, b.regions, frame, minimumIou);
    const texts = missingTexts(a.texts, b.texts, matched);
    tally.add(matched);
    tally.addTexts(texts.ofKnownRegions.length);
    differences.push(...differencesOf(ours.name, matched));
    for (const { place } of texts.ofKnownRegions) {
      const right = { place, category: null };
      differences.push({ kind: 'texts', image: ours.name, left: null, right, iou: null });
    }
    each({ left: ours, right: theirs, matched, texts });
    progress?.(++done, partners.size);
    if (turns.isDue) await turns.give();
    signal?.throwIfAborted();
  }
  const found = new Set(partners.values());
  const report = tally.report({
    both: partners.size,
    onlyLeft: left.flatMap((image) => (partners.has(image) ? [] : [image.name])),
    onlyRight: right.flatMap((image) => (found.has(image) ? [] : [image.name])),
  });
  return { ...report, differences, leftOut };
}

function differencesOf(
  image: string,
  { pairs, leftOver, rightOver }: Matched<Region, Region>,
): Difference[] {
  const told = ({ place, category }: Region) => ({ place, category });
  const changed = pairs.flatMap((pair): Difference[] => {
    const kind = kindOfPair(pair);
    if (kind === 'same') return [];
    return [{ kind, image, left: told(pair.left), right: told(pair.right), iou: pair.iou }];
  });
  return [
    ...changed,
    ...leftOver.map((each) => ({
      kind: 'removed' as const,
      image,
      left: told(each),
      right: null,
      iou: null,
    })),
    ...rightOver.map((each) => ({
      kind: 'added' as const,
      image,
      left: null,
      right: told(each),
      iou: null,
    })),
  ];
}

function partnersOf(
  left: readonly ComparedImage[],
  right: readonly ComparedImage[],
): Map<ComparedImage, ComparedImage> {
  const whole = ({ name }: ComparedImage): string => name.normalize('NFC');
  const last = (image: ComparedImage): string => whole(image).split('/').at(-1)!;
  // Some formats name images without their ending.
  const stem = (image: ComparedImage): string =>
    isPhoto(last(image)) ? stemOf(last(image)) : last(image);
  const partners = new Map<ComparedImage, ComparedImage>();
  const taken = new Set<ComparedImage>();
  for (const key of [whole, last, stem]) {
    const open = right.filter((image) => !taken.has(image));
    const ours = Map.groupBy(
      left.filter((image) => !partners.has(image)),
      key,
    );
    const theirs = Map.groupBy(open, key);
    for (const [name, [image, ...others]] of ours) {
      const [partner, ...more] = theirs.get(name) ?? [];
      if (!partner || others.length + more.length > 0) continue;
      partners.set(image!, partner);
      taken.add(partner);
    }
  }
  return partners;
}

/** Adds images that no name ties, whose photo is the same file and no other's. */
async function addPartnersByContent(
  partners: Map<ComparedImage, ComparedImage>,
  left: readonly ComparedImage[],
  right: readonly ComparedImage[],
): Promise<void> {
  const taken = new Set(partners.values());
  const ours = await byContent(left.filter((image) => !partners.has(image)));
  if (ours.size === 0) return;
  const theirs = await byContent(right.filter((image) => !taken.has(image)));
  for (const [hash, [image, ...others]] of ours) {
    const [partner, ...more] = theirs.get(hash) ?? [];
    if (partner && others.length + more.length === 0) partners.set(image!, partner);
  }
}

async function byContent(
  images: readonly ComparedImage[],
): Promise<ReadonlyMap<string, readonly ComparedImage[]>> {
  const found = new Map<string, ComparedImage[]>();
  for (const image of images) {
    const hash = await image.contentHash();
    if (hash !== null) found.set(hash, [...(found.get(hash) ?? []), image]);
  }
  return found;
}
