import { SvelteMap } from 'svelte/reactivity';
import { RemainingTime } from '../core/remaining-time.ts';
import { text } from './i18n/text.svelte.ts';
import type { AppEvents, HostBridge } from '../app/api/contract.ts';
import type { JobStarted } from '../app/api/contract/job-started.ts';
import type { JobEnd } from '../app/api/contract/jobs.ts';

export interface Job {
  readonly id: string;
  readonly label: string;
  /** What is worked on: the project, whose records are counted, or a model, counted in bytes. */
  readonly subject: 'project' | 'model';
  readonly done: number;
  /** Null while nobody knows how much there is to do. */
  readonly total: number | null;
  /** Milliseconds that are left at the recent rate; null while they cannot be told. */
  readonly leftMs: number | null;
  readonly end: JobEnd | null;
}

/** Long work of the application, followed by its events. */
export class Jobs {
  readonly #bridge: HostBridge;
  readonly #jobs = new SvelteMap<string, Job>();
  readonly #onEnd: (job: Job) => void;
  readonly #remaining = new SvelteMap<string, RemainingTime>();

  constructor(bridge: HostBridge, onEnd: (job: Job) => void) {
    this.#bridge = bridge;
    this.#onEnd = onEnd;
    bridge.on('job:progress', (progress) => this.#progress(progress));
    bridge.on('job:end', ({ jobId, label, end }) => {
      const job = { ...this.#known(jobId, label), end };
      this.#jobs.set(jobId, job);
      this.#remaining.delete(jobId);
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

  /** Follows a job that was just started, under the window's own words; its first events may have come before. */
  follow({ jobId }: JobStarted, label: string, subject: Job['subject'] = 'project'): string {
    this.#jobs.set(jobId, { ...this.#known(jobId, label), label, subject });
    return jobId;
  }

  cancel(id: string): Promise<null> {
    return this.#bridge.call('jobs.cancel', { jobId: id });
  }

  forget(id: string): void {
    this.#jobs.delete(id);
  }

  #progress({ jobId, label, done, total }: AppEvents['job:progress']): void {
    const job = this.#known(jobId, label);
    if (job.end) return;
    const nowMs = performance.now();
    const remaining = this.#remaining.get(jobId) ?? new RemainingTime(nowMs);
    this.#remaining.set(jobId, remaining);
    this.#jobs.set(jobId, { ...job, done, total, leftMs: remaining.note(done, total, nowMs) });
  }

  #known(id: string, label: string): Job {
    const none = { done: 0, total: null, leftMs: null, end: null } as const;
    const unknown = { id, label: labelOf(label), subject: 'project', ...none } as const;
    return this.#jobs.get(id) ?? unknown;
  }
}

/** The words for work that a call waits for, which the application starts and names itself. */
function labelOf(label: string): string {
  const { calls } = text.jobs;
  return Object.hasOwn(calls, label) ? calls[label as keyof typeof calls] : label;
}
