import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** Failures to create, restore or leave a project. */
export const projectSentences = sentenceSet(
  {
    fileNameImpossible: ({ name }: { name: string }) =>
      `"${name}" is not a valid file name. Choose a name with letters.`,
    backupIsOpen: ({ file }: { file: string }) =>
      `${file} is the open project. Choose a backup of it.`,
    stepOfOtherProject: () =>
      'Another project was opened before this change was made, so it was not made. Open its project again and repeat it.',
  },
  {
    fileNameImpossible: ({ name }) => `“${name}”不能用作文件名。请选择含有文字的名称。`,
    backupIsOpen: ({ file }) => `${file} 是打开的项目。请选择它的备份。`,
    stepOfOtherProject: () =>
      '在进行此更改之前已打开另一个项目，因此未作更改。请重新打开原项目后再试。',
  },
);

export const projectFailure = failuresOf(projectSentences);
