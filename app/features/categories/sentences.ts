import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** Failures to change a category. */
export const categorySentences = sentenceSet(
  {
    categoryGone: ({ id }: { id: string }) =>
      `The project has no category ${id}; it may have been removed.`,
    categoryIntoItself: ({ name }: { name: string }) => `"${name}" cannot be merged into itself.`,
  },
  {
    categoryGone: ({ id }) => `项目中没有类别 ${id}；它可能已被移除。`,
    categoryIntoItself: ({ name }) => `“${name}”不能并入自身。`,
  },
);

export const categoryFailure = failuresOf(categorySentences);
