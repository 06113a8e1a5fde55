import { SvelteMap } from 'svelte/reactivity';
import type { AppEvents, HostBridge, JobEnd, JobStarted } from '../app/api/contract.ts';

export interface Job {
  readonly id: string;
  readonly label: string;
  /** What is worked on: the project, whose records are counted, or a model, counted in bytes. */
  readonly subject: 'project' | 'model';
  readonly done: number;
  /** Null while nobody knows how much there is to do. */
  readonly total: number | null;
  readonly end: JobEnd | null;
}

/** Long work of the application, followed by its events. */
export class Jobs {
  readonly #bridge: HostBridge;
  readonly #jobs = new SvelteMap<string, Job>();
  readonly #onEnd: (job: Job) => void;

  constructor(bridge: HostBridge, onEnd: (job: Job) => void) {
    this.#bridge = bridge;
    this.#onEnd = onEnd;
    bridge.on('job:progress', (progress) => this.#progress(progress));
    bridge.on('job:end', ({ jobId, label, end }) => {
      const job = { ...this.#known(jobId, label), end };
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
    if (!job.end) this.#jobs.set(jobId, { ...job, done, total });
  }

  #known(id: string, label: string): Job {
    const unknown = { id, label, subject: 'project', done: 0, total: null, end: null } as const;
    return this.#jobs.get(id) ?? unknown;
  }
}
