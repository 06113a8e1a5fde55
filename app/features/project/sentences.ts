import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** What is said where a project cannot be made or restored. */
export const projectSentences = sentenceSet(
  {
    fileNameImpossible: ({ name }: { name: string }) =>
      `"${name}" cannot be a file name. Choose a name with letters.`,
    backupIsOpen: ({ file }: { file: string }) =>
      `${file} is the open project. Nothing needs restoring.`,
  },
  {
    fileNameImpossible: ({ name }) => `“${name}”不能用作文件名。请选择含有文字的名称。`,
    backupIsOpen: ({ file }) => `${file} 就是打开的项目，无需恢复。`,
  },
);

export const projectFailure = failuresOf(projectSentences);
