import type { AppEvents } from '../../app/api/contract.ts';
import type { JobStarted } from '../../app/api/contract/job-started.ts';
import type { JobEnd } from '../../app/api/contract/jobs.ts';
import type { Emit } from '../../app/jobs/local-queue.ts';

/** Hears the events of an application, and tells how its jobs ended. */
export class EndedJobs {
  readonly #ends = new Map<string, JobEnd>();
  #onEnd: () => void = () => undefined;

  readonly emit: Emit = (name, payload) => {
    if (name !== 'job:end') return;
    const { jobId, end } = payload as AppEvents['job:end'];
    this.#ends.set(jobId, end);
    this.#onEnd();
  };

  async endOf(started: JobStarted | Promise<JobStarted>): Promise<JobEnd> {
    const { jobId } = await started;
    for (;;) {
      const end = this.#ends.get(jobId);
      if (end) return end;
      await new Promise<void>((resolve) => (this.#onEnd = resolve));
    }
  }
}
