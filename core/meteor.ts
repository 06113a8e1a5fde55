import { porterStem } from './porter-stem.ts';

/** How recall outweighs precision, how steeply and how much scattered matches cost: NLTK's defaults. */
const [alpha, beta, gamma] = [0.9, 3, 0.5];

/**
 * METEOR of a text against the reference that suits it best, 0 to 1, as NLTK's `meteor_score` computes it on words
 * (letters and digits, without punctuation): words match exactly, then by their Porter stem. WordNet's synonyms, its third
 * stage, are left out. 0 when there is no reference.
 */
export function meteor(hypothesis: string, references: readonly string[]): number {
  return Math.max(0, ...references.map((reference) => single(words(hypothesis), words(reference))));
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function single(hypothesis: readonly string[], reference: readonly string[]): number {
  const matches = align(hypothesis, reference);
  if (matches.length === 0) return 0;
  const precision = matches.length / hypothesis.length;
  const recall = matches.length / reference.length;
  const mean = (precision * recall) / (alpha * precision + (1 - alpha) * recall);
  const penalty = gamma * (countChunks(matches) / matches.length) ** beta;
  return mean * (1 - penalty);
}

type Match = readonly [hypothesis: number, reference: number];

/** Pairs of places, in the hypothesis's order; found from the end, as NLTK does. */
function align(hypothesis: readonly string[], reference: readonly string[]): Match[] {
  const matches: Match[] = [];
  const isTaken = { hypothesis: new Set<number>(), reference: new Set<number>() };
  for (const form of [(word: string) => word, porterStem]) {
    const [ours, theirs] = [hypothesis.map(form), reference.map(form)];
    for (let at = ours.length - 1; at >= 0; at--) {
      if (isTaken.hypothesis.has(at)) continue;
      const other = theirs.findLastIndex((word, index) => {
        return word === ours[at] && !isTaken.reference.has(index);
      });
      if (other < 0) continue;
      isTaken.hypothesis.add(at);
      isTaken.reference.add(other);
      matches.push([at, other]);
    }
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
