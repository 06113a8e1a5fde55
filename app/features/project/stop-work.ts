import type { Services } from '../../session.ts';

/** Cancels prompts and jobs of the open project and waits until nothing reads it any more. */
export async function stopWork({
  prompts,
  words,
  other,
  jobs,
  thumbnails,
}: Pick<Services, 'prompts' | 'words' | 'other' | 'jobs' | 'thumbnails'>): Promise<void> {
  for (const queue of [prompts, words.prompts, other.prompts]) queue.cancelAll();
  await jobs.cancelOfProject();
  await thumbnails.stop();
}

/** Likewise, before another project takes its place or none. */
export async function leaveProject(services: Parameters<typeof stopWork>[0]): Promise<void> {
  await stopWork(services);
  // It may send photos to a server, which the next project did not choose.
  if (services.words.isOfProject) services.words.engine.dispose();
}
