import type { HandlersOf } from '../session.ts';

export const jobHandlers: HandlersOf<'jobs'> = {
  'jobs.start': ({ kind, input }, { jobs, window }) => jobs.start({ kind, input, window }),
  'jobs.cancel': ({ jobId }, { jobs }) => jobs.cancel(jobId),
  'jobs.interrupted': (_, { jobs, projects }) => jobs.interrupted(projects.current?.file ?? null),
  'jobs.resume': ({ jobId }, { jobs, window }) => jobs.resume(jobId, window),
  'jobs.dismiss': async ({ jobId }, { jobs, projects }) => {
    await jobs.dismiss(jobId);
    return jobs.interrupted(projects.current?.file ?? null);
  },
};
