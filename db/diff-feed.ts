import type { MessagePort } from 'node:worker_threads';
import type { Diff } from '../core/diff.ts';
import { sharedPlaces, type DiffEntry, type DiffMessage } from './step-task.ts';

/** Messages that the thread has and has not taken yet, so that it seldom waits. */
const ahead = 2;
/** Copying more records at once into a message would hold up others. */
const recordsInMessage = 250;

/** Gives diffs to the thread that applies them, each made when the thread has room for it. */
export class DiffFeed {
  readonly #messages: Iterator<DiffMessage>;
  readonly #port: MessagePort;
  readonly #shared: Int32Array<SharedArrayBuffer>;
  #room = ahead;

  constructor(diffs: Iterator<Diff>, port: MessagePort, shared: Int32Array<SharedArrayBuffer>) {
    this.#messages = messagesOf(diffs);
    this.#port = port;
    this.#shared = shared;
  }

  /** Hears that the thread has taken a message. */
  noteTaken(): void {
    this.#room += 1;
  }

  /**
   * Gives the next part of a diff, if there is room and any is left.
   * @returns whether there was
   * @throws what making a diff throws
   */
  give(): boolean {
    if (this.#room === 0) return false;
    const next = this.#messages.next();
    if (next.done) return false;
    this.#room -= 1;
    this.#port.postMessage(next.value);
    Atomics.add(this.#shared, sharedPlaces.given, 1);
    Atomics.notify(this.#shared, sharedPlaces.given);
    return true;
  }
}

function* messagesOf(diffs: Iterator<Diff>): Generator<DiffMessage> {
  for (let next = diffs.next(); !next.done; next = diffs.next()) {
    let entries: DiffEntry[] = [];
    for (const entry of entriesOf(next.value)) {
      if (entries.length === recordsInMessage) {
        yield { kind: 'part', entries };
        entries = [];
      }
      entries.push(entry);
    }
    yield { kind: 'last-part', entries };
  }
  yield { kind: 'end' };
}

function* entriesOf(diff: Diff): Generator<DiffEntry> {
  for (const map of ['removed', 'updated', 'added'] as const) {
    for (const id in diff[map]) yield [map, id, diff[map][id]!];
  }
}
