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
export async function leaveProject(
  services: Parameters<typeof stopWork>[0] & Pick<Services, 'engine' | 'masks'>,
): Promise<void> {
  await stopWork(services);
  // They may send photos to a server, which the next project did not choose.
  const { words, engine, masks } = services;
  if (words.isOfProject) words.engine.dispose();
  const { status } = engine;
  const isLocal = status.state === 'ready' && status.device.used !== 'server';
  if (masks.isOfProject && !isLocal) engine.dispose();
}
