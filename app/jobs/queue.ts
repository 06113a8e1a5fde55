import type { InterruptedJob, JobResult } from '../api/contract/jobs.ts';
import type { JobStarted } from '../api/contract/job-started.ts';
import type { JobKind } from './job-kind.ts';

/** A job as data, and who asks for it. */
export interface JobOrder {
  readonly kind: string;
  /** The output of the `input` schema of the kind. */
  readonly input: unknown;
  /** Id of the window that asks, whose own step the work becomes. */
  readonly window?: string | undefined;
}

/**
 * Takes jobs and has them run, in this process (local-queue.ts) or elsewhere. The events
 * `job:progress`, `job:log` and `job:end` report on them.
 */
export interface Queue {
  /** Whether any job is under way. */
  readonly isBusy: boolean;
  /**
   * @throws AppError `not-found` for an unknown kind, `invalid-input` for an input that is not the
   *   kind's, and what the kind finds wrong before it begins.
   */
  start(order: JobOrder): Promise<JobStarted>;
  /**
   * Runs a job that its caller waits for; it is told of like any other only when it takes long.
   * @throws AppError as {@link start} and the job itself throw.
   */
  run<Input, Result extends JobResult>(
    kind: Pick<JobKind<Input, Result>, 'id' | 'input' | 'result'>,
    input: unknown,
    window?: string,
  ): Promise<Result>;
  /** Asks a job to stop. @throws AppError `not-found` when no such job runs. */
  cancel(jobId: string): Promise<null>;
  /** Cancels what works on the open project, and waits until it has stopped. */
  cancelOfProject(): Promise<void>;
  /** Cancels everything and waits until it has stopped; nothing more can be started. */
  close(): Promise<void>;
  /** Jobs of a project, or of none, that were running when their process died. */
  interrupted(project: string | null): Promise<InterruptedJob[]>;
  /** Runs an interrupted job again under its id. @throws AppError `not-found`. */
  resume(jobId: string, window?: string): Promise<JobStarted>;
  /** Takes an interrupted job off the list. */
  dismiss(jobId: string): Promise<void>;
}
