import { expect, test } from 'vitest';
import { AppError, toErrorEnvelope } from '../../../core/errors.ts';
import { Jobs, type Emit } from '../../../app/jobs/jobs.ts';

/** A busy machine may take its time; a wait ends as soon as its state is there. */
const patience = { timeout: 20_000 };

const report = { images: 1, annotations: 0, categories: 0, skipped: [] };

function make() {
  const events: unknown[] = [];
  const emit: Emit = (name, payload) => void events.push([name, payload]);
  return { events, jobs: new Jobs(emit) };
}

test('a job tells its id before its first event, then its progress and its end', async () => {
  const { events, jobs } = make();
  const { jobId } = jobs.start('Work', ({ progress }) => {
    progress(1, 1);
    return Promise.resolve(report);
  });
  expect(events).toEqual([]);
  await expect
    .poll(() => events, patience)
    .toEqual([
      ['job:progress', { jobId, label: 'Work', done: 1, total: 1 }],
      ['job:end', { jobId, label: 'Work', end: { outcome: 'done', result: report } }],
    ]);
});

test('cancelled work says what it kept', async () => {
  const { events, jobs } = make();
  const cancelled = new AppError('cancelled', '3 are kept.');
  const { jobId } = jobs.start(
    'Work',
    ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(cancelled));
      }),
  );
  await new Promise(setImmediate);
  jobs.cancel(jobId);
  await jobs.cancelAll();
  expect(events).toEqual([
    [
      'job:end',
      { jobId, label: 'Work', end: { outcome: 'cancelled', error: toErrorEnvelope(cancelled) } },
    ],
  ]);
  expect(() => jobs.cancel(jobId)).toThrow(/No job/);
});

test('failed work tells the code and the message', async () => {
  const { events, jobs } = make();
  const full = new AppError('disk-full', 'Full.');
  const { jobId } = jobs.start('Work', () => Promise.reject(full));
  await expect
    .poll(() => events, patience)
    .toEqual([
      [
        'job:end',
        { jobId, label: 'Work', end: { outcome: 'failed', error: toErrorEnvelope(full) } },
      ],
    ]);
});

test('progress that comes thick and fast is thinned out, but its last step is told', async () => {
  const { events, jobs } = make();
  jobs.start('Work', ({ progress }) => {
    for (let done = 1; done <= 1000; done++) progress(done, 1000);
    return Promise.resolve(report);
  });
  await expect.poll(() => events.length, patience).toBeGreaterThan(2);
  expect(events.length).toBeLessThan(20);
  expect(events.at(-2)).toMatchObject(['job:progress', { done: 1000 }]);
});

test('a call that takes long is shown as a job and can be cancelled like one; a quick one is not', async () => {
  const { events, jobs } = make();
  const reportOf = () => ({ stepId: 1 });
  expect(await jobs.during('Undo', () => Promise.resolve('taken'), reportOf)).toBe('taken');
  expect(events).toEqual([]);

  const taken = jobs.during(
    'Undo',
    async ({ progress, signal }) => {
      // Reports until it is cancelled, as work in slices does.
      while (!signal.aborted) {
        progress(1, 2);
        await new Promise((resolve) => setImmediate(resolve));
      }
      throw new AppError('cancelled', 'Nothing was changed.');
    },
    reportOf,
  );
  await expect.poll(() => events.length, patience).toBeGreaterThan(0);
  const [, { jobId }] = events[0] as [string, { jobId: string }];
  jobs.cancel(jobId);
  await expect(taken).rejects.toMatchObject({ code: 'cancelled' });
  expect(events[0]).toEqual(['job:progress', { jobId, label: 'Undo', done: 1, total: 2 }]);
  expect(events.at(-1)).toMatchObject(['job:end', { jobId, end: { outcome: 'cancelled' } }]);
});
