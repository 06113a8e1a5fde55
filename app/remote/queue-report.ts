import { Queue } from 'bullmq';
import { basename } from 'node:path';
import { readReason, workQueue, workSchema } from './work.ts';
import type { RedisServer } from './redis-server.ts';

/** Work that was given up. */
export interface DeadLetter {
  /** Name of the photo; null where the work cannot be read. */
  readonly image: string | null;
  readonly attempts: number;
  readonly reason: string;
}

export interface QueueReport {
  readonly isPaused: boolean;
  readonly workers: number;
  readonly waiting: number;
  readonly active: number;
  readonly done: number;
  readonly dead: readonly DeadLetter[];
}

/** Actions on the queue. */
export const queueChanges = ['pause', 'resume', 'retry', 'clear'] as const;
export type QueueChange = (typeof queueChanges)[number];

/**
 * Changes the queue where asked to, and says how it stands: `pause` lets workers finish what they
 * have, `retry` gives dead letters out again, `clear` drops all that is not being worked on.
 */
export async function reportQueue(
  { connection }: RedisServer,
  change: QueueChange | null,
): Promise<QueueReport> {
  const queue = new Queue(workQueue, { connection });
  queue.on('error', () => undefined);
  try {
    if (change === 'pause') await queue.pause();
    if (change === 'resume') await queue.resume();
    if (change === 'retry') await queue.retryJobs({ state: 'failed' });
    if (change === 'clear') {
      await queue.drain(true);
      for (const state of ['failed', 'completed'] as const) await queue.clean(0, 0, state);
    }
    const counts = await queue.getJobCounts();
    const count = (...states: string[]) =>
      states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
    const dead = await queue.getFailed();
    return {
      isPaused: await queue.isPaused(),
      workers: (await queue.getWorkers()).length,
      waiting: count('waiting', 'paused', 'delayed', 'prioritized'),
      active: count('active'),
      done: count('completed'),
      dead: dead.map(({ data, attemptsMade, failedReason }) => {
        const work = workSchema.safeParse(data);
        const path = work.success ? (work.data.image?.path ?? null) : null;
        return {
          image: path === null ? null : basename(path.replaceAll('\\', '/')),
          attempts: attemptsMade,
          reason: readReason(failedReason).message,
        };
      }),
    };
  } finally {
    await queue.close();
  }
}
