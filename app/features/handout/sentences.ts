import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** Failures to write or merge a handout. */
export const handoutSentences = sentenceSet(
  {
    handoutEmpty: () =>
      'No image of the project has the chosen states and split. Choose other states or another split.',
    handoutPhotosThere: ({ folder }: { folder: string }) =>
      `${folder} is there already, and photos would be copied into it. Choose another name, or move that folder away.`,
    handoutZipWithout: ({ file }: { file: string }) =>
      `Expected one project in ${file}, found none or several. Choose an archive that "handout" wrote.`,
    handoutNotMade: () => 'Nothing was handed out.',
    handoutUndone: ({ file }: { file: string }) =>
      `The first step of ${file}, which added the records of the handout, was undone and other steps followed; the changes ` +
      'cannot be determined. Export a dataset from the file and import that instead.',
    handoutForeign: ({ file, name }: { file: string; name: string }) =>
      `${file} is not a handout of the project "${name}". Choose a file that "handout" wrote from this project.`,
  },
  {
    handoutEmpty: () => '项目中没有符合所选状态和划分的图像。请选择其他状态或划分。',
    handoutPhotosThere: ({ folder }) =>
      `${folder} 已存在，照片将复制到其中。请换一个名称，或移走该文件夹。`,
    handoutZipWithout: ({ file }) =>
      `${file} 中应有一个项目，实际没有或有多个。请选择由 handout 写出的压缩包。`,
    handoutNotMade: () => '没有分发任何内容。',
    handoutUndone: ({ file }) =>
      `${file} 中添加分发记录的第一步已被撤销，之后又有其他步骤，无法确定更改内容。请从该文件导出数据集，再导入该数据集。`,
    handoutForeign: ({ file, name }) =>
      `${file} 不是项目“${name}”的分发文件。请选择由该项目的 handout 写出的文件。`,
  },
);

export const handoutFailure = failuresOf(handoutSentences);
