import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

interface ImageSize extends Size {
  readonly path: string;
}

/** Problems with images of the project and with imported photos. */
export const imageImportSentences = sentenceSet(
  {
    imageGone: ({ id }: { id: string }) =>
      `The project has no image ${id}; it may have been removed.`,
    imageEndingUnread: ({ extension }: { extension: string }) =>
      `the file type ${extension} is not supported. Save it as PNG or JPEG.`,
    imageSizeChanged: ({ path, width, height, imported }: ImageSize & { imported: Size }) =>
      `${path} differs from the imported photo: it has ${width} x ${height} pixels instead of ` +
      `${imported.width} x ${imported.height}. Restore the photo, or import the new one under another name.`,
    imageChanged: ({ path }: { path: string }) =>
      `${path} differs from the imported photo: its content has changed. Restore the photo, or check that its ` +
      'annotations still fit.',
    imagePages: ({ pages }: { pages: number }) =>
      `it has ${pages} pages or frames; only the first is imported. Save the others as separate files.`,
    imageMoved: ({ from }: { from: string }) =>
      `it has the content of the missing photo ${from}; the image and its annotations are moved to this path.`,
    zipWithoutPhotos: ({ path }: { path: string }) =>
      `The archive ${path} has no photos. Choose another archive, or a folder.`,
    fileNoPhoto: ({ path }: { path: string }) =>
      `Expected a folder, a zip archive or a photo, found ${path}. Choose a file with the ending of an image.`,
    folderLinked: () =>
      'it is a link to a folder; such links are not followed. Import the folder itself.',
    imagesKept: ({ imported, total }: { imported: number; total: number }) =>
      imported === 0
        ? 'No image was imported before the cancel.'
        : `${imported} of ${total} images were imported before the cancel.`,
  },
  {
    imageGone: ({ id }) => `项目中没有图像 ${id}；它可能已被移除。`,
    imageEndingUnread: ({ extension }) =>
      `不读取扩展名为 ${extension} 的图片。请另存为 PNG 或 JPEG。`,
    imageSizeChanged: ({ path, width, height, imported }) =>
      `${path} 与导入的照片不同：现为 ${width} x ${height} 像素，而不是 ${imported.width} x ${imported.height}。请放回原照片，或以别的名称导入新照片。`,
    imageChanged: ({ path }) =>
      `${path} 与导入的照片不同：内容已改变。请放回原照片，或查看其标注是否仍然相符。`,
    imagePages: ({ pages }) => `它有 ${pages} 页或帧，只导入第一页。请把其余各页另存为单独的文件。`,
    imageMoved: ({ from }) => `它与缺失的照片 ${from} 内容相同；图像及其标注改到此路径。`,
    zipWithoutPhotos: ({ path }) => `压缩包 ${path} 中没有照片。请选择其他压缩包或文件夹。`,
    fileNoPhoto: ({ path }) =>
      `应为文件夹、zip 压缩包或照片，实际为 ${path}。请选择扩展名为图像的文件。`,
    folderLinked: () => '它是指向文件夹的链接，不会跟随。请直接导入该文件夹。',
    imagesKept: ({ imported, total }) =>
      imported === 0
        ? '取消之前没有导入任何图像。'
        : `取消之前已导入 ${total} 张图像中的 ${imported} 张。`,
  },
);

export const imageImportFailure = failuresOf(imageImportSentences);
