import {
  AppError,
  fromErrorEnvelope,
  requestCancelled,
  toErrorEnvelope,
} from '../../core/errors.ts';
import type { DeviceKind, DeviceReport, ModelRequest, ModelResult } from '../../core/prompt.ts';
import { unlessCancelled } from '../../models/cancellation.ts';
import type { PackOptions } from '../../models/pack-graphs.ts';
import { sourceName, type ImageSource } from '../../models/image/image-source.ts';
import type { EngineStatus } from '../api/contract/models.ts';
import { forkEngine, type EngineProcess } from './engine-process.ts';
import type {
  EngineMessage,
  EngineProgress,
  LoadProgress,
  EngineRequest,
  EngineResults,
  EngineTask,
  LoadedModel,
} from './protocol.ts';
import { engineFailure } from './sentences.ts';

export interface EngineClientOptions {
  /** File of the engine process. */
  readonly entry: string;
  /** Starts the process; default: as a child of this one. */
  readonly start?: ((entry: string) => EngineProcess) | undefined;
  /** First wait before a restart, doubled for each death that no success came between. */
  readonly restartDelayMs?: number;
  readonly onStatus: (status: EngineStatus) => void;
  /** Hears of each process that died, and how. */
  readonly onDeath?: ((how: string) => void) | undefined;
}

export interface ModelChoice {
  readonly modelId: string;
  readonly directory: string;
  readonly device: 'auto' | DeviceKind;
  /** On the CPU; as many as the engine likes where it is left out. */
  readonly threads?: number | undefined;
  /** Origins that photos may be sent to, beside this computer. */
  readonly allowedServers?: readonly string[] | undefined;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: AppError) => void;
  readonly onProgress: ((progress: EngineProgress | LoadProgress) => void) | undefined;
}

/** Deaths in a row over loading the model, after which it is not tried again unasked. */
const maximumLoadDeaths = 4;

/** The longest wait before a restart, as a multiple of the first one. */
const longestDelay = 16;

/** How often a prompt may take the engine with it. */
const maximumTries = 2;

/** Milliseconds in which a cancelled package is to be removed again. */
const packMs = 300;

/** Milliseconds that a cancelled request may at least keep the engine from the next one. */
const leastPatienceMs = 500;

/**
 * Owns the engine process: starts it with a model, talks to it, and starts it again when it dies.
 * A prompt that was with a process when it died is asked again by itself once; what had only
 * waited behind it, as often as that takes. Requests that come while the engine restarts wait for
 * it.
 */
export class EngineClient {
  readonly #options: EngineClientOptions;
  readonly #waiting = new Map<number, Waiting>();
  #child: EngineProcess | null = null;
  #choice: ModelChoice | null = null;
  /** Settles when the chosen model is loaded; replaced at each start. */
  #ready: Promise<LoadedModel> | null = null;
  #restartTimer: NodeJS.Timeout | null = null;
  /** Deaths since the last answer. */
  #deathsInARow = 0;
  /** Deaths since a model was loaded last. */
  #loadDeaths = 0;
  /** It died too often to be started again unasked. */
  #isGivenUp = false;
  /** How long loading the model took, and so a restart would take. */
  #loadMs = 0;
  /** Losses of requests that the process had not begun to work on. */
  readonly #bystanders = new WeakSet<AppError>();
  #lastId = 0;
  #status: EngineStatus = { state: 'stopped' };

  constructor(options: EngineClientOptions) {
    this.#options = options;
  }

  get status(): EngineStatus {
    return this.#status;
  }

  /** Process id, for tests and diagnostics; null while no process runs. */
  get processId(): number | null {
    return this.#child?.pid ?? null;
  }

  /**
   * Loads a model in place of the present one.
   * @throws AppError of the loader (`package-invalid` and others), or `engine-lost`.
   */
  async load(choice: ModelChoice): Promise<EngineStatus> {
    this.#choice = choice;
    this.#deathsInARow = 0;
    this.#loadDeaths = 0;
    this.#isGivenUp = false;
    this.#setStatus({ state: 'starting', modelId: choice.modelId });
    await this.#start();
    return this.#status;
  }

  /**
   * Tests the loaded model on a device beside the one in use. A device whose driver crashes takes
   * the process with it: that is `engine-lost`, and the model is loaded again as it was.
   * @throws AppError `model-not-loaded`, `engine-lost`.
   */
  async test(device: DeviceKind): Promise<DeviceReport> {
    await this.#whenReady();
    const { directory } = this.#choice!;
    const report = await this.#request({ kind: 'test', directory, device });
    this.#deathsInARow = 0;
    return report;
  }

  /**
   * Makes a package of ONNX files, in a process that the files cannot take the host down with; no
   * model need be loaded.
   * @throws AppError of `packGraphs`, `engine-lost`, `cancelled`.
   */
  async pack(
    files: readonly string[],
    target: string,
    { signal, ...options }: PackOptions,
  ): Promise<void> {
    this.#child ??= this.#spawn();
    await this.#request({ kind: 'pack', files, target, options }, signal);
  }

