import { UnrecoverableError, WaitingError, Worker, type Job } from 'bullmq';
import { z } from 'zod';
import { fromErrorEnvelope, toErrorEnvelope } from '../../core/errors.ts';
import { fileSource } from '../../models/image/image-source.ts';
import type { JobModel } from '../jobs/job-kind.ts';
import { FetchedFiles, type FetchOptions } from './fetched-files.ts';
import type { RedisServer } from './redis-server.ts';
import { remoteFailure } from './sentences.ts';
import { isFinal, maximumDeaths, workQueue, workSchema, writeReason } from './work.ts';
import type { Work, WorkResult } from './work.ts';

export interface WorkerOptions extends FetchOptions {
  readonly server: RedisServer;
  /** Images that are answered at the same time. */
  readonly imagesAtOnce: number;
  /** Loads the model of a package folder. */
  readonly openModel: (directory: string, signal: AbortSignal) => Promise<JobModel>;
  /** Hears what is done, a short line at a time. */
  readonly log: (line: string) => void;
  /** Milliseconds after which the work of a worker that died is given to another one. */
  readonly lockMs?: number;
}

export interface RunningWorker {
  /** Takes no more work, and gives back what is not finished. */
  close(): Promise<void>;
}

/**
 * Takes images from the queue and answers what is asked about them, until it is closed. The model
 * of the last work stays loaded.
 */
export function startWorker(options: WorkerOptions): RunningWorker {
  const { server, imagesAtOnce, log, lockMs = 30_000 } = options;
  const answers = new ImageAnswers(options);
  const stop = new AbortController();
  const worker = new Worker(
    workQueue,
    async (job: Job<unknown, WorkResult>, token) => {
      try {
        return await answers.of(parseWork(job.data), stop.signal);
      } catch (thrown) {
        if (stop.signal.aborted) {
          await job.moveToWait(token);
          throw new WaitingError();
        }
        const error = fromErrorEnvelope(toErrorEnvelope(thrown));
        log(error.message);
        if (isFinal(error)) throw new UnrecoverableError(writeReason(error));
        throw new Error(writeReason(error), { cause: thrown });
      }
    },
    {
      connection: server.connection,
      concurrency: imagesAtOnce,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: maximumDeaths,
    },
  );
  // Without a listener, an error of the connection would end the process; the connection is made
  // anew by itself.
  let said = '';
  worker.on('error', ({ message }) => {
    if (message !== said) log(`Redis: ${message}`);
    said = message;
  });
  worker.on('completed', ({ data }) => {
    said = '';
    const { image } = data as Work;
    if (image) log(`answered ${image.path}`);
  });
  return {
    async close() {
      stop.abort();
      await worker.close();
      await answers.close();
    },
  };
}

function parseWork(data: unknown): Work {
  const parsed = workSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const problem = z.prettifyError(parsed.error);
  throw remoteFailure('invalid-input', 'workInvalid', { problem });
}

/** Answers work with the model that it names. */
class ImageAnswers {
  readonly #options: WorkerOptions;
  readonly #files: FetchedFiles;
  #loaded: { readonly hash: string; readonly model: Promise<JobModel> } | null = null;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#files = new FetchedFiles(options);
  }

  async of(work: Work, signal: AbortSignal): Promise<WorkResult> {
    const { image, requests } = work;
    const photo = image && this.#files.photo(work, signal);
    const [model] = await Promise.all([this.#model(work, signal), photo]);
    const results = [];
    for (const request of requests) {
      if (photo === null) await model.requireReadable(request);
      else results.push(await model.answer(fileSource(await photo), request, signal));
    }
    return { results, device: model.device };
  }

  async close(): Promise<void> {
    const { model } = this.#loaded ?? {};
    this.#loaded = null;
    await (await model?.catch(() => null))?.dispose();
  }

  async #model(work: Work, signal: AbortSignal): Promise<JobModel> {
    const { hash } = work.model;
    if (this.#loaded?.hash !== hash) {
      const before = this.close();
      const model = before
        .then(() => this.#files.model(work, signal))
        .then((directory) => this.#options.openModel(directory, signal));
      this.#loaded = { hash, model };
      model.catch(() => {
        if (this.#loaded?.model === model) this.#loaded = null;
      });
    }
    const model = await this.#loaded.model;
    if (model.hash === hash) return model;
    const { id } = work.model;
    throw remoteFailure('conflict', 'remoteModelDiffers', { id });
  }
}
