import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** What is said of imports and exports that were cancelled. */
export const transferSentences = sentenceSet(
  {
    annotationsKept: ({ imported }: { imported: number }) =>
      `${imported} annotations were imported before the cancel. Undo takes them back.`,
    nothingWritten: () => 'Nothing was written.',
  },
  {
    annotationsKept: ({ imported }) => `取消之前已导入 ${imported} 个标注。撤销即可移除它们。`,
    nothingWritten: () => '没有写入任何内容。',
  },
);

export const transferFailure = failuresOf(transferSentences);
