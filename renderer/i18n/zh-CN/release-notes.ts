import type { Texts } from '../en.ts';

/** 程序更新后的文字。 */
export const releaseNoteTexts: Texts['releaseNotes'] = {
  title: (version) => `${version} 的新内容`,
  updated: (version) => `Pixel-SAIL Studio 已更新到 ${version}。`,
  show: '查看新内容',
};
