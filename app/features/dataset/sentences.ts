import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** Results of a cancelled import or export. */
export const transferSentences = sentenceSet(
  {
    annotationsKept: ({ imported }: { imported: number }) =>
      imported === 0
        ? 'No annotation was imported before the cancel.'
        : `${imported} ${imported === 1 ? 'annotation was' : 'annotations were'} imported before the cancel. Undo removes them.`,
    nothingWritten: () => 'Nothing was written.',
  },
  {
    annotationsKept: ({ imported }) =>
      imported === 0
        ? '取消之前没有导入任何标注。'
        : `取消之前已导入 ${imported} 个标注。撤销即可移除它们。`,
    nothingWritten: () => '没有写入任何内容。',
  },
);

export const transferFailure = failuresOf(transferSentences);
