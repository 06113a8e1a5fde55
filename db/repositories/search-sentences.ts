import { failuresOf } from '../../core/errors.ts';
import { sentenceSet } from '../../core/sentence-set.ts';

/** What is said of searches that cannot be made. */
export const searchSentences = sentenceSet(
  {
    searchTooLong: ({ found, maximum }: { found: number; maximum: number }) =>
      `The search has ${found} words; at most ${maximum} can be looked for at once. Shorten it.`,
  },
  {
    searchTooLong: ({ found, maximum }) =>
      `搜索有 ${found} 个词；一次最多可查找 ${maximum} 个。请缩短。`,
  },
);

export const searchFailure = failuresOf(searchSentences);
