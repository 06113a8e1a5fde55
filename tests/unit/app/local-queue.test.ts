import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { JobHost, JobKind, JobRun } from '../../../app/jobs/job-kind.ts';
import { resultOf } from '../../../app/jobs/job-result.ts';
import { JobStore } from '../../../app/jobs/job-store.ts';
import { LocalQueue, type Emit } from '../../../app/jobs/local-queue.ts';
import type { JobResult } from '../../../app/api/contract/jobs.ts';
import { AppError, toErrorEnvelope } from '../../../core/errors.ts';

/** A busy machine may take its time; a wait ends as soon as its state is there. */
const patience = { timeout: 20_000 };

const report = { kind: 'table', table: [['a'], ['1']] } as const;
const title = { en: 'Working', 'zh-CN': '工作' };

const folders: string[] = [];
const queues: LocalQueue[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const queue of queues.splice(0)) await queue.close();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

type Work = (run: JobRun, input: { readonly times: number }) => Promise<JobResult>;

/** A queue of one kind, `work`, in a user's folder of its own or one that is given. */
function make(
  work: Work,
  home = mkdtempSync(join(tmpdir(), 'pixel-sail-jobs-')),
  signal?: AbortSignal,
) {
  if (!folders.includes(home)) folders.push(home);
  const events: unknown[] = [];
  const emit: Emit = (name, payload) => void events.push([name, payload]);
  const kind: JobKind<{ times: number }> = {
    id: 'work',
    title,
    input: z.object({ times: z.number().int() }),
    result: resultOf('table'),
    needsProject: false,
    resumable: true,
    run: (input, run) => work(run, input),
  };
  const host = { home, modelFolders: [], trainingFolder: '' } as unknown as JobHost;
  const queue = new LocalQueue({ emit, host, store: new JobStore(home), kinds: [kind], signal });
  queues.push(queue);
  return { events, queue, home, kind };
}

const order = { kind: 'work', input: { times: 1 } };
const about = { kind: 'work', title };

test('a job tells its id before its first event, then its progress, its log and its end', async () => {
  const { events, queue } = make((run) => {
    run.log('half way');
    run.progress(1, 1);
    return Promise.resolve(report);
  });
  const { jobId } = await queue.start(order);
  expect(events).toEqual([]);
  await expect
    .poll(() => events, patience)
    .toEqual([
      ['job:log', { jobId, line: 'half way' }],
      ['job:progress', { jobId, ...about, done: 1, total: 1, leftMs: null }],
      ['job:end', { jobId, ...about, end: { outcome: 'done', result: report } }],
    ]);
});

test('the signal of a host cancels a job also where it aborts before the job has begun', async () => {
  const controller = new AbortController();
  const work: Work = ({ signal }) =>
    signal.aborted
      ? Promise.reject(new AppError('cancelled', 'Stopped.'))
      : Promise.resolve(report);
  const { queue, kind } = make(work, undefined, controller.signal);
  expect(await queue.run(kind, order.input)).toEqual(report);
  const running = queue.run(kind, order.input);
  controller.abort();
  await expect(running).rejects.toMatchObject({ code: 'cancelled' });
});

test('cancelled work says what it kept', async () => {
  const { events, queue } = make(
    ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(cancelled));
      }),
  );
  const cancelled = new AppError('cancelled', '3 are kept.');
  const { jobId } = await queue.start(order);
  await new Promise(setImmediate);
  await queue.cancel(jobId);
  await expect
    .poll(() => events, patience)
    .toEqual([
      [
        'job:end',
        { jobId, ...about, end: { outcome: 'cancelled', error: toErrorEnvelope(cancelled) } },
      ],
    ]);
  await expect(queue.cancel(jobId)).rejects.toThrow(/No job/);
});

test('failed work tells the code and the message', async () => {
  const full = new AppError('disk-full', 'Full.');
  const { events, queue } = make(() => Promise.reject(full));
  const { jobId } = await queue.start(order);
  const end = { outcome: 'failed', error: toErrorEnvelope(full) };
  await expect.poll(() => events, patience).toEqual([['job:end', { jobId, ...about, end }]]);
});

