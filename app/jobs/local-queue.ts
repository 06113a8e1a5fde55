import { z } from 'zod';
import { AppError, toErrorEnvelope } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { RemainingTime } from '../../core/remaining-time.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';
import type { AppEventName, AppEvents } from '../api/contract.ts';
import type { InterruptedJob, JobEnd, JobResult, JobWords } from '../api/contract/jobs.ts';
import type { JobStarted } from '../api/contract/job-started.ts';
import type { AnyJobKind, JobContext, JobHost, JobKind, JobRun } from './job-kind.ts';
import type { JobStore } from './job-store.ts';
import type { JobOrder, Queue } from './queue.ts';
import { findJobKind, jobKinds } from './registry.ts';
import { jobFailure } from './sentences.ts';
import { projectFileFailure } from '../../db/project-file-sentences.ts';

export type Emit = <Name extends AppEventName>(name: Name, payload: AppEvents[Name]) => void;

const progressIntervalMs = 100;
/** A job that its caller waits for is shown when it takes longer. */
const shownAfterMs = 500;

export interface LocalQueueOptions {
  readonly emit: Emit;
  readonly host: JobHost;
  /** Where jobs that can be resumed are remembered. */
  readonly store: JobStore;
  readonly kinds?: readonly AnyJobKind[];
  /** Ends every job, also one that has not begun when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Also tells of a job that its caller waits for and that ends soon. */
  readonly showsAll?: boolean;
}

/** A job that was parsed and may begin. */
interface Ready {
  readonly jobId: string;
  readonly kind: JobKind;
  readonly input: unknown;
  readonly database: ProjectDatabase | null;
}

interface RunningJob {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
  isOfProject: boolean;
}

/** Runs jobs in this process, beside the calls, all of them at once. */
export class LocalQueue implements Queue {
  readonly #options: LocalQueueOptions;
  readonly #running = new Map<string, RunningJob>();

  constructor(options: LocalQueueOptions) {
    this.#options = options;
  }

  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  async start(order: JobOrder): Promise<JobStarted> {
    return this.#start(await this.#ready(newId(), order));
  }

