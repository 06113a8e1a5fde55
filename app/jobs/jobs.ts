import { AppError, toErrorEnvelope } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { AppEventName, AppEvents } from '../api/contract.ts';
import type { JobStarted } from '../api/contract/job-started.ts';
import type { JobEnd } from '../api/contract/jobs.ts';

export type Emit = <Name extends AppEventName>(name: Name, payload: AppEvents[Name]) => void;

export type JobResult = Extract<JobEnd, { outcome: 'done' }>['result'];

/** What long work is given: where to report to, and the signal that asks it to stop. */
export interface JobContext {
  readonly jobId: string;
  readonly signal: AbortSignal;
  /** `total` is null while it is not known. */
  progress(done: number, total: number | null): void;
}

type Work = (context: JobContext) => Promise<JobResult>;

const progressIntervalMs = 100;
/** A call that takes longer is shown as a job. */
const shownAfterMs = 500;

interface RunningJob {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
  readonly isOfProject: boolean;
}

/** Runs long work beside the calls. Work that stops early throws `cancelled` with a message of what was kept. */
export class Jobs {
  readonly #emit: Emit;
  readonly #running = new Map<string, RunningJob>();

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** Whether any work is under way. */
  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  /** Starts work on the open project. */
  start(label: string, work: Work): JobStarted {
    return this.#start(label, work, true);
  }

  /** Starts work that goes on when the project is closed. */
  startBesideProject(label: string, work: Work): JobStarted {
    return this.#start(label, work, false);
  }

  /**
   * Runs work on the open project that a call waits for. When it takes long it is shown like any other job, and can be
   * cancelled like one.
   * @throws AppError what the work throws; `cancelled`.
   */
  async during<Result>(
    label: string,
    work: (context: JobContext) => Promise<Result>,
    reportOf: (result: Result) => JobResult,
  ): Promise<Result> {
    const jobId = newId();
    const controller = new AbortController();
    const startedAtMs = performance.now();
    let isShown = false;
    const context = this.#context(jobId, label, controller.signal);
    const working = work({
      ...context,
      progress: (done, total) => {
        isShown ||= performance.now() - startedAtMs > shownAfterMs;
        if (isShown) context.progress(done, total);
      },
    });
    const ended = working
      .then((result): JobEnd => ({ outcome: 'done', result: reportOf(result) }), toFailedEnd)
      .then((end) => {
        this.#running.delete(jobId);
        if (isShown) this.#emit('job:end', { jobId, label, end });
      });
    this.#running.set(jobId, { controller, ended, isOfProject: true });
    await ended;
    return working;
  }

  #start(label: string, work: Work, isOfProject: boolean): JobStarted {
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
    this.#running.set(jobId, { controller, ended, isOfProject });
    return { jobId };
  }

  /** @throws AppError `not-found` when no such job runs. */
  cancel(jobId: string): null {
    const job = this.#running.get(jobId);
    if (!job) throw new AppError('not-found', `No job ${jobId} is running; it may have ended.`);
    job.controller.abort();
    return null;
  }

  /** Cancels what works on the open project, and waits until it has stopped. */
  cancelOfProject(): Promise<void> {
    return this.#cancel([...this.#running.values()].filter(({ isOfProject }) => isOfProject));
  }

  /** Cancels everything and waits until it has stopped. */
  cancelAll(): Promise<void> {
    return this.#cancel([...this.#running.values()]);
  }

  async #cancel(jobs: readonly RunningJob[]): Promise<void> {
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
  const error = toErrorEnvelope(thrown);
  return { outcome: error.code === 'cancelled' ? 'cancelled' : 'failed', error };
}
