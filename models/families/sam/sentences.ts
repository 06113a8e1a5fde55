import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** Prompts that models of the SAM family do not accept. */
export const samSentences = sentenceSet(
  {
    modelPointsTooMany: ({ id, found, most }: { id: string; found: number; most: number }) =>
      `The model ${id} takes at most ${most} points at once, a box counting as two; ${found} were given. Remove some.`,
    promptNothing: () => 'The prompt is empty. Add a point, a box or another mark.',
  },
  {
    modelPointsTooMany: ({ id, found, most }) =>
      `模型 ${id} 一次最多接受 ${most} 个点（一个框算两个点），而这里有 ${found} 个。请去掉一些。`,
    promptNothing: () => '提示为空。请添加点、框或其他标记。',
  },
);

export const samFailure = failuresOf(samSentences);
