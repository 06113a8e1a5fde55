import { englishStem } from './english-stem.ts';
import type { Paraphrases } from './paraphrases.ts';
import type { Synsets } from './synsets.ts';

/** How words may match, in the order in which matches are found. */
export const stages = ['exact', 'stem', 'synonym', 'paraphrase'] as const;

/** A run of words of the reference that matches a run of the hypothesis. */
export interface Match {
  /** Index in {@link stages}. */
  readonly stage: number;
  readonly reference: Run;
  readonly hypothesis: Run;
}

export interface Run {
  readonly start: number;
  readonly length: number;
}

/** Tables of the later stages; null leaves out a stage. */
export interface MeteorTables {
  readonly synsets: Synsets | null;
  readonly paraphrases: Paraphrases | null;
}

/** All matches, by where they begin in the reference. */
export function findMatches(
  hypothesis: readonly string[],
  reference: readonly string[],
  { synsets, paraphrases }: MeteorTables,
): Match[][] {
  const matches: Match[][] = reference.map(() => []);
  const match = (stage: number, isMatch: (at: number, other: number) => boolean) => {
    for (let at = 0; at < reference.length; at++) {
      for (let other = 0; other < hypothesis.length; other++) {
        if (!isMatch(at, other)) continue;
        const [ours, theirs] = [other, at].map((start) => ({ start, length: 1 }));
        matches[at]!.push({ stage, reference: theirs!, hypothesis: ours! });
      }
    }
  };
  const isSame = (at: number, other: number) => reference[at] === hypothesis[other];
  match(0, isSame);
  const isWhole =
    reference.length === hypothesis.length && reference.every((_, index) => isSame(index, index));
  // Equal texts match word by word, whatever else could match.
  if (isWhole) return matches;
  const [stems, otherStems] = [reference, hypothesis].map((words) => words.map(englishStem));
  match(1, (at, other) => !isSame(at, other) && stems![at] === otherStems![other]);
  if (synsets !== null) {
    const [sets, otherSets] = [reference, hypothesis].map((words) => words.map(synsets));
    match(2, (at, other) => !isSame(at, other) && share(sets![at]!, otherSets![other]!));
  }
  if (paraphrases !== null) {
    for (const [theirs, ours] of phrasePairs(reference, hypothesis, paraphrases)) {
      matches[theirs.start]!.push({ stage: 3, reference: theirs, hypothesis: ours });
    }
    for (const [ours, theirs] of phrasePairs(hypothesis, reference, paraphrases)) {
      matches[theirs.start]!.push({ stage: 3, reference: theirs, hypothesis: ours });
    }
  }
  return matches;
}

function share(synsets: ReadonlySet<number>, others: ReadonlySet<number>): boolean {
  for (const synset of synsets) if (others.has(synset)) return true;
  return false;
}

/** Phrases of one text whose paraphrases are in another. */
function* phrasePairs(
  words: readonly string[],
  others: readonly string[],
  paraphrases: Paraphrases,
): Generator<[of: Run, paraphrase: Run]> {
  for (let start = 0; start < words.length; start++) {
    for (let end = start + 1; end <= words.length; end++) {
      for (const paraphrase of paraphrases(words.slice(start, end).join(' '))) {
        const length = paraphrase.length;
        for (let at = 0; at + length <= others.length; at++) {
          if (paraphrase.every((word, index) => others[at + index] === word)) {
            yield [
              { start, length: end - start },
              { start: at, length },
            ];
          }
        }
      }
    }
  }
}
