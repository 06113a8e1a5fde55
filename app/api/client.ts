import type { AppError } from '../../core/errors.ts';
import { fromErrorEnvelope } from '../../core/errors.ts';
import type {
  AppEventName,
  AppEvents,
  ClientMessage,
  MethodInput,
  MethodName,
  MethodOutput,
  ServerMessage,
} from './contract.ts';
import { backendFailure } from './sentences.ts';

/** The sending half of a connection; what arrives is handed to {@link Client.receive}. */
export interface Transport {
  send(message: ClientMessage): void;
}

/**
 * Calls over any transport: numbers the messages, matches the answers, rethrows errors as AppError.
 * Runs in a browser as well as in Node.
 */
export class Client {
  readonly #transport: Transport;
  readonly #pending = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: AppError) => void }
  >();
  readonly #listeners = new Map<AppEventName, Set<(payload: never) => void>>();
  #lastId = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Number of calls that wait for their answer. */
  get pending(): number {
    return this.#pending.size;
  }

  /** @throws AppError as thrown by the method, or `backend-lost` when the connection ends first. */
  call<Name extends MethodName>(name: Name, input: MethodInput<Name>): Promise<MethodOutput<Name>> {
    return this.request(name, input) as Promise<MethodOutput<Name>>;
  }

  /** Like {@link call} for a name that is checked on the other side, on behalf of a window. */
  request(method: string, input: unknown, window?: string): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      try {
        this.#transport.send({ id, method, input, ...(window !== undefined && { window }) });
      } catch (thrown) {
        this.#pending.delete(id);
        reject(connectionLost(thrown));
      }
    });
  }

  /** Listens to an event; the returned function stops listening. */
  on<Name extends AppEventName>(
    name: Name,
    listener: (payload: AppEvents[Name]) => void,
  ): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Takes one message of the other side. */
  receive(message: ServerMessage): void {
    if ('event' in message) {
      for (const listener of this.#listeners.get(message.event) ?? []) {
        listener(message.payload as never);
      }
      return;
    }
    const waiting = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.ok) waiting?.resolve(message.value);
    else waiting?.reject(fromErrorEnvelope(message.error));
  }

  /** Fails every waiting call: the connection is gone and no answer will come. */
  lose(cause?: unknown): void {
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of waiting) reject(connectionLost(cause));
  }
}

function connectionLost(cause: unknown): AppError {
  return backendFailure('backend-lost', 'backendLost', {}, cause);
}
