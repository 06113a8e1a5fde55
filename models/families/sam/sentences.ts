import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** What is said of prompts that SAM and its kin cannot answer. */
export const samSentences = sentenceSet(
  {
    modelPointsTooMany: ({ id, found, most }: { id: string; found: number; most: number }) =>
      `The model ${id} takes at most ${most} points at once, a box counting as two; ${found} were given. Remove some.`,
    promptNothing: () =>
      'A request for masks needs a point, a box or another mark that says what to segment; it has none.',
  },
  {
    modelPointsTooMany: ({ id, found, most }) =>
      `模型 ${id} 一次最多接受 ${most} 个点（一个框算两个点），而这里有 ${found} 个。请去掉一些。`,
    promptNothing: () => '请求分割时需要点、框或其他标记来说明对象，而这里没有。',
  },
);

export const samFailure = failuresOf(samSentences);
