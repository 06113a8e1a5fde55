import type { AppError } from '../../core/errors.ts';
import { failure, fromErrorEnvelope, toErrorEnvelope } from '../../core/errors.ts';
import type { DeviceKind, DeviceReport, ModelRequest, ModelResult } from '../../core/prompt.ts';
import type { EngineStatus } from '../api/contract.ts';
import { forkEngine, type EngineProcess } from './engine-process.ts';
import type {
  EngineMessage,
  EngineProgress,
  EngineRequest,
  EngineResults,
  EngineTask,
  LoadedModel,
} from './protocol.ts';

export interface EngineClientOptions {
  /** File of the engine process. */
  readonly entry: string;
  /** Starts the process; default: as a child of this one. */
  readonly start?: (entry: string) => EngineProcess;
  /** First wait before a restart, doubled for each death that no success came between. */
  readonly restartDelayMs?: number;
  readonly onStatus: (status: EngineStatus) => void;
}

export interface ModelChoice {
  readonly modelId: string;
  readonly directory: string;
  readonly device: 'auto' | DeviceKind;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: AppError) => void;
  readonly onProgress: ((progress: EngineProgress) => void) | undefined;
}

const maximumDeathsInARow = 4;

/**
 * Owns the engine process: starts it with a model, talks to it, and starts it again when it dies. Requests that
 * were with a process when it died fail with `engine-lost`; those that come while it restarts wait for it.
 */
export class EngineClient {
  readonly #options: EngineClientOptions;
  readonly #waiting = new Map<number, Waiting>();
  #child: EngineProcess | null = null;
  #choice: ModelChoice | null = null;
  /** Settles when the chosen model is loaded; replaced at each start. */
  #ready: Promise<LoadedModel> | null = null;
  #restartTimer: NodeJS.Timeout | null = null;
  #deathsInARow = 0;
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
    this.#setStatus({ state: 'starting', modelId: choice.modelId });
    await this.#start();
    return this.#status;
  }

  /**
   * Tests the loaded model on a device beside the one in use. A device whose driver crashes takes the process with it:
   * that is `engine-lost`, and the model is loaded again as it was.
   * @throws AppError `model-not-loaded`, `engine-lost`.
   */
  async test(device: DeviceKind): Promise<DeviceReport> {
    await this.#whenReady();
    const { directory } = this.#choice!;
    const report = await this.#request({ kind: 'test', directory, device });
    this.#deathsInARow = 0;
    return report;
  }

  /** Encodes an image ahead of the first prompt. */
  async prepare(imageFile: string, signal?: AbortSignal): Promise<null> {
    await this.#whenReady();
    return this.#request({ kind: 'prepare', imageFile }, signal);
  }

  /** @throws AppError `model-not-loaded`, `engine-lost`, `cancelled`, or what the model throws. */
  async ask(
    imageFile: string,
    request: ModelRequest,
    options: { signal?: AbortSignal; onProgress?: (progress: EngineProgress) => void } = {},
  ): Promise<ModelResult> {
    await this.#whenReady();
    const { signal, onProgress } = options;
    const result = await this.#request({ kind: 'ask', imageFile, request }, signal, onProgress);
    this.#deathsInARow = 0;
    return result;
  }

  /** Ends the process. The client may be used again with {@link load}. */
  dispose(): void {
    this.#choice = null;
    this.#ready = null;
    if (this.#restartTimer) clearTimeout(this.#restartTimer);
    this.#detach(failure('engine-lost', 'engineStopped', {}));
    this.#setStatus({ state: 'stopped' });
  }

  async #whenReady(): Promise<void> {
    if (!this.#ready) {
      throw failure('model-not-loaded', 'modelNotLoaded', {});
    }
    await this.#ready;
  }

  async #start(): Promise<void> {
    const choice = this.#choice!;
    const { modelId, directory, device } = choice;
    const child = (this.#child ??= this.#spawn());
    const loading = this.#request({ kind: 'load', directory, options: { device } });
    this.#ready = loading;
    try {
      const loaded = await loading;
      if (this.#choice !== choice || this.#child !== child) return;
      this.#setStatus({ state: 'ready', modelId, hash: loaded.hash, device: loaded.device });
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
    child.once('exit', (code, signal) => this.#died(child, signal ?? `exit code ${String(code)}`));
    return child;
  }

  #died(child: EngineProcess, how: string): void {
    if (this.#child !== child || !this.#choice) return;
    const { modelId } = this.#choice;
    this.#deathsInARow++;
    if (this.#deathsInARow >= maximumDeathsInARow) {
      const died = failure('engine-lost', 'engineDied', { times: this.#deathsInARow, how });
      this.#ready = failedLater(died);
      this.#detach(died);
      this.#setStatus({ state: 'failed', modelId, error: toErrorEnvelope(died) });
      return;
    }
    const delayMs = (this.#options.restartDelayMs ?? 250) * 2 ** (this.#deathsInARow - 1);
    const restarted = Promise.withResolvers<LoadedModel>();
    restarted.promise.catch(() => undefined);
    this.#ready = restarted.promise;
    this.#detach(failure('engine-lost', 'engineRestarting', { how }));
    this.#setStatus({ state: 'starting', modelId });
    this.#restartTimer = setTimeout(() => {
      void this.#start().catch(() => undefined);
      this.#ready!.then(restarted.resolve, restarted.reject);
    }, delayMs);
  }

  /** Lets go of the process and fails what was asked of it. */
  #detach(error: AppError): void {
    const child = this.#child;
    this.#child = null;
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of lost) reject(error);
    child?.kill('SIGKILL');
  }

  #request<Kind extends EngineTask['kind']>(
    task: Extract<EngineTask, { kind: Kind }>,
    signal?: AbortSignal,
    onProgress?: (progress: EngineProgress) => void,
  ): Promise<EngineResults[Kind]> {
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<EngineResults[Kind]>();
    promise.catch(() => undefined);
    this.#waiting.set(id, { resolve: resolve as (value: never) => void, reject, onProgress });
    this.#send({ id, task });
    const cancel = () => this.#send({ id, cancel: true });
    if (signal?.aborted) cancel();
    else signal?.addEventListener('abort', cancel, { once: true });
    return promise.finally(() => signal?.removeEventListener('abort', cancel));
  }

  #send(message: EngineRequest): void {
    // A process that has just died reports its exit; that fails the request, so a send error needs no handling.
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

function failedLater(error: AppError): Promise<never> {
  const promise = Promise.reject<never>(error);
  promise.catch(() => undefined);
  return promise;
}
