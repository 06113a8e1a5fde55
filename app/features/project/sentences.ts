import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** Failures to create or restore a project. */
export const projectSentences = sentenceSet(
  {
    fileNameImpossible: ({ name }: { name: string }) =>
      `"${name}" is not a valid file name. Choose a name with letters.`,
    backupIsOpen: ({ file }: { file: string }) =>
      `${file} is the open project. Choose a backup of it.`,
  },
  {
    fileNameImpossible: ({ name }) => `“${name}”不能用作文件名。请选择含有文字的名称。`,
    backupIsOpen: ({ file }) => `${file} 是打开的项目。请选择它的备份。`,
  },
);

export const projectFailure = failuresOf(projectSentences);
