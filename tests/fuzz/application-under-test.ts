import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppEvents, MethodName } from '../../app/api/contract.ts';
import type { JobEnd } from '../../app/api/contract/jobs.ts';
import { serveCall, type CallResult } from '../../app/api/serve.ts';
import { createApplication, type Application } from '../../app/application.ts';
import { makeApplicationFolders } from '../support/application-folders.ts';

/**
 * The application with the made-up model, called as a window calls it: unparsed inputs, jobs that
 * end by an event.
 */
export class ApplicationUnderTest {
  readonly application: Application;
  readonly home: string;
  readonly #ends = new Map<string, JobEnd>();
  readonly #waiting = new Map<string, (end: JobEnd) => void>();

  private constructor(options: Parameters<typeof createApplication>[0]) {
    this.home = options.home;
    this.application = createApplication(options, (event, payload) => {
      if (event === 'job:end') this.#settle(payload as AppEvents['job:end']);
    });
  }

  static async make(): Promise<ApplicationUnderTest> {
    return new ApplicationUnderTest((await makeApplicationFolders()).options);
  }

  /** Answers like a host; a job that was started is waited for, and its end is the answer. */
  async call(method: MethodName, input: unknown, window?: string): Promise<CallResult> {
    const result = await serveCall(this.application.handlers, method, input, window);
    const jobId = result.ok ? (result.value as { jobId?: unknown } | null)?.jobId : undefined;
    if (typeof jobId !== 'string') return result;
    const end = await this.#endOf(jobId);
    return end.outcome === 'done'
      ? { ok: true, value: end.result }
      : { ok: false, error: end.error };
  }

  /** Opens a new project in the folder. */
  async newProject(folder: string): Promise<string> {
    const result = await this.call('project.create', { folder, name: 'Fuzz' });
    if (!result.ok) throw new Error(result.error.message);
    return (result.value as { file: string }).file;
  }

  /** Closes the project and forgets what the cache holds. */
  async clear(): Promise<void> {
    await this.call('project.close', null);
    await rm(join(this.home, 'cache'), { recursive: true, force: true });
  }

  #settle({ jobId, end }: AppEvents['job:end']): void {
    const resolve = this.#waiting.get(jobId);
    if (resolve) resolve(end);
    else this.#ends.set(jobId, end);
    this.#waiting.delete(jobId);
  }

  #endOf(jobId: string): Promise<JobEnd> {
    const ended = this.#ends.get(jobId);
    this.#ends.delete(jobId);
    if (ended) return Promise.resolve(ended);
    return new Promise((resolve) => this.#waiting.set(jobId, resolve));
  }
}
