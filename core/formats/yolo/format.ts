import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetFormat, Likeness } from '../format.ts';
import { isPhoto } from '../photo-files.ts';
import { yoloWriteOptions, type YoloWriteOptions } from './options.ts';
import { cardPaths, readYolo, readYoloHead } from './reader.ts';
import { expectedYolo, expectedYoloName, writeYolo } from './writer.ts';

const text = new TextDecoder();

async function detect(files: DatasetFiles): Promise<Likeness> {
  const paths = await files.list();
  if (paths.some((path) => /(^|\/)obj\.(names|data)$/i.test(path))) return 'certain';
  const labels = paths.filter((path) => /\.txt$/i.test(path));
  for (const path of cardPaths(paths, files.given).slice(0, 3)) {
    const start = text.decode(await files.start(path));
    if (/^names\s*:/m.test(start) && /^(train|val|test|nc|path)\s*:/m.test(start)) return 'certain';
  }
  const inFolder = labels.filter((path) => /(^|\/)(labels|labelTxt)\//i.test(path));
  const hasClasses = labels.some((path) => /(^|\/)classes\.txt$/i.test(path));
  const likely = inFolder.length > 0 ? inFolder : hasClasses || paths.some(isPhoto) ? labels : [];
  for (const path of likely.filter((each) => !/classes\.txt$/i.test(each)).slice(0, 5)) {
    if (labelRow.test(text.decode(await files.start(path)))) {
      return hasClasses ? 'certain' : 'possible';
    }
  }
  return 'none';
}

/** The first row of a file: a class and fractions. */
const labelRow = /^\s*\d+(\.0+)?(\s+-?[\d.]+(e[-+]?\d+)?){4,}\s*(\r|\n|$)/i;

/** YOLO labels, of ultralytics, Roboflow, Darknet and labelling tools. */
export const yoloFormat: DatasetFormat<unknown, YoloWriteOptions> = {
  id: 'yolo',
  title: 'YOLO',
  provenAgainst: ['ultralytics', 'supervision'],
  cannotHold:
    'Left out: attributes, texts, crowd marks, the category tree. A dataset holds either ' +
    'boxes or outlines.',
  chinese: { cannotHold: '不写出：属性、文字、群体标记、类别树。一个数据集只保存框或只保存轮廓。' },
  namesForFolder: /^(?!read.?me|licen[cs]e|notes|requirements).*\.(ya?ml|names|data|labels|txt)$/i,
  detect,
  reader: { read: (files) => readYolo(files), readHead: (files) => readYoloHead(files) },
  writeOptions: yoloWriteOptions,
  writer: {
    output: { kind: 'folder' },
    write: writeYolo,
    expected: expectedYolo,
    expectedFileName: expectedYoloName,
    // Fractions have digits for a millionth of a pixel, of which a box of few pixels shows the
    // most.
    minimumIou: 0.999,
  },
};
