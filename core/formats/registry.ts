import type { SentenceSet } from '../sentence-set.ts';
import { captionsSentences } from './coco-captions/sentences.ts';
import { keypointsSentences } from './coco-keypoints/sentences.ts';
import { panopticSentences } from './coco-panoptic/sentences.ts';
import { resultsSentences } from './coco-results/sentences.ts';
import { cocoSentences } from './coco/sentences.ts';
import { cvatSentences } from './cvat/sentences.ts';
import { labelStudioSentences } from './label-studio/sentences.ts';
import { regionSentences } from './region-sentences.ts';
import { datasetSentences } from './sentences.ts';

/** What all formats say, for those who say it in another language. */
export const formatSentences: readonly SentenceSet[] = [
  datasetSentences,
  regionSentences,
  cocoSentences,
  captionsSentences,
  keypointsSentences,
  panopticSentences,
  resultsSentences,
  cvatSentences,
  labelStudioSentences,
];
