import { SvelteMap } from 'svelte/reactivity';
import { spokenOf } from './i18n/text.svelte.ts';
import type { AppEvents, HostBridge } from '../app/api/contract.ts';
import type { JobStarted } from '../app/api/contract/job-started.ts';
import type { JobEnd, JobUnit, JobWords } from '../app/api/contract/jobs.ts';

export interface Job {
  readonly id: string;
  /** Null until it is told. */
  readonly kind: string | null;
  readonly label: string;
  /** The current stage of a job with several stages. */
  readonly stage: JobWords | null;
  /** The log of the job, oldest line first. */
  readonly log: readonly string[];
  /** The subject of the work. */
  readonly subject: 'project' | 'model';
  /** The unit of the progress, if it is not records of the project. */
  readonly unit: JobUnit | null;
  readonly done: number;
  /** Null while nobody knows how much there is to do. */
  readonly total: number | null;
  /** Milliseconds that are left at the recent rate; null while they cannot be told. */
  readonly leftMs: number | null;
  readonly end: JobEnd | null;
}

/** Lines of a job's log that are kept. */
const keptLines = 200;

/** Long work of the application, followed by its events. */
export class Jobs {
  readonly #bridge: HostBridge;
  readonly #jobs = new SvelteMap<string, Job>();
  readonly #onEnd: (job: Job) => void;

  constructor(bridge: HostBridge, onEnd: (job: Job) => void) {
    this.#bridge = bridge;
    this.#onEnd = onEnd;
    bridge.on('job:progress', (progress) => this.#progress(progress));
    bridge.on('job:log', ({ jobId, line }) => {
      const job = this.#jobs.get(jobId);
      if (job) this.#jobs.set(jobId, { ...job, log: [...job.log, line].slice(-keptLines) });
    });
    bridge.on('job:end', ({ jobId, kind, title, end }) => {
      const job = { ...this.#known(jobId, spokenOf(title)), kind, end };
      this.#jobs.set(jobId, job);
      this.#onEnd(job);
    });
  }

  get(id: string): Job | null {
    return this.#jobs.get(id) ?? null;
  }

  /** The job that runs, if any. */
  get running(): Job | null {
    return Array.from(this.#jobs.values()).find((job) => !job.end) ?? null;
  }

  /** The newest job of a kind, running or not. */
  latest(kind: string): Job | null {
    return Array.from(this.#jobs.values()).findLast((job) => job.kind === kind) ?? null;
  }

  /**
   * Follows a job that was just started, under the window's own words; its first events may have
   * come before.
   */
  follow(
    { jobId }: JobStarted,
    label: string,
    subject: Job['subject'] = 'project',
    kind: string | null = null,
  ): string {
    const known = this.#known(jobId, label);
    this.#jobs.set(jobId, { ...known, label, subject, kind: kind ?? known.kind });
    return jobId;
  }

  cancel(id: string): Promise<null> {
    return this.#bridge.call('jobs.cancel', { jobId: id });
  }

  forget(id: string): void {
    this.#jobs.delete(id);
  }

  #progress({ jobId, kind, title, stage, unit, ...counted }: AppEvents['job:progress']): void {
    const job = this.#known(jobId, spokenOf(title));
    if (job.end) return;
    const { done, total, leftMs } = counted;
    this.#jobs.set(jobId, {
      ...job,
      ...{ kind, stage: stage ?? null, unit: unit ?? null, done, total, leftMs },
    });
  }

  #known(id: string, label: string): Job {
    const counted = { stage: null, unit: null, done: 0, total: null, leftMs: null } as const;
    return (
      this.#jobs.get(id) ?? {
        id,
        kind: null,
        label,
        subject: 'project',
        log: [],
        ...counted,
        end: null,
      }
    );
  }
}
