import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

interface ImageSize extends Size {
  readonly path: string;
}

/** What is said of images of the project, and of photos that are imported. */
export const imageImportSentences = sentenceSet(
  {
    imageGone: ({ id }: { id: string }) =>
      `The project has no image ${id}; it may have been removed.`,
    imageEndingUnread: ({ extension }: { extension: string }) =>
      `pictures with the ending ${extension} are not read. Save it as PNG or JPEG.`,
    imageSizeChanged: ({ path, width, height, imported }: ImageSize & { imported: Size }) =>
      `${path} is no longer the photo that was imported: it has ${width} x ${height} pixels instead of ` +
      `${imported.width} x ${imported.height}. Put the photo back, or import the new one under another name.`,
    imageChanged: ({ path }: { path: string }) =>
      `${path} is no longer the photo that was imported: its content has changed. Put the photo back, or see whether its ` +
      'annotations still fit.',
    imagePages: ({ pages }: { pages: number }) =>
      `it holds ${pages} pages or frames, of which only the first is the image. Save the others as files of their own.`,
    imageMoved: ({ from }: { from: string }) =>
      `it is the photo of ${from}, which is no longer there; the image and its annotations go with it.`,
    folderLinked: () =>
      'it is a link to a folder, and links to folders are not followed. Import the folder itself.',
    imagesKept: ({ imported, total }: { imported: number; total: number }) =>
      `${imported} of ${total} images were imported before the cancel.`,
  },
  {
    imageGone: ({ id }) => `项目中没有图像 ${id}；它可能已被移除。`,
    imageEndingUnread: ({ extension }) =>
      `不读取扩展名为 ${extension} 的图片。请另存为 PNG 或 JPEG。`,
    imageSizeChanged: ({ path, width, height, imported }) =>
      `${path} 已不是导入时的照片：现为 ${width} x ${height} 像素，而不是 ${imported.width} x ${imported.height}。请放回原照片，或以别的名称导入新照片。`,
    imageChanged: ({ path }) =>
      `${path} 已不是导入时的照片：内容已改变。请放回原照片，或查看其标注是否仍然相符。`,
    imagePages: ({ pages }) =>
      `它含有 ${pages} 页或帧，只有第一页作为图像。请把其余各页另存为单独的文件。`,
    imageMoved: ({ from }) => `它就是 ${from} 的照片，原文件已不在；图像及其标注随之改到新位置。`,
    folderLinked: () => '它是指向文件夹的链接，不会跟随。请直接导入该文件夹。',
    imagesKept: ({ imported, total }) => `取消之前已导入 ${total} 张图像中的 ${imported} 张。`,
  },
);

export const imageImportFailure = failuresOf(imageImportSentences);
