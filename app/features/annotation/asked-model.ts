import type { JobModel } from '../../jobs/job-kind.ts';

/** What is needed of a model to annotate with it. */
export type AskedModel = Pick<
  JobModel,
  'hash' | 'requireReadable' | 'prefetch' | 'answer' | 'answerAll' | 'imagesAtOnce'
>;
