import type { DatasetFormat } from '../format.ts';
import { detectCoco } from './detect.ts';
import { cocoExporter } from './exporter.ts';
import { cocoImporter } from './importer.ts';
import { cocoReader } from './reader.ts';
import { cocoWriteOptions, type CocoWriteOptions } from './options.ts';

/** COCO instances files, which also bring captions and keypoints' boxes of other COCO files. */
export const cocoFormat: DatasetFormat<unknown, CocoWriteOptions> = {
  id: 'coco',
  title: 'COCO',
  provenAgainst: ['pycocotools', 'torchvision', 'Hugging Face DETR'],
  cannotHold: 'Left out: regions without a category.',
  chinese: { cannotHold: '不写出：没有类别的区域。' },
  detect: detectCoco,
  reader: cocoReader,
  importer: cocoImporter,
  writeOptions: cocoWriteOptions,
  exporter: cocoExporter,
};