  async run<Input, Result extends JobResult>(
    { id }: Pick<JobKind<Input, Result>, 'id'>,
    input: unknown,
    window?: string,
  ): Promise<Result> {
    const ready = await this.#ready(newId(), { kind: id, input, window });
    return (await this.#wait(ready)) as Result;
  }

  async cancel(jobId: string): Promise<null> {
    const job = this.#running.get(jobId);
    if (!job) throw new AppError('not-found', `No job ${jobId} is running; it may have ended.`);
    job.controller.abort();
    // Nobody wants it resumed, also where the process ends before the job has stopped.
    await this.#options.store.remove(jobId);
    return null;
  }

  cancelOfProject(): Promise<void> {
    return this.#cancel([...this.#running.values()].filter(({ isOfProject }) => isOfProject));
  }

  async close(): Promise<void> {
    await this.#cancel([...this.#running.values()]);
    await this.#options.store.close();
  }

  async interrupted(project: string | null): Promise<InterruptedJob[]> {
    const stored = await this.#options.store.interrupted();
    return stored.flatMap(({ jobId, kind, input, startedAtMs, project: ofJob }) => {
      const known = this.#kinds.find(({ id }) => id === kind);
      if (!known || (ofJob !== null && ofJob !== project)) return [];
      return [{ jobId, kind, title: known.title, input, project: ofJob, startedAtMs }];
    });
  }

  async resume(jobId: string, window?: string): Promise<JobStarted> {
    const stored = (await this.#options.store.interrupted()).find((job) => job.jobId === jobId);
    if (!stored) throw jobFailure('not-found', 'jobNotInterrupted', { id: jobId });
    const ready = await this.#ready(jobId, { ...stored, window });
    const file = ready.database?.file ?? null;
    if (stored.project !== null && stored.project !== file) {
      throw jobFailure('conflict', 'jobOfOtherProject', { project: stored.project });
    }
    if (!(await this.#options.store.take(jobId))) {
      throw jobFailure('not-found', 'jobNotInterrupted', { id: jobId });
    }
    return this.#start(ready);
  }

  async dismiss(jobId: string): Promise<void> {
    if (await this.#options.store.take(jobId)) await this.#options.store.remove(jobId);
  }

  get #kinds(): readonly AnyJobKind[] {
    return this.#options.kinds ?? jobKinds;
  }

  /** Parses an order, and asks the kind whether it may begin. */
  async #ready(jobId: string, { kind: id, input, window }: JobOrder): Promise<Ready> {
    const { host } = this.#options;
    const kind = findJobKind(id, this.#kinds);
    const parsed = kind.input.safeParse(input);
    if (!parsed.success) {
      const problem = z.prettifyError(parsed.error);
      throw jobFailure('invalid-input', 'jobInputInvalid', { kind: id, problem });
    }
    const { needsProject } = kind;
    const isOfProject =
      typeof needsProject === 'function' ? needsProject(parsed.data) : needsProject;
    const database = isOfProject ? host.project(window) : null;
    const ready = { jobId, kind, input: parsed.data, database };
    await kind.check?.(parsed.data, {
      modelFolders: host.modelFolders,
      project: () => projectOf(ready),
    });
    return ready;
  }

  async #start(ready: Ready): Promise<JobStarted> {
    const { jobId } = ready;
    await this.#remember(ready);
    // The first turn is left to the caller, so that it knows the job's id before the job's first
    // event.
    const begun = new Promise<void>((resolve) => setImmediate(resolve));
    const { ended } = this.#track(ready, (context) => begun.then(() => this.#work(ready, context)));
    void ended.then((end) => this.#tell(ready, end));
    return { jobId };
  }

  async #wait(ready: Ready): Promise<JobResult> {
    const startedAtMs = performance.now();
    let isShown = this.#options.showsAll ?? false;
    let result: JobResult | undefined;
    let thrown: unknown;
    await this.#remember(ready);
    const { ended } = this.#track(ready, async (context) => {
      try {
        return (result = await this.#work(ready, {
          ...context,
          progress: (done, total, stage) => {
            isShown ||= performance.now() - startedAtMs > shownAfterMs;
            if (isShown) context.progress(done, total, stage);
          },
        }));
      } catch (error) {
        thrown = error;
        throw error;
      }
    });
    const end = await ended;
    if (isShown) this.#tell(ready, end);
    if (result === undefined) throw thrown;
    return result;
  }

  /** Counts a job among those that run, until it has ended. */
  #track(
    { jobId, kind, database }: Ready,
    work: (context: JobContext) => Promise<JobResult>,
  ): { ended: Promise<JobEnd> } {
    const controller = new AbortController();
    const { signal: ofAll } = this.#options;
    const signal = ofAll ? AbortSignal.any([controller.signal, ofAll]) : controller.signal;
    const ended = work(this.#context(jobId, kind, signal))
      .then((result): JobEnd => ({ outcome: 'done', result }), toFailedEnd)
      .then(async (end) => {
        await this.#options.store.remove(jobId);
        this.#running.delete(jobId);
        return end;
      });
    this.#running.set(jobId, {
      controller,
      ended: ended.then(() => undefined),
      isOfProject: database !== null,
    });
    return { ended };
  }

  async #work(ready: Ready, context: JobContext): Promise<JobResult> {
    const { jobId, kind, input } = ready;
    const { host } = this.#options;
    const run: JobRun = {
      ...context,
      home: host.home,
      modelFolders: host.modelFolders,
      trainingFolder: host.trainingFolder,
      log: (line) => this.#options.emit('job:log', { jobId, line }),
      project: () => projectOf(ready),
      backupBeforeLargeStep: () => host.backupBeforeLargeStep(),
      projectChanged: () => host.projectChanged(),
      projectReleased: () => {
        const job = this.#running.get(jobId);
        if (job) job.isOfProject = false;
        return host.projectReleased();
      },
      locateModel: (model) => host.locateModel(model),
      openModel: (choice) => host.openModel(choice, context.signal),
      packGraphs: (files, target, options) => host.packGraphs(files, target, options),
    };
    const result = await kind.run(input, run);
    const parsed = kind.result.safeParse(result);
    if (parsed.success) return result;
    throw new AppError(
      'internal',
      `A job ${kind.id} gave what is not its result: ${z.prettifyError(parsed.error)}`,
    );
  }

  async #remember({ jobId, kind, input, database }: Ready): Promise<void> {
    if (!kind.resumable) return;
    const project = database?.file ?? null;
    await this.#options.store.add({
      ...{ jobId, kind: kind.id, input, project },
      startedAtMs: Date.now(),
    });
  }

  #tell({ jobId, kind }: Ready, end: JobEnd): void {
    const { id, title } = kind;
    const told =
      end.outcome === 'done' && kind.told ? { ...end, result: kind.told(end.result) } : end;
    this.#options.emit('job:end', { jobId, kind: id, title, end: told });
  }

  async #cancel(jobs: readonly RunningJob[]): Promise<void> {
    for (const { controller } of jobs) controller.abort();
    await Promise.all(jobs.map(({ ended }) => ended));
  }

  #context(jobId: string, { id: kind, title, unit }: JobKind, signal: AbortSignal): JobContext {
    const { emit } = this.#options;
    let reportedAtMs = -Infinity;
    let stageNow: string | undefined;
    let remaining = new RemainingTime(performance.now());
    const progress = (done: number, total: number | null, stage?: JobWords) => {
      const nowMs = performance.now();
      const isNewStage = stage?.en !== stageNow;
      if (isNewStage) remaining = new RemainingTime(nowMs);
      const leftMs = remaining.note(done, total, nowMs);
      const isDue = nowMs - reportedAtMs >= progressIntervalMs || isNewStage;
      stageNow = stage?.en;
      if (done !== total && !isDue) return;
      reportedAtMs = nowMs;
      emit('job:progress', {
        ...{ jobId, kind, title, done, total, leftMs },
        ...(stage && { stage }),
        ...(unit && { unit }),
      });
    };
    return { jobId, signal, progress };
  }
}

/** @throws AppError `project-not-open` for a kind that does not say that it needs one. */
function projectOf({ database }: Ready): ProjectDatabase {
  if (database) return database;
  throw projectFileFailure('project-not-open', 'projectNotOpen', {});
}

function toFailedEnd(thrown: unknown): JobEnd {
  const error = toErrorEnvelope(thrown);
  return { outcome: error.code === 'cancelled' ? 'cancelled' : 'failed', error };
}
