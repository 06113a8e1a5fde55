import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetFormat, Likeness } from '../format.ts';
import {
  vocReadOptions,
  vocWriteOptions,
  type VocReadOptions,
  type VocWriteOptions,
} from './options.ts';
import { readVoc } from './reader.ts';
import { expectedVoc, writeVoc } from './writer.ts';

const text = new TextDecoder();

async function detect(files: DatasetFiles): Promise<Likeness> {
  const paths = await files.list();
  if (paths.some((path) => /(^|\/)Segmentation(Class|Object)\/.+\.png$/.test(path)))
    return 'certain';
  const xmls = paths.filter((path) => path.endsWith('.xml'));
  const inFolder = xmls.filter((path) => /(^|\/)Annotations\//.test(path));
  for (const path of (inFolder.length > 0 ? inFolder : xmls).slice(0, 5)) {
    const start = text.decode(await files.start(path));
    const isAnnotation = /<annotation[\s>]/.test(start) && !isLabelMe.test(start);
    if (isAnnotation && /<bndbox>|<size>|<segmented>/.test(start)) return 'certain';
    if (isAnnotation) return 'possible';
  }
  return 'none';
}

/** The old LabelMe writes polygons into the same element. */
const isLabelMe = /<polygon>|<deleted>|<imagesize>/;

/** Pascal VOC: boxes in XML, masks in PNG. */
export const vocFormat: DatasetFormat<VocReadOptions, VocWriteOptions> = {
  id: 'voc',
  title: 'Pascal VOC',
  provenAgainst: ['supervision', 'torchvision', 'Datumaro'],
  cannotHold:
    'Converted to masks: outlines. Left out: pixels under later regions, texts, crowd marks, ' +
    'the category tree, masks after the 254th of an image.',
  chinese: {
    cannotHold:
      '转换为掩码：轮廓。不写出：被后画区域覆盖的像素、文字、群体标记、类别树、一张图像第 254 个以后的掩码。',
  },
  namesForFolder: /\.(xml|png)$/i,
  detect,
  readOptions: vocReadOptions,
  reader: { read: readVoc },
  writeOptions: vocWriteOptions,
  writer: {
    output: { kind: 'folder' },
    write: writeVoc,
    expected: expectedVoc,
    expectedFileName: ({ fileName }, { photos }) => (photos ? `JPEGImages/${fileName}` : fileName),
    readOptions: () => vocReadOptions.parse({}),
    minimumIou: 1,
  },
};