  /** Encodes an image ahead of the first prompt. */
  prepare(image: ImageSource, signal?: AbortSignal): Promise<null> {
    return this.#persist(describePreparation(image), signal, () =>
      this.#request({ kind: 'prepare', image }, signal),
    );
  }

  /**
   * Asks the model. Where the engine dies over it, it is asked once more.
   * @throws AppError `model-not-loaded`, `engine-lost` naming the prompt when it died both times,
   *   `cancelled`, or what the model throws.
   */
  ask(
    image: ImageSource,
    request: ModelRequest,
    options: { signal?: AbortSignal; onProgress?: (progress: EngineProgress) => void } = {},
  ): Promise<ModelResult> {
    const { signal, onProgress } = options;
    return this.#persist(describeRequest(request, image), signal, () =>
      this.#request({ kind: 'ask', image, request }, signal, (progress) => {
        if (progress.kind !== 'measuring') onProgress?.(progress);
      }),
    );
  }

  /**
   * @throws AppError `invalid-input` when the texts of a request are longer than the loaded model
   * reads; `model-not-loaded`.
   */
  requireReadable(request: ModelRequest): Promise<null> {
    return this.#persist(`read ${request.task}`, undefined, () =>
      this.#request({ kind: 'check', request }),
    );
  }

  /**
   * Lets the engine read an image that will be asked about soon, while it answers something else.
   */
  expectImage(image: ImageSource): void {
    this.#send({ upcomingImage: image });
  }

  async #persist<Result>(
    what: string,
    signal: AbortSignal | undefined,
    send: () => Promise<Result>,
  ): Promise<Result> {
    for (let losses = 0; ;) {
      await unlessCancelled(this.#whenReady(), signal);
      try {
        const result = await send();
        this.#deathsInARow = 0;
        return result;
      } catch (thrown) {
        if (!isLoss(thrown) || this.#choice === null) throw thrown;
        if (this.#bystanders.has(thrown)) continue;
        const how = String(thrown.detail['how']);
        if (++losses === maximumTries)
          throw engineFailure('engine-lost', 'engineLostBy', { what, how });
      }
    }
  }

  /** Ends the process. The client may be used again with {@link load}. */
  dispose(): void {
    this.#choice = null;
    this.#ready = null;
    if (this.#restartTimer) clearTimeout(this.#restartTimer);
    this.#detach(() => engineFailure('engine-lost', 'engineStopped', {}));
    this.#setStatus({ state: 'stopped' });
  }

  /**
   * Waits until a model is loaded, over any restarts; an engine that was given up is tried once
   * more.
   */
  async #whenReady(): Promise<void> {
    if (this.#isGivenUp) {
      this.#isGivenUp = false;
      this.#loadDeaths = maximumLoadDeaths - 1;
      this.#setStatus({ state: 'starting', modelId: this.#choice!.modelId });
      void this.#start().catch(() => undefined);
    }
    for (;;) {
      const ready = this.#ready;
      if (!ready) throw engineFailure('model-not-loaded', 'modelNotLoaded', {});
      try {
        await ready;
        return;
      } catch (thrown) {
        // A process that dies while it loads is replaced, and what is waited for with it.
        // It may have been given up meanwhile, which the type check does not see.
        // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition
        if (!isLoss(thrown) || this.#ready === ready || this.#isGivenUp) throw thrown;
      }
    }
  }

  async #start(): Promise<void> {
    const choice = this.#choice!;
    const { modelId, directory, device, threads, allowedServers } = choice;
    const child = (this.#child ??= this.#spawn());
    const startedAtMs = performance.now();
    const options = { device, threads, ...(allowedServers && { allowedServers }) };
    const loading = this.#request({ kind: 'load', directory, options }, undefined, ({ kind }) => {
      if (kind !== 'measuring' || this.#choice !== choice || this.#child !== child) return;
      this.#setStatus({ state: 'starting', modelId, measures: true });
    });
    this.#ready = loading;
    try {
      const loaded = await loading;
      this.#loadMs = performance.now() - startedAtMs;
      this.#loadDeaths = 0;
      if (this.#choice !== choice || this.#child !== child) return;
      const { hash, tasks, prompts, classes, minimumScore, device } = loaded;
      const offers = { tasks, prompts, classes, minimumScore };
      this.#setStatus({ state: 'ready', modelId, hash, ...offers, device });
    } catch (thrown) {
      if (this.#choice === choice && this.#child === child) {
        this.#setStatus({ state: 'failed', modelId, error: toErrorEnvelope(thrown) });
      }
      throw thrown;
    }
  }

  #spawn(): EngineProcess {
    const { entry, start = forkEngine } = this.#options;
    const child = start(entry);
    child.on('message', (message) => this.#receive(message as EngineMessage));
    child.once('error', () => this.#died(child, 'could not be started'));
    child.once('exit', (code, signal: NodeJS.Signals | null) =>
      this.#died(child, signal ?? `exit code ${String(code)}`),
    );
    return child;
  }

  #died(child: EngineProcess, how: string): void {
    if (this.#child !== child) return;
    if (!this.#choice) {
      // It made a package, which nobody makes again unasked.
      this.#detach(() => engineFailure('engine-lost', 'engineDiedOfFiles', { how }));
      return;
    }
    const { modelId } = this.#choice;
    this.#options.onDeath?.(how);
    this.#deathsInARow++;
    if (this.#status.state !== 'ready') this.#loadDeaths++;
    if (this.#loadDeaths >= maximumLoadDeaths) {
      const lost = () =>
        engineFailure('engine-lost', 'engineDied', { times: this.#loadDeaths, how });
      const died = lost();
      this.#isGivenUp = true;
      this.#ready = failedLater(died);
      this.#detach(lost);
      this.#setStatus({ state: 'failed', modelId, error: toErrorEnvelope(died) });
      return;
    }
    const delayMs =
      (this.#options.restartDelayMs ?? 250) * Math.min(2 ** (this.#deathsInARow - 1), longestDelay);
    const restarted = Promise.withResolvers<LoadedModel>();
    restarted.promise.catch(() => undefined);
    this.#ready = restarted.promise;
    this.#detach(() => engineFailure('engine-lost', 'engineRestarting', { how }));
    this.#setStatus({ state: 'starting', modelId });
    this.#restartTimer = setTimeout(() => {
      void this.#start().catch(() => undefined);
      this.#ready!.then(restarted.resolve, restarted.reject);
    }, delayMs);
  }

  /** Lets go of the process and fails what was asked of it. */
  #detach(loss: () => AppError): void {
    const child = this.#child;
    this.#child = null;
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const [place, { reject }] of lost.entries()) {
      const error = loss();
      // The process works on requests one after another, in the order in which they came.
      if (place > 0) this.#bystanders.add(error);
      reject(error);
    }
    child?.kill('SIGKILL');
  }

  #request<Kind extends EngineTask['kind']>(
    task: Extract<EngineTask, { kind: Kind }>,
    signal?: AbortSignal,
    onProgress?: (progress: EngineProgress | LoadProgress) => void,
  ): Promise<EngineResults[Kind]> {
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<EngineResults[Kind]>();
    promise.catch(() => undefined);
    this.#waiting.set(id, { resolve: resolve, reject, onProgress });
    this.#send({ id, task });
    if (!signal) return promise;
    const timers: NodeJS.Timeout[] = [];
    const cancel = () => {
      this.#send({ id, cancel: true });
      const patienceMs = Math.max(leastPatienceMs, this.#loadMs);
      // The caller goes on at once, because the engine hears the cancellation only after the
      // `session.run` under way. A package is half written then, and its maker removes it first.
      if (task.kind !== 'pack') reject(cancelled());
      else timers.push(setTimeout(() => reject(cancelled()), packMs));
      // Waiting longer than a restart takes would cost more than a restart. It is no death that
      // counts.
      const child = this.#child;
      setTimeout(() => {
        if (this.#child !== child || this.#waiting.keys().next().value !== id) return;
        this.#deathsInARow = 0;
        child?.kill('SIGKILL');
      }, patienceMs).unref();
    };
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
    return promise.finally(() => {
      timers.forEach((timer) => clearTimeout(timer));
      signal.removeEventListener('abort', cancel);
    });
  }

  #send(message: EngineRequest): void {
    // A process that has just died reports its exit; that fails the request, so a send error needs
    // no handling.
    this.#child?.send(message, () => undefined);
  }

  #receive(message: EngineMessage): void {
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    if ('progress' in message) {
      waiting.onProgress?.(message.progress);
      return;
    }
    this.#waiting.delete(message.id);
    if (message.ok) waiting.resolve(message.value as never);
    else waiting.reject(fromErrorEnvelope(message.error));
  }

  #setStatus(status: EngineStatus): void {
    this.#status = status;
    this.#options.onStatus(status);
  }
}

function isLoss(thrown: unknown): thrown is AppError {
  return thrown instanceof AppError && thrown.code === 'engine-lost';
}

function cancelled(): AppError {
  return requestCancelled();
}

/** The request as shown to a person. */
function describeRequest(request: ModelRequest, image: ImageSource): string {
  const words =
    request.task === 'segment' ? request.text : 'question' in request ? request.question : null;
  const about = words === null ? request.task : `${request.task} “${words.slice(0, 80)}”`;
  return `${about}, ${sourceName(image)}`;
}

function describePreparation(image: ImageSource): string {
  return `prepare, ${sourceName(image)}`;
}

function failedLater(error: AppError): Promise<never> {
  const promise = Promise.reject(error);
  promise.catch(() => undefined);
  return promise;
}
