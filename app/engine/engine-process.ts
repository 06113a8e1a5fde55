import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { letGoOfPipe, watchedEnvironment, watchedStdio } from '../parent-watch.ts';
import type { EngineMessage, EngineRequest } from './protocol.ts';

/**
 * A running engine: emits `message`, and `exit` with a code and a signal, or `error` when it could
 * not be started.
 */
export interface EngineProcess extends EventEmitter {
  /** Undefined where the host does not say. */
  readonly pid?: number | undefined;
  send(message: EngineRequest, sent: (error: Error | null) => void): unknown;
  kill(signal: 'SIGKILL'): unknown;
}

/** Starts the engine as a child of this process. */
export function forkEngine(entry: string): EngineProcess {
  const child = fork(entry, [], {
    execArgv: [],
    env: watchedEnvironment(),
    serialization: 'advanced',
    stdio: watchedStdio,
  });
  letGoOfPipe(child);
  return child;
}

/**
 * Requests of a backend to its host about an engine, and the answers. Engines are numbered by the
 * backend.
 */
export type EngineOrder =
  | { readonly engine: number; readonly order: 'start' | 'kill' }
  | { readonly engine: number; readonly order: 'send'; readonly message: EngineRequest };
export type EngineNews =
  | { readonly engine: number; readonly message: EngineMessage }
  | { readonly engine: number; readonly exitCode: number };

/**
 * The engines of a backend that runs in Electron's utilityProcess. A process of Electron can start
 * a Node only where ELECTRON_RUN_AS_NODE works, and that variable lets any program run code under
 * the application's name; so the main process starts the engines too, and passes their messages on.
 */
export class HostedEngines {
  readonly #post: (order: EngineOrder) => void;
  readonly #engines = new Map<number, EventEmitter>();
  #last = 0;

  constructor(post: (order: EngineOrder) => void) {
    this.#post = post;
  }

  /** Starts one; to be given to the engine client in place of {@link forkEngine}. */
  readonly start = (): EngineProcess => {
    const engine = ++this.#last;
    const events = new EventEmitter();
    this.#engines.set(engine, events);
    this.#post({ engine, order: 'start' });
    return Object.assign(events, {
      send: (message: EngineRequest) => this.#post({ engine, order: 'send', message }),
      kill: () => this.#post({ engine, order: 'kill' }),
    });
  };

  /** Takes a message of the host. Returns whether it was about an engine. */
  receive(news: unknown): boolean {
    if (typeof news !== 'object' || news === null || !('engine' in news)) return false;
    const { engine, ...what } = news as EngineNews;
    const events = this.#engines.get(engine);
    if ('message' in what) events?.emit('message', what.message);
    else {
      this.#engines.delete(engine);
      events?.emit('exit', what.exitCode, null);
    }
    return true;
  }
}

/** A process that Electron starts for others, as its utilityProcess gives it. */
export interface UtilityProcess {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  once(event: 'exit', listener: (code: number) => void): unknown;
  kill(): unknown;
}

/**
 * Serves a backend's orders in the host: starts engines, passes messages on, and ends them with
 * the backend.
 * @returns whether a message of the backend was such an order
 */
export function serveEngines(
  backend: UtilityProcess,
  startEngine: () => UtilityProcess,
): (message: unknown) => boolean {
  const engines = new Map<number, UtilityProcess>();
  backend.once('exit', () => {
    for (const engine of engines.values()) engine.kill();
  });
  const start = (engine: number) => {
    const started = startEngine();
    engines.set(engine, started);
    started.on('message', (message) =>
      backend.postMessage({ engine, message: message as EngineMessage } satisfies EngineNews),
    );
    started.once('exit', (exitCode) => {
      engines.delete(engine);
      backend.postMessage({ engine, exitCode } satisfies EngineNews);
    });
  };
  return (message) => {
    if (typeof message !== 'object' || message === null || !('engine' in message)) return false;
    const order = message as EngineOrder;
    if (order.order === 'start') start(order.engine);
    else if (order.order === 'send') engines.get(order.engine)?.postMessage(order.message);
    else engines.get(order.engine)?.kill();
    return true;
  };
}
