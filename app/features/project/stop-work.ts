import type { Services } from '../../session.ts';

/** Cancels prompts and jobs of the open project and waits until nothing reads it any more. */
export async function stopWork({
  prompts,
  jobs,
  thumbnails,
}: Pick<Services, 'prompts' | 'jobs' | 'thumbnails'>): Promise<void> {
  prompts.cancelAll();
  await jobs.cancelOfProject();
  await thumbnails.stop();
}
