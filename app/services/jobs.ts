import { AppError, toErrorEnvelope } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { AppEventName, AppEvents, JobEnd, JobStarted } from '../api/contract.ts';

export type Emit = <Name extends AppEventName>(name: Name, payload: AppEvents[Name]) => void;

export type JobResult = Extract<JobEnd, { outcome: 'done' }>['result'];

/** What long work is given: where to report to, and the signal that asks it to stop. */
export interface JobContext {
  readonly jobId: string;
  readonly signal: AbortSignal;
  /** `total` is null while it is not known. */
  progress(done: number, total: number | null): void;
}

const progressIntervalMs = 100;

/** Runs long work beside the calls. Work that stops early throws `cancelled` with a message of what was kept. */
export class Jobs {
  readonly #emit: Emit;
  readonly #running = new Map<string, { controller: AbortController; ended: Promise<void> }>();

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  start(label: string, work: (context: JobContext) => Promise<JobResult>): JobStarted {
    const jobId = newId();
    const controller = new AbortController();
    // The first turn is left to the caller, so that it knows the job's id before the job's first event.
    const ended = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => work(this.#context(jobId, label, controller.signal)))
      .then((result): JobEnd => ({ outcome: 'done', result }), toFailedEnd)
      .then((end) => {
        this.#running.delete(jobId);
        this.#emit('job:end', { jobId, label, end });
      });
    this.#running.set(jobId, { controller, ended });
    return { jobId };
  }

  /** @throws AppError `not-found` when no such job runs. */
  cancel(jobId: string): null {
    const job = this.#running.get(jobId);
    if (!job) throw new AppError('not-found', `No job ${jobId} is running; it may have ended.`);
    job.controller.abort();
    return null;
  }

  /** Cancels everything and waits until it has stopped. */
  async cancelAll(): Promise<void> {
    const jobs = [...this.#running.values()];
    for (const { controller } of jobs) controller.abort();
    await Promise.all(jobs.map(({ ended }) => ended));
  }

  #context(jobId: string, label: string, signal: AbortSignal): JobContext {
    let reportedAtMs = -Infinity;
    const progress = (done: number, total: number | null) => {
      const nowMs = performance.now();
      if (done !== total && nowMs - reportedAtMs < progressIntervalMs) return;
      reportedAtMs = nowMs;
      this.#emit('job:progress', { jobId, label, done, total });
    };
    return { jobId, signal, progress };
  }
}

function toFailedEnd(thrown: unknown): JobEnd {
  const { code, message } = toErrorEnvelope(thrown);
  return code === 'cancelled'
    ? { outcome: 'cancelled', kept: message }
    : { outcome: 'failed', code, message };
}
