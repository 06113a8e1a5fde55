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

/** A model, by the hash of its package, and the work that is under way with it. */
interface LoadedModel {
  readonly hash: string;
  readonly model: Promise<JobModel>;
  readonly underWay: Set<Promise<unknown>>;
}

/** Answers work with the model that it names. */
class ImageAnswers {
  readonly #options: WorkerOptions;
  readonly #files: FetchedFiles;
  #loaded: LoadedModel | null = null;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#files = new FetchedFiles(options);
  }

  async of(work: Work, signal: AbortSignal): Promise<WorkResult> {
    const { model, underWay } = this.#load(work, signal);
    const answered = this.#answer(work, model, signal);
    underWay.add(answered);
    return answered.finally(() => underWay.delete(answered));
  }

  /** Lets work that is under way end. */
  async close(): Promise<void> {
    const loaded = this.#loaded;
    this.#loaded = null;
    if (loaded === null) return;
    await Promise.allSettled(loaded.underWay);
    await (await loaded.model.catch(() => null))?.dispose();
  }

  async #answer(work: Work, loaded: Promise<JobModel>, signal: AbortSignal): Promise<WorkResult> {
    const { image, requests } = work;
    const photo = image && this.#files.photo(work, signal);
    const [model] = await Promise.all([loaded, photo]);
    const results = [];
    for (const request of requests) {
      if (photo === null) await model.requireReadable(request, signal);
      else results.push(await model.answer(fileSource(await photo), request, signal));
    }
    return { results, device: model.device };
  }

  /** The model of the work, in place of another one, which first ends what it has begun. */
  #load(work: Work, signal: AbortSignal): LoadedModel {
    const { id, hash } = work.model;
    if (this.#loaded?.hash === hash) return this.#loaded;
    const before = this.close();
    const open = async () => {
      await before;
      const directory = await this.#files.model(work, signal);
      const model = await this.#options.openModel(directory, signal);
      if (model.hash === hash) return model;
      await model.dispose();
      throw remoteFailure('conflict', 'remoteModelDiffers', { id });
    };
    const loaded = { hash, model: open(), underWay: new Set<Promise<unknown>>() };
    this.#loaded = loaded;
    loaded.model.catch(() => {
      if (this.#loaded === loaded) this.#loaded = null;
    });
    return loaded;
  }
}
