import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** What is said of records that cannot be read. */
export const recordSentences = sentenceSet(
  {
    recordUnreadable: ({ kind, id, column }: { id: string; kind: string; column: string }) =>
      `The ${column} of the ${kind} ${id} cannot be read: the project file is damaged there. Open a backup, or rescue the rest ` +
      'into a new project: pixelsail rescue OLD NEW',
  },
  {
    recordUnreadable: ({ kind, id, column }) =>
      `无法读取 ${kind} ${id} 的 ${column}：项目文件在那里损坏。请打开备份，或把其余内容抢救到新项目：pixelsail rescue OLD NEW`,
  },
);

export const recordFailure = failuresOf(recordSentences);
