import { z } from 'zod';
import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetFormat, Likeness } from '../format.ts';
import { photosOptions, type PhotosOptions } from '../photos-option.ts';
import { panopticFiles, readPanoptic } from './read.ts';
import { panopticShape, writePanoptic } from './write.ts';

/** COCO's panoptic files: each pixel belongs to one segment at most. */
export const cocoPanoptic: DatasetFormat<object, PhotosOptions> = {
  id: 'coco-panoptic',
  title: 'COCO panoptic',
  provenAgainst: ['panopticapi', 'Datumaro'],
  cannotHold:
    'Converted to masks: boxes, outlines. Left out: pixels under upper regions, regions ' +
    'without a category.',
  chinese: {
    cannotHold: '转换为掩码：框、轮廓。不写出：被上层区域覆盖的像素、没有类别的区域。',
  },
  detect,
  readOptions: z.object({}),
  reader: { read: readPanoptic },
  writeOptions: photosOptions,
  writer: {
    output: { kind: 'folder' },
    write: writePanoptic,
    expected: panopticShape,
    minimumIou: 1,
  },
};

async function detect(files: DatasetFiles): Promise<Likeness> {
  const paths = (await panopticFiles(files)).slice(0, 3);
  const starts = await Promise.all(paths.map((path) => files.start(path)));
  const texts = starts.map((start) => new TextDecoder().decode(start));
  if (texts.some((text) => text.includes('"segments_info"'))) return 'certain';
  const isNamed = paths.some((path) => /(^|\/)panoptic[^/]*$/i.test(path));
  return isNamed && texts.some((text) => /^\s*\{/.test(text)) ? 'possible' : 'none';
}
