import type { Texts } from '../en.ts';
import { formatsOf } from '../formats.ts';

const { number } = formatsOf('zh-CN');

/** 已不是导入时的照片的文字。 */
export const changedPhotosTexts: Texts['changedPhotos'] = {
  title: (total) => `磁盘上有 ${number(total)} 张照片已改变或缺失`,
  choices: {
    keep: '区域保持原位',
    scale: '把区域缩放到新的大小',
    'set-aside': '移出这些图像',
  },
  help: {
    keep: '照片经过编辑，但内容仍在原来的位置。',
    scale: '照片以另一种大小保存。',
    'set-aside': '图像及其区域移出项目，文件保持不变。',
  },
  apply: (total) => `应用于 ${number(total)} 张照片`,
  applied: '已应用。可以撤销。',
  missing: '缺失的照片只能移出。',
  working: '采用已改变的照片',
};
