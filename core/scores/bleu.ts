import { countNgrams } from './ngrams.ts';

/** The longest run of words that is counted. */
export const bleuLength = 4;

/** BLEU counts of one text and its references. */
export interface BleuCounts {
  readonly length: number;
  /** Length of the reference that is nearest in length, the shorter one of two. */
  readonly referenceLength: number;
  /**
   * Runs of one word, two and so on: how many the text has, and how many of them its references
   * have, too.
   */
  readonly guessed: readonly number[];
  readonly correct: readonly number[];
}

/** Counts runs of words. A run counts as often as the reference that has it most. */
export function bleuCounts(
  tokens: readonly string[],
  references: readonly (readonly string[])[],
): BleuCounts {
  const most = new Map<string, number>();
  for (const reference of references) {
    for (const [ngram, { count }] of countNgrams(reference, bleuLength)) {
      most.set(ngram, Math.max(most.get(ngram) ?? 0, count));
    }
  }
  const correct = new Array<number>(bleuLength).fill(0);
  for (const [ngram, { count, length }] of countNgrams(tokens, bleuLength)) {
    correct[length - 1]! += Math.min(most.get(ngram) ?? 0, count);
  }
  const nearest = references
    .map(({ length }) => length)
    .sort((a, b) => Math.abs(a - tokens.length) - Math.abs(b - tokens.length) || a - b);
  return {
    length: tokens.length,
    referenceLength: nearest[0] ?? 0,
    guessed: correct.map((_, index) => Math.max(0, tokens.length - index)),
    correct,
  };
}

/** Keep a quotient of nothing finite: pycocoevalcap's. */
const [small, tiny] = [1e-9, 1e-15];

/**
 * BLEU of a set of texts, 0 to 1, with runs of up to one word, two, three and four (Papineni et
 * al., 2002), as pycocoevalcap's `Bleu` computes it: counts are summed over the set, and a set
 * that is shorter than its nearest references pays for it.
 */
export function bleu(texts: readonly BleuCounts[]): number[] {
  const sum = (of: (counts: BleuCounts) => number) =>
    texts.reduce((all, counts) => all + of(counts), 0);
  const ratio =
    (sum(({ length }) => length) + tiny) / (sum(({ referenceLength }) => referenceLength) + small);
  const brevity = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1;
  let product = 1;
  return Array.from({ length: bleuLength }, (_, index) => {
    const correct = sum((counts) => counts.correct[index]!);
    product *= (correct + tiny) / (sum((counts) => counts.guessed[index]!) + small);
    return product ** (1 / (index + 1)) * brevity;
  });
}
