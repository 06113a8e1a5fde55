import { failuresOf } from '../core/errors.ts';
import { sentenceSet } from '../core/sentence-set.ts';

/** Failures to make a backup. */
export const backupSentences = sentenceSet(
  {
    backupExists: ({ file }: { file: string }) =>
      `${file} exists already and was not changed. Choose another name for the backup.`,
    backupFolderMissing: ({ folder }: { folder: string }) =>
      `The folder ${folder} does not exist. Create it first.`,
  },
  {
    backupExists: ({ file }) => `${file} 已存在，未作更改。请为备份另选一个名称。`,
    backupFolderMissing: ({ folder }) => `文件夹 ${folder} 不存在。请先创建它。`,
  },
);

export const backupFailure = failuresOf(backupSentences);
