import { z } from 'zod';
import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetFormat, Likeness } from '../format.ts';
import { keypointFiles, keypointsIn, readKeypoints } from './read.ts';
import { keypointsShape, writeKeypoints } from './write.ts';

/** COCO's keypoints: the regions whose category has a skeleton. */
export const cocoKeypoints: DatasetFormat<object, object> = {
  id: 'coco-keypoints',
  title: 'COCO keypoints',
  provenAgainst: ['pycocotools'],
  cannotHold:
    'Left out: regions whose category defines no keypoints, regions without a category, ' +
    'texts about whole images.',
  chinese: {
    cannotHold: '不写出：类别没有定义关键点的区域、没有类别的区域、关于整个图像的文字。',
  },
  detect,
  readOptions: z.object({}),
  reader: { read: readKeypoints },
  writeOptions: z.object({}),
  writer: {
    output: { kind: 'file', ending: '.json' },
    write: writeKeypoints,
    expected: keypointsShape,
    minimumIou: 1,
    takesKeypoints: true,
  },
};

async function detect(files: DatasetFiles): Promise<Likeness> {
  const paths = (await keypointFiles(files)).slice(0, 3);
  const starts = await Promise.all(paths.map((path) => files.start(path)));
  const texts = starts.map((start) => new TextDecoder().decode(start));
  const likenesses = texts.map(keypointsIn);
  if (likenesses.includes('certain')) return 'certain';
  if (likenesses.includes('possible')) return 'possible';
  const isNamed = paths.some((path) => /keypoints/i.test(path));
  return isNamed && texts.some((text) => /^\s*\{/.test(text)) ? 'possible' : 'none';
}
