import { failuresOf } from '../../../core/errors.ts';
import { sentenceSet } from '../../../core/sentence-set.ts';

/** Failures to start training. */
export const finetuneSentences = sentenceSet(
  {
    trainingMissing: ({ folder }: { folder: string }) =>
      `Training needs the Python sources of Pixel-SAIL Studio; the folder ${folder} does not have them. Run the program from a ` +
      'source checkout.',
  },
  {
    trainingMissing: ({ folder }) =>
      `训练需要 Pixel-SAIL Studio 的 Python 源代码，但 ${folder} 中没有。请从源代码目录运行本程序。`,
  },
);

export const finetuneFailure = failuresOf(finetuneSentences);
