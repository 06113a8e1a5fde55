import type { Texts } from '../en.ts';

/** 选择文件夹时的文字。 */
export const placeTexts: Texts['places'] = {
  title: '位置',
  home: '主目录',
  favourites: '收藏',
  recent: '最近',
  keep: '收藏此文件夹',
  drop: (folder) => `取消收藏 ${folder}`,
  newFolder: '新建文件夹…',
  newFolderName: '新文件夹的名称',
  make: '创建',
  emptyFolder: '此文件夹是空的。',
  photosHere: (total) => `项目所在文件夹中有 ${total} 张图像。`,
  addPhotos: '添加它们',
};
