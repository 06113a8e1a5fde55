import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** What is said where a part of a project cannot be handed out or merged again. */
export const handoutSentences = sentenceSet(
  {
    handoutEmpty: () =>
      'No image of the project is among those asked for, so there is nothing to hand out. Choose other states or another split.',
    handoutPhotosThere: ({ folder }: { folder: string }) =>
      `${folder} is there already, and photos would be copied into it. Choose another name, or move that folder away.`,
    handoutNotMade: () => 'Nothing was handed out.',
    handoutUndone: ({ file }: { file: string }) =>
      `In ${file} the step that brought its records was undone and others were taken since, so it does not say what was changed. ` +
      'Import a dataset that is exported from it instead.',
    handoutForeign: ({ file, name }: { file: string; name: string }) =>
      `${file} was not handed out from the project "${name}". Merge a file that "handout" made of it.`,
  },
  {
    handoutEmpty: () => '项目中没有符合条件的图像，因此没有可以分发的内容。请选择其他状态或划分。',
    handoutPhotosThere: ({ folder }) =>
      `${folder} 已存在，照片将复制到其中。请换一个名称，或移走该文件夹。`,
    handoutNotMade: () => '没有分发任何内容。',
    handoutUndone: ({ file }) =>
      `${file} 中带入记录的那一步已被撤销，之后又有其他步骤，因此无法得知改动了什么。请改为导入从中导出的数据集。`,
    handoutForeign: ({ file, name }) =>
      `${file} 不是从项目“${name}”分发的。请合并由该项目的 handout 生成的文件。`,
  },
);

export const handoutFailure = failuresOf(handoutSentences);
