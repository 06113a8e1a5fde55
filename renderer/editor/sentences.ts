import { failuresOf } from '../../core/errors.ts';
import { sentenceSet } from '../../core/sentence-set.ts';

/** What is said of changes that the editor cannot make. */
export const editorSentences = sentenceSet(
  {
    emptyShape: () => 'This shape covers no pixel of the image. Draw it larger.',
    nothingLeft: () => 'Nothing would be left of the region, so it was not changed.',
    changesRefused: ({ count }: { count: number }) =>
      `${count} of your changes ${count === 1 ? 'was' : 'were'} refused, because the records had been changed elsewhere. Decide at the ` +
      'top of the window what becomes of them first.',
  },
  {
    emptyShape: () => '这个形状没有覆盖图像的任何像素。请画大一些。',
    nothingLeft: () => '该区域将一无所剩，因此未作修改。',
    changesRefused: ({ count }) =>
      `您有 ${count} 处更改被拒绝，因为记录已在别处改动。请先在窗口顶部决定如何处理。`,
  },
);

export const editorFailure = failuresOf(editorSentences);
