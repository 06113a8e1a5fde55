import { isText, wordsOf, wordsOfItem } from '../formats/item-text.ts';
import { textOfWords, type ItemWords } from '../project/make-item.ts';
import type { SegmentRole } from '../tasks/task.ts';
import type { Matched } from './match-regions.ts';

/** Words of one side about an image, about one of its regions or about several. */
export interface ComparedText<Region> {
  readonly words: ItemWords;
  /** None: the words are about the whole image. */
  readonly segments: readonly {
    readonly tag: string;
    readonly role: SegmentRole;
    readonly region: Region;
  }[];
}

/** Texts of the right side that the left side lacks. */
export interface MissingTexts<Text> {
  /** About the image, or about regions that the left side has, too. */
  readonly ofKnownRegions: readonly Text[];
  /** About at least one region that only the right side has. */
  readonly ofNewRegions: readonly Text[];
}

/**
 * The texts of the right side of one image that the left side lacks. Two texts are the same if they
 * have the same words about regions that match.
 */
export function missingTexts<Left, Right, Text extends ComparedText<Right>>(
  lefts: readonly ComparedText<Left>[],
  rights: readonly Text[],
  { pairs }: Matched<Left, Right>,
): MissingTexts<Text> {
  const partners = new Map(pairs.map(({ left, right }) => [right, left] as const));
  const ids = new Map<Left, string>();
  const idOf = (region: Left): string => {
    const id = ids.get(region) ?? String(ids.size);
    ids.set(region, id);
    return id;
  };
  const known = new Set(lefts.map((text) => textKey(text, idOf)));
  const ofKnownRegions: Text[] = [];
  const ofNewRegions: Text[] = [];
  for (const text of rights) {
    if (!text.segments.every(({ region }) => partners.has(region))) {
      ofNewRegions.push(text);
      continue;
    }
    const key = textKey(text, (region) => idOf(partners.get(region)!));
    if (known.has(key)) continue;
    known.add(key);
    ofKnownRegions.push(text);
  }
  return { ofKnownRegions, ofNewRegions };
}

function textKey<Region>(
  { words, segments }: ComparedText<Region>,
  idOf: (region: Region) => string,
): string {
  const about = segments.map(({ tag, role, region }) => ({
    ...{ tag, role },
    annotationId: idOf(region),
  }));
  const whole = { ...words, segments: about };
  if (!isText(whole)) return wordsOfItem(whole);
  return JSON.stringify([wordsOf(textOfWords(words)), about[0]?.annotationId ?? null]);
}
