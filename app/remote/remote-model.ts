import { Queue, QueueEvents } from 'bullmq';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { AppError, requestCancelled } from '../../core/errors.ts';
import type { DeviceReport, ModelRequest, ModelResult } from '../../core/prompt.ts';
import { unlessCancelled } from '../../models/cancellation.ts';
import type { ImageSource } from '../../models/image/image-source.ts';
import type { Manifest } from '../../models/package/manifest.ts';
import { hashFile, packageHash } from '../../models/package/package.ts';
import { readManifest } from '../../models/registry.ts';
import type { JobModel } from '../jobs/job-kind.ts';
import { serveFiles, type FileServer, type ListenAddress } from './file-server.ts';
import { requireRedis, type RedisServer } from './redis-server.ts';
import { remoteFailure } from './sentences.ts';
import { isFinal, readReason, retries, workId, workQueue, workResultSchema } from './work.ts';
import type { Work, WorkResult } from './work.ts';

/** How often work is looked after of which no event came, as after a cut connection. */
const lookMs = 3000;
/** Images under way for each worker: one that is answered, and some that wait beside it. */
const imagesForWorker = 4;
const leastImages = 8;
const mostImages = 256;
/** Answers that nobody fetched, as after the end of the machine that asked, are kept that long. */
const keptSeconds = 7 * 24 * 3600;
/** How long the end of a run waits for a server that may be away. */
const farewellMs = 2000;

interface Pending {
  readonly work: Work;
  /** Whether an answer that cannot be read was dropped before. */
  isRepeated: boolean;
  readonly settle: (error: AppError | null, result: WorkResult | null) => void;
  readonly ended: Promise<WorkResult>;
}

/**
 * A model whose package lies here and that workers on other machines run; images and requests go
 * to them through a queue on a Redis server. A request that dies there is asked again. Results
 * with the same hashes of image, model and requests are computed once.
 */
export class RemoteModel implements JobModel {
  readonly manifest: Manifest;
  readonly hash: string;
  readonly #files: FileServer;
  readonly #queue: Queue<Work, WorkResult>;
  readonly #events: QueueEvents;
  readonly #pending = new Map<string, Pending>();
  readonly #log: (line: string) => void;
  readonly #timer: NodeJS.Timeout;
  #device: DeviceReport | null = null;
  #workers: number | null = null;

  /**
   * @param listen where photos and model are served for workers that share no folder
   * @param log hears of workers that come and go, a line at a time
   * @throws AppError `not-found` where the server does not answer, `package-invalid`; the system's
   * error where the address cannot be listened on
   */
  static async open(
    directory: string,
    server: RedisServer,
    listen: ListenAddress,
    log: (line: string) => void,
  ): Promise<RemoteModel> {
    const manifest = await readManifest(directory);
    const hash = packageHash(manifest);
    await requireRedis(server);
    const files = await serveFiles(listen, { directory, manifest, hash });
    const model = new RemoteModel(manifest, hash, files, server, log);
    await model.#countWorkers();
    return model;
  }

  private constructor(
    manifest: Manifest,
    hash: string,
    files: FileServer,
    { connection }: RedisServer,
    log: (line: string) => void,
  ) {
    this.manifest = manifest;
    this.hash = hash;
    this.#files = files;
    this.#log = log;
    this.#queue = new Queue(workQueue, { connection });
    this.#events = new QueueEvents(workQueue, { connection });
    // The connection is made anew by itself; without a listener its errors would end the process.
    this.#queue.on('error', () => undefined);
    this.#events.on('error', () => undefined);
    // A look that fails, as when the connection is cut, is made up for by the next regular one.
    const look = ({ jobId }: { jobId: string }) => void this.#look(jobId).catch(() => undefined);
    this.#events.on('completed', look);
    this.#events.on('failed', look);
    this.#timer = setInterval(() => void this.#lookAfterAll(), lookMs);
  }

  /** Of the worker that answered last. */
  get device(): DeviceReport {
    const none = { requested: 'auto', used: 'cpu', name: '', selfTestMs: 0, threads: 0 } as const;
    return this.#device ?? { ...none, fallbacks: [] };
  }

