import type { JobModel } from '../../jobs/job-kind.ts';

/** The part of a model that annotation needs. */
export type AskedModel = Pick<
  JobModel,
  'hash' | 'requireReadable' | 'prefetch' | 'answer' | 'answerAll' | 'imagesAtOnce'
>;
