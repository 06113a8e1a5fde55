import type { SentenceSet } from '../sentence-set.ts';
import { cocoSentences } from './coco/sentences.ts';
import { datasetSentences } from './sentences.ts';

/** What all formats say, for those who say it in another language. */
export const formatSentences: readonly SentenceSet[] = [datasetSentences, cocoSentences];
