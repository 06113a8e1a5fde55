import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** Failures to read a record. */
export const recordSentences = sentenceSet(
  {
    recordUnreadable: ({ kind, id, column }: { id: string; kind: string; column: string }) =>
      `The ${column} of the ${kind} ${id} cannot be read: this part of the project file is damaged. Open a backup, or recover ` +
      'the other records into a new project: pixelsail rescue OLD NEW',
  },
  {
    recordUnreadable: ({ kind, id, column }) =>
      `无法读取 ${kind} ${id} 的 ${column}：项目文件的这一部分已损坏。请打开备份，或把其余记录恢复到新项目：pixelsail rescue OLD NEW`,
  },
);

export const recordFailure = failuresOf(recordSentences);
