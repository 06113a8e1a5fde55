import { countNgrams, type NgramCount } from './ngrams.ts';

const longest = 4;
/** How much a difference of lengths costs. */
const sigma = 6;

/** A text and what people said of the same thing, as tokens. */
export interface TokenizedCaption {
  readonly tokens: readonly string[];
  readonly references: readonly (readonly string[])[];
}

/** The weighted runs of a text, by their number of words. */
interface Weights {
  readonly ofLength: readonly ReadonlyMap<string, number>[];
  readonly norms: readonly number[];
  readonly length: number;
}

/**
 * CIDEr-D of every text of a set, 0 to 10 (Vedantam et al., 2015), as pycocoevalcap's `Cider`
 * computes it. The weight of a run of words depends on the number of items of the set that
 * have it in a reference, so the set must stay as it is; the set's score is the mean.
 */
export function cider(captions: readonly TokenizedCaption[]): number[] {
  const counts = captions.map(({ tokens, references }) => ({
    text: countNgrams(tokens, longest),
    references: references.map((reference) => countNgrams(reference, longest)),
  }));
  const documents = new Map<string, number>();
  for (const { references } of counts) {
    for (const ngram of new Set(references.flatMap((reference) => [...reference.keys()]))) {
      documents.set(ngram, (documents.get(ngram) ?? 0) + 1);
    }
  }
  const logSize = Math.log(captions.length);
  const weigh = (ngrams: ReadonlyMap<string, NgramCount>) => weightsOf(ngrams, documents, logSize);
  return counts.map(({ text, references }) => {
    const ours = weigh(text);
    const sums = references.map((reference) => similarity(ours, weigh(reference)));
    return (10 * sums.reduce((sum, each) => sum + each, 0)) / longest / references.length;
  });
}

function weightsOf(
  ngrams: ReadonlyMap<string, NgramCount>,
  documents: ReadonlyMap<string, number>,
  logSize: number,
): Weights {
  const ofLength = Array.from({ length: longest }, () => new Map<string, number>());
  const squares = new Array<number>(longest).fill(0);
  let pairs = 0;
  for (const [ngram, { count, length }] of ngrams) {
    const weight = count * (logSize - Math.log(Math.max(1, documents.get(ngram) ?? 0)));
    ofLength[length - 1]!.set(ngram, weight);
    squares[length - 1]! += weight ** 2;
    // pycocoevalcap takes the number of pairs of words for the length.
    if (length === 2) pairs += count;
  }
  return { ofLength, norms: squares.map(Math.sqrt), length: pairs };
}

/** Summed over the lengths of runs. */
function similarity(ours: Weights, theirs: Weights): number {
  const delta = ours.length - theirs.length;
  const gauss = Math.exp(-(delta ** 2) / (2 * sigma ** 2));
  return ours.ofLength.reduce((sum, weights, index) => {
    let product = 0;
    for (const [ngram, weight] of weights) {
      const other = theirs.ofLength[index]!.get(ngram) ?? 0;
      product += Math.min(weight, other) * other;
    }
    const norm = ours.norms[index]! * theirs.norms[index]!;
    return sum + (norm === 0 ? product : product / norm) * gauss;
  }, 0);
}
