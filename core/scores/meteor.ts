import { porterStem } from './porter-stem.ts';
import type { Wordnet } from './wordnet.ts';

/**
 * How recall outweighs precision, how steeply and how much scattered matches cost: NLTK's
 * defaults.
 */
const [alpha, beta, gamma] = [0.9, 3, 0.5];

/** Where synonyms are found; null leaves out METEOR's third stage. */
export type Synonyms = Pick<Wordnet, 'synonyms'> | null;

/**
 * METEOR of tokens against the reference that suits them best, 0 to 1, as NLTK's `meteor_score`
 * computes it (Banerjee and Lavie, 2005; Lavie and Agarwal, 2007): tokens match in lower case,
 * then by their Porter stem, then a stem by WordNet's synonyms of the other. 0 where there is no
 * reference.
 */
export function meteorOfTokens(
  hypothesis: readonly string[],
  references: readonly (readonly string[])[],
  synonyms: Synonyms,
): number {
  const scores = references.map((reference) => single(hypothesis, reference, synonyms));
  return Math.max(0, ...scores);
}

/**
 * {@link meteorOfTokens} of texts, whose words are their letters and digits, without punctuation.
 */
export function meteor(
  hypothesis: string,
  references: readonly string[],
  synonyms: Synonyms = null,
): number {
  return meteorOfTokens(words(hypothesis), references.map(words), synonyms);
}

/** The words of a text, in lower case and without punctuation. */
function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function single(
  hypothesis: readonly string[],
  reference: readonly string[],
  synonyms: Synonyms,
): number {
  const lower = (token: string) => token.toLowerCase();
  const matches = align(hypothesis.map(lower), reference.map(lower), synonyms);
  if (matches.length === 0) return 0;
  const precision = matches.length / hypothesis.length;
  const recall = matches.length / reference.length;
  const mean = (precision * recall) / (alpha * precision + (1 - alpha) * recall);
  const penalty = gamma * (countChunks(matches) / matches.length) ** beta;
  return mean * (1 - penalty);
}

type Match = readonly [hypothesis: number, reference: number];

/** Pairs of places, in the hypothesis's order; found from the end, as NLTK does. */
function align(
  hypothesis: readonly string[],
  reference: readonly string[],
  synonyms: Synonyms,
): Match[] {
  const matches: Match[] = [];
  const isTaken = { hypothesis: new Set<number>(), reference: new Set<number>() };
  const stage = (
    ours: readonly string[],
    theirs: readonly string[],
    matchesOf: (word: string) => (other: string) => boolean,
  ): void => {
    for (let at = ours.length - 1; at >= 0; at--) {
      if (isTaken.hypothesis.has(at)) continue;
      const isMatch = matchesOf(ours[at]!);
      const other = theirs.findLastIndex(
        (word, index) => !isTaken.reference.has(index) && isMatch(word),
      );
      if (other < 0) continue;
      isTaken.hypothesis.add(at);
      isTaken.reference.add(other);
      matches.push([at, other]);
    }
  };
  const equals = (word: string) => (other: string) => word === other;
  stage(hypothesis, reference, equals);
  const [ours, theirs] = [hypothesis.map(porterStem), reference.map(porterStem)];
  stage(ours, theirs, equals);
  if (synonyms !== null) {
    // NLTK goes on with the stems, so a word whose stem is no word has no synonyms.
    stage(ours, theirs, (word) => {
      const others = synonyms.synonyms(word);
      return (other) => other === word || others.has(other);
    });
  }
  return matches.sort(([a], [b]) => a - b);
}

/** Runs of matches that follow each other in both texts. */
function countChunks(matches: readonly Match[]): number {
  return matches.filter(([at, other], index) => {
    const [before, otherBefore] = matches[index - 1] ?? [NaN, NaN];
    return at !== before + 1 || other !== otherBefore + 1;
  }).length;
}