test('progress that comes thick and fast is thinned out, but its last step is told', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { events, queue } = make(({ progress }) => {
    for (let done = 1; done <= 1000; done++) {
      progress(done, 1000);
      vi.advanceTimersByTime(1);
    }
    return Promise.resolve(report);
  });
  await queue.start(order);
  await expect.poll(() => events.at(-1), patience).toMatchObject(['job:end', {}]);
  const told = events.slice(0, -1).map((event) => (event as [string, { done: number }])[1].done);
  expect(told).toEqual([1, 101, 201, 301, 401, 501, 601, 701, 801, 901, 1000]);
});

test('what is left is estimated from the recent rate, for each stage anew', async () => {
  const first = { en: 'first', 'zh-CN': '第一步' };
  const second = { en: 'second', 'zh-CN': '第二步' };
  const next = Promise.withResolvers<null>();
  const { events, queue } = make(async ({ progress }) => {
    progress(0, 4, first);
    await next.promise;
    progress(4, 4, { ...first });
    progress(0, 9, second);
    return report;
  });
  await queue.start(order);
  await expect.poll(() => events.length, patience).toBe(1);
  next.resolve(null);
  await expect.poll(() => events.length, patience).toBe(4);
  expect(events).toMatchObject([
    ['job:progress', { stage: first, done: 0, leftMs: null }],
    ['job:progress', { stage: first, done: 4, leftMs: null }],
    ['job:progress', { stage: second, done: 0, leftMs: null }],
    ['job:end', {}],
  ]);
});

test('a job that its caller waits for is told of when it takes long, and can be cancelled; a quick one is not', async () => {
  let isQuick = true;
  const { events, queue, kind } = make(async ({ progress, signal }) => {
    if (isQuick) return report;
    // Reports until it is cancelled, as work in slices does.
    while (!signal.aborted) {
      progress(1, 2);
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new AppError('cancelled', 'Nothing was changed.');
  });
  expect(await queue.run(kind, { times: 1 })).toEqual(report);
  expect(events).toEqual([]);

  isQuick = false;
  const taken = queue.run(kind, { times: 1 });
  taken.catch(() => undefined);
  await expect.poll(() => events.length, patience).toBeGreaterThan(0);
  const [, { jobId }] = events[0] as [string, { jobId: string }];
  await queue.cancel(jobId);
  await expect(taken).rejects.toMatchObject({ code: 'cancelled' });
  expect(events[0]).toMatchObject(['job:progress', { jobId, ...about, done: 1, total: 2 }]);
  expect(events.at(-1)).toMatchObject(['job:end', { jobId, end: { outcome: 'cancelled' } }]);
});

test('unknown kinds and inputs that are not the kind’s are refused, and nothing begins', async () => {
  const { events, queue } = make(() => Promise.resolve(report));
  await expect(queue.start({ kind: 'paint', input: {} })).rejects.toMatchObject({
    code: 'not-found',
    message: 'The job kind "paint" is unknown. Choose one of these: work.',
  });
  await expect(queue.start({ kind: 'work', input: { times: 'x' } })).rejects.toMatchObject({
    code: 'invalid-input',
    message: expect.stringContaining('The input of the job "work"') as string,
  });
  expect(queue.isBusy).toBe(false);
  expect(events).toEqual([]);
});

test('a result that is not the kind’s fails the job', async () => {
  const { events, queue } = make(() => Promise.resolve({ kind: 'step', stepId: 1 }));
  await queue.start(order);
  await expect
    .poll(() => events, patience)
    .toMatchObject([['job:end', { end: { outcome: 'failed', error: { code: 'internal' } } }]]);
});

test('a job that runs is not offered to another process, nor one that has ended to anybody', async () => {
  const finish = Promise.withResolvers<JobResult>();
  const { queue, home } = make(() => finish.promise);
  await queue.start(order);
  const { queue: other } = make(() => Promise.resolve(report), home);
  expect(await other.interrupted(null)).toEqual([]);
  finish.resolve(report);
  await expect.poll(() => queue.isBusy, patience).toBe(false);
  await queue.close();
  expect(await other.interrupted(null)).toEqual([]);
});