  get imagesAtOnce(): number {
    const wanted = imagesForWorker * (this.#workers ?? 0);
    return Math.min(mostImages, Math.max(leastImages, wanted));
  }

  async requireReadable(request: ModelRequest, signal: AbortSignal): Promise<void> {
    await this.#ask({ ...this.#work([request]), image: null }, signal);
  }

  prefetch(): void {
    // Workers fetch an image while they answer another.
  }

  async answer(
    image: ImageSource,
    request: ModelRequest,
    signal: AbortSignal,
  ): Promise<ModelResult> {
    const [result] = await this.answerAll(image, [request], signal);
    return result!;
  }

  async answerAll(
    { path }: ImageSource,
    requests: readonly ModelRequest[],
    signal: AbortSignal,
  ): Promise<ModelResult[]> {
    const sha256 = await hashFile(path);
    this.#files.offer(sha256, path);
    const { results } = await this.#ask(
      { ...this.#work(requests), image: { sha256, path } },
      signal,
    );
    return results;
  }

  async dispose(): Promise<void> {
    clearInterval(this.#timer);
    for (const { settle } of this.#pending.values()) settle(requestCancelled(), null);
    // A server that is away takes the farewell when it is back.
    const farewell = Promise.all([this.#events.close(), this.#queue.close()]);
    await Promise.all([this.#files.close(), atMost(farewellMs, farewell)]);
  }

  #work(requests: readonly ModelRequest[]): Omit<Work, 'image'> {
    const { url, token } = this.#files;
    return {
      version: 1,
      model: { id: this.manifest.id, hash: this.hash },
      requests: [...requests],
      source: { url, token },
    };
  }

  async #ask(work: Work, signal: AbortSignal): Promise<WorkResult> {
    const id = workId(work);
    const pending = this.#pending.get(id) ?? this.#begin(id, work);
    try {
      const result = await unlessCancelled(pending.ended, signal);
      this.#device = result.device;
      return result;
    } catch (thrown) {
      if (signal.aborted) await this.#drop(id);
      throw thrown;
    }
  }

  #begin(id: string, work: Work): Pending {
    const { promise, resolve, reject } = Promise.withResolvers<WorkResult>();
    const settle: Pending['settle'] = (error, result) => {
      this.#pending.delete(id);
      if (error) reject(error);
      else resolve(result!);
    };
    const pending = { work, isRepeated: false, settle, ended: promise };
    this.#pending.set(id, pending);
    // An answer that nobody waits for any more is no fault.
    promise.catch(() => undefined);
    void this.#submit(id, pending);
    return pending;
  }

  /** Puts work into the queue, or takes over what an earlier run left there. */
  async #submit(id: string, { work, settle }: Pending): Promise<void> {
    try {
      const known = await this.#queue.getJob(id);
      if (known) {
        // The photos are served at another address now.
        await known.updateData(work);
        if (await known.isFailed()) await known.retry('failed', { resetAttemptsMade: true });
      } else {
        const removeOnComplete = { age: keptSeconds };
        await this.#queue.add('image', work, { ...retries, jobId: id, removeOnComplete });
      }
      await this.#look(id);
    } catch (thrown) {
      if (this.#pending.has(id)) settle(toAppError(thrown), null);
    }
  }

  /** Fetches the answer to work that has ended. */
  async #look(id: string): Promise<void> {
    const pending = this.#pending.get(id);
    if (!pending) return;
    const job = await this.#queue.getJob(id).catch(() => null);
    if (job === null || !this.#pending.has(id)) return;
    // A server that came back without its last second has forgotten it.
    if (job === undefined) return this.#submit(id, pending);
    const state = await job.getState();
    if (state === 'completed') {
      const parsed = workResultSchema.safeParse(job.returnvalue);
      if (!parsed.success) return this.#repeat(id, pending, parsed.error);
      pending.settle(null, parsed.data);
      await job.remove().catch(() => undefined);
    } else if (state === 'failed') {
      pending.settle(givenUp(pending.work, job.failedReason, job.attemptsMade), null);
    }
  }

  /** Work whose answer cannot be read, as of another version, is done anew once. */
  async #repeat(id: string, pending: Pending, error: z.ZodError): Promise<void> {
    await this.#queue.remove(id).catch(() => 0);
    if (pending.isRepeated) {
      const problem = z.prettifyError(error);
      pending.settle(remoteFailure('conflict', 'workInvalid', { problem }), null);
      return;
    }
    pending.isRepeated = true;
    await this.#submit(id, pending);
  }

  async #drop(id: string): Promise<void> {
    this.#pending.delete(id);
    // One that a worker has begun stays; its answer is kept for the next run.
    await atMost(farewellMs, this.#queue.remove(id));
  }

  async #lookAfterAll(): Promise<void> {
    if (this.#pending.size === 0) return;
    await this.#countWorkers();
    await Promise.all([...this.#pending.keys()].map((id) => this.#look(id).catch(() => undefined)));
  }

  /** As many images are under way as the workers can take, from the first one on. */
  async #countWorkers(): Promise<void> {
    const workers = await this.#queue.getWorkers().catch(() => null);
    if (workers !== null && workers.length !== this.#workers) {
      this.#workers = workers.length;
      this.#log(
        workers.length === 0
          ? 'No worker is connected. Start one with: pixelsail worker --redis URL'
          : `Workers: ${workers.length}`,
      );
    }
  }
}

/** Waits for work that may take for ever or fail, neither of which matters any more. */
async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const tried = work.then(
    () => undefined,
    () => undefined,
  );
  await Promise.race([tried, wait(milliseconds, undefined, { ref: false })]);
}

function givenUp({ image }: Work, failedReason: string, attempts: number): AppError {
  const error = readReason(failedReason);
  if (isFinal(error) || image === null) return error;
  const reason = error.message;
  return remoteFailure('conflict', 'workLost', { name: image.path, attempts, reason });
}

function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError('internal', (thrown as Error).message, {}, { cause: thrown });
}
