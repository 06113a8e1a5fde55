export interface NgramCount {
  readonly count: number;
  /** Its number of words. */
  readonly length: number;
}

/**
 * How often each run of 1 to `longest` tokens occurs, by its tokens, which have no spaces, with a
 * space between them.
 */
export function countNgrams(tokens: readonly string[], longest: number): Map<string, NgramCount> {
  const counts = new Map<string, NgramCount>();
  for (let length = 1; length <= longest; length++) {
    for (let start = 0; start + length <= tokens.length; start++) {
      const ngram = tokens.slice(start, start + length).join(' ');
      counts.set(ngram, { count: (counts.get(ngram)?.count ?? 0) + 1, length });
    }
  }
  return counts;
}
