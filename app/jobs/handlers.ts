import type { HandlersOf } from '../session.ts';

export const jobHandlers: HandlersOf<'jobs'> = {
  'jobs.cancel': ({ jobId }, { jobs }) => jobs.cancel(jobId),
};
