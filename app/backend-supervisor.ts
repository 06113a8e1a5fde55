import { fork } from 'node:child_process';
import { AppError, toErrorEnvelope } from '../core/errors.ts';
import { Client } from './api/client.ts';
import type {
  AppEventName,
  AppEvents,
  ClientMessage,
  MethodInput,
  ServerMessage,
} from './api/contract.ts';
import type { ProjectSummary } from './api/contract/project.ts';
import type { Settings } from './api/settings.ts';
import type { ApplicationOptions } from './application.ts';
import { heapArguments } from './heap.ts';
import { letGoOfPipe, watchedEnvironment, watchedStdio } from './parent-watch.ts';
import { backendFailure } from './api/sentences.ts';

/** A running backend, whatever kind of process it is. */
export interface BackendProcess {
  send(message: ClientMessage): void;
  onMessage(listener: (message: ServerMessage) => void): void;
  onExit(listener: (how: string) => void): void;
  kill(): void;
}

const maximumDeathsInARow = 4;
const closingMs = 5000;

/**
 * Keeps a backend process alive for a host. When it dies, the calls it had fail with
 * `backend-lost`, a new one is started, and the project and model that were open are opened again
 * before any further call.
 */
export class BackendSupervisor {
  readonly #start: () => BackendProcess;
  readonly #onDeath: (how: string) => void;
  readonly #listeners: (<Name extends AppEventName>(
    name: Name,
    payload: AppEvents[Name],
  ) => void)[] = [];
  #process: BackendProcess;
  #client: Client;
  /** Settles when the present process is as its predecessor was. */
  #restored: Promise<void> = Promise.resolve();
  #projectFile: string | null = null;
  #model: MethodInput<'models.load'> | null = null;
  /** The windows that are open, and who came to them by a link of their own. */
  readonly #windows = new Map<string, string | null>();
  #deathsInARow = 0;
  #isClosing = false;
  /** Whether the present process has sent a message. */
  #hasAnswered = false;

  /** @param onDeath hears of each process that died, and how */
  constructor(start: () => BackendProcess, onDeath: (how: string) => void = () => undefined) {
    this.#start = start;
    this.#onDeath = onDeath;
    [this.#process, this.#client] = this.#launch();
  }

  /** Hears every event of the application, also after a restart. */
  onEvent(
    listener: <Name extends AppEventName>(name: Name, payload: AppEvents[Name]) => void,
  ): void {
    this.#listeners.push(listener);
  }

  /**
   * A page has connected; its calls carry the id.
   * @param person who came by a link of their own
   */
  windowOpened(window: string, person: string | null = null): void {
    this.#windows.set(window, person);
    void this.request('host.windowOpened', { window, person }).catch(() => undefined);
  }

  /** A page is gone: from now on every window can undo what it did. */
  windowClosed(window: string): void {
    this.#windows.delete(window);
    void this.request('host.windowClosed', { window }).catch(() => undefined);
  }

  /**
   * Passes a call on, of a window where one makes it; the backend checks name and input.
   * @throws AppError as thrown by the method, or `backend-lost`.
   */
  async request(method: string, input: unknown, window?: string): Promise<unknown> {
    if (this.#isClosing) throw new AppError('backend-lost', 'The application is closing.');
    await this.#restored;
    const value = await this.#client.request(method, input, window);
    this.#deathsInARow = 0;
    this.#remember(method, input, value, window);
    return value;
  }

  /**
   * Waits for the calls under way, closes the project and ends the process. No further call is
   * taken. A process that has not answered anything yet has nothing to put in order.
   * @param withinMs the longest wait; acknowledged changes are on the disk already
   */
  async close(withinMs = closingMs): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    if (!this.#hasAnswered) {
      this.#process.kill();
      return;
    }
    const timeUp = new Promise((resolve) => setTimeout(resolve, withinMs).unref());
    // Calls made before this one go first: they wait for the same promise.
    const closed = this.#restored.then(() => this.#client.request('host.close', null));
    await Promise.race([closed, timeUp]).catch(() => undefined);
    this.#process.kill();
  }

  #launch(): [BackendProcess, Client] {
    const backend = this.#start();
    const client = new Client({ send: (message) => backend.send(message) });
    this.#hasAnswered = false;
    backend.onMessage((message) => {
      this.#hasAnswered = true;
      if ('event' in message) this.#announce(message.event, message.payload as never);
      else client.receive(message);
    });
    backend.onExit((how) => {
      client.lose(how);
      if (!this.#isClosing) this.#replace(how);
    });
    return [backend, client];
  }

  #announce<Name extends AppEventName>(name: Name, payload: AppEvents[Name]): void {
    for (const listener of this.#listeners) listener(name, payload);
  }

  #replace(how: string): void {
    this.#onDeath(how);
    this.#deathsInARow++;
    if (this.#deathsInARow >= maximumDeathsInARow) {
      const died = backendFailure('backend-lost', 'backendDied', {
        times: this.#deathsInARow,
        how,
      });
      this.#restored = Promise.reject(died);
      this.#restored.catch(() => undefined);
      return;
    }
    console.error(`The backend stopped (${how}) and is started again.`);
    [this.#process, this.#client] = this.#launch();
    this.#restored = this.#restore();
  }

  async #restore(): Promise<void> {
    const client = this.#client;
    const fail = (thrown: unknown) => {
      const { code, message } = toErrorEnvelope(thrown);
      // When this process died too, the next one tries.
      if (code !== 'backend-lost') console.error(`After a restart: ${message}`);
    };
    for (const [window, person] of this.#windows) {
      await client.request('host.windowOpened', { window, person }).catch(fail);
    }
    if (this.#projectFile)
      await client.call('project.open', { file: this.#projectFile }).catch(fail);
    // Not waited for: a person can go on editing while the model loads.
    if (this.#model) void client.call('models.load', this.#model).catch(fail);
  }

  #remember(method: string, input: unknown, value: unknown, window?: string): void {
    switch (method) {
      case 'project.create':
      case 'project.open':
      case 'project.openSample':
      case 'project.openBenchmark':
      case 'project.restore':
        this.#projectFile = (value as ProjectSummary).file;
        break;
      case 'project.close':
        this.#projectFile = null;
        break;
      case 'models.load':
        this.#model = input as MethodInput<'models.load'>;
        break;
      case 'settings.set':
        // A person of a link may have taken another name.
        if (window !== undefined && this.#windows.get(window)) {
          this.#windows.set(window, (value as Settings).person);
        }
    }
  }
}

/**
 * Starts the backend as a child process.
 * @param entry file of the backend process
 * @param node the Node to run it, this process's own where not given
 */
export function forkBackend(
  entry: string,
  options: ApplicationOptions,
  node: string = process.env.PIXELSAIL_NODE ?? process.execPath,
): BackendProcess {
  const child = fork(entry, [JSON.stringify(options)], {
    execPath: node,
    execArgv: [...heapArguments],
    env: watchedEnvironment(),
    serialization: 'advanced',
    stdio: watchedStdio,
  });
  letGoOfPipe(child);
  return {
    send: (message) => void child.send(message, () => undefined),
    onMessage: (listener) =>
      void child.on('message', (message) => listener(message as ServerMessage)),
    onExit(listener) {
      let hasEnded = false;
      const end = (how: string) => {
        if (!hasEnded) listener(how);
        hasEnded = true;
      };
      child.once('error', (error) => end(error.message));
      child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
