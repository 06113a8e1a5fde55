import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetFormat, Likeness } from '../format.ts';
import { openWriteOptions, type OpenWriteOptions } from './options.ts';
import { readOpenImages } from './reader.ts';
import { openFiles } from './tables.ts';
import { expectedOpenImages, writeOpenImages } from './writer.ts';

const text = new TextDecoder();

async function detect(files: DatasetFiles): Promise<Likeness> {
  const found = openFiles(await files.list());
  const tables = [...found.boxes, ...found.masks, ...found.images, ...found.imageLabels];
  for (const path of tables.slice(0, 5)) {
    if (/(^|,)ImageID(,|$)/m.test(text.decode(await files.start(path)))) {
      return found.boxes.length + found.masks.length > 0 || found.descriptions.length > 0
        ? 'certain'
        : 'possible';
    }
  }
  return 'none';
}

/** Open Images, versions 4 to 7. */
export const openImagesFormat: DatasetFormat<unknown, OpenWriteOptions> = {
  id: 'open-images',
  title: 'Open Images',
  provenAgainst: ['Datumaro'],
  cannotHold:
    'Converted to masks: outlines. Left out: texts, the mark that an image is empty, ' +
    'attributes except occluded, truncated, depiction and inside. Images without a split are ' +
    'written as training images.',
  chinese: {
    cannotHold:
      '转换为掩码：轮廓。不写出：文字、“无目标”标记、occluded、truncated、depiction、inside 以外的属性。没有划分的图像写为训练图像。',
  },
  namesForFolder: /\.csv$|hierarchy\.json$/i,
  detect,
  reader: { read: (files) => readOpenImages(files) },
  writeOptions: openWriteOptions,
  writer: {
    output: { kind: 'folder' },
    write: writeOpenImages,
    expected: expectedOpenImages,
    expectedFileName: ({ fileName, image }, { photos }) =>
      photos ? `images/${image.split ?? 'train'}/${fileName}` : fileName,
    // Fractions have digits for a millionth of a pixel, of which a box of few pixels shows the
    // most.
    minimumIou: 0.999,
  },
};
