import { z } from 'zod';
import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetFormat, Likeness } from '../format.ts';
import { resultsWriteOptions, type ResultsWriteOptions } from './options.ts';
import { isResults, readResults, resultFiles } from './read.ts';
import { resultShape, writeResults } from './write.ts';

/** COCO's results: what a model found, with scores. */
export const cocoResults: DatasetFormat<object, ResultsWriteOptions> = {
  id: 'coco-results',
  title: 'COCO results',
  provenAgainst: ['pycocotools'],
  cannotHold:
    'Left out: texts, attributes, regions without a category. A file holds either masks or boxes.',
  chinese: {
    cannotHold: '不写出：文字、属性、没有类别的区域。一个文件只保存掩码或只保存框。',
  },
  detect,
  readOptions: z.object({}),
  reader: { read: readResults },
  writeOptions: resultsWriteOptions,
  writer: {
    output: { kind: 'folder' },
    write: writeResults,
    expected: resultShape,
    minimumIou: 1,
  },
};

/** Certain only where a file says what the numbers mean, too. */
async function detect(files: DatasetFiles): Promise<Likeness> {
  const { results, instances } = await resultFiles(files);
  if (results.length === 0) return 'none';
  if (files.given !== null) {
    const text = new TextDecoder().decode(await files.start(files.given));
    if (!isResults(text)) return 'none';
  }
  return instances.length === 1 ? 'certain' : 'possible';
}
