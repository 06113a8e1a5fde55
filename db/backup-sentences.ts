import { failuresOf } from '../core/errors.ts';
import { sentenceSet } from '../core/sentence-set.ts';

/** What is said of backups that cannot be made. */
export const backupSentences = sentenceSet(
  {
    backupExists: ({ file }: { file: string }) =>
      `${file} exists already and was left as it is. Choose another name for the backup.`,
    backupFolderMissing: ({ folder }: { folder: string }) =>
      `There is no folder ${folder}. Make it first.`,
  },
  {
    backupExists: ({ file }) => `${file} 已存在，未作更改。请为备份另选一个名称。`,
    backupFolderMissing: ({ folder }) => `没有文件夹 ${folder}。请先创建它。`,
  },
);

export const backupFailure = failuresOf(backupSentences);
