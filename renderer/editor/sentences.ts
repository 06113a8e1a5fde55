import { failuresOf } from '../../core/errors.ts';
import { sentenceSet } from '../../core/sentence-set.ts';

/** Changes that the editor refuses. */
export const editorSentences = sentenceSet(
  {
    emptyShape: () => 'This shape covers no pixel of the image. Draw it larger.',
    nothingLeft: () => 'The region would become empty and was not changed.',
    changesRefused: ({ count }: { count: number }) =>
      `${count} of your changes ${count === 1 ? 'was' : 'were'} refused, because another window had changed the same records. Decide at the ` +
      'top of the window first whether to keep your changes.',
  },
  {
    emptyShape: () => '这个形状没有覆盖图像的任何像素。请画大一些。',
    nothingLeft: () => '该区域会变为空，因此未作修改。',
    changesRefused: ({ count }) =>
      `您有 ${count} 处更改被拒绝，因为另一个窗口已改动相同的记录。请先在窗口顶部决定是否保留您的更改。`,
  },
);

export const editorFailure = failuresOf(editorSentences);
