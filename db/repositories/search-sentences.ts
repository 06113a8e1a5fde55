import { failuresOf } from '../../core/errors.ts';
import { sentenceSet } from '../../core/sentence-set.ts';

/** Failures of a search. */
export const searchSentences = sentenceSet(
  {
    searchTooLong: ({ found, maximum }: { found: number; maximum: number }) =>
      `The search has ${found} words; the maximum is ${maximum}. Shorten it.`,
  },
  {
    searchTooLong: ({ found, maximum }) => `搜索有 ${found} 个词；最多为 ${maximum} 个。请缩短。`,
  },
);

export const searchFailure = failuresOf(searchSentences);
