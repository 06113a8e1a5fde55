import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import type { Diff } from '../core/diff.ts';
import { journalFailure } from './journal-sentences.ts';
import { sharedPlaces, type DiffEntry, type DiffMessage } from './step-task.ts';

/**
 * The diffs that another thread gives (see DiffFeed), each when it is complete. Waiting for the
 * next one holds up this thread.
 * @param onTaken hears of each message that is taken
 * @throws AppError `cancelled` where the other thread has stopped the step.
 */
export function* givenDiffs(
  port: MessagePort,
  shared: Int32Array<SharedArrayBuffer>,
  onTaken: () => void,
): Generator<Diff> {
  let diff = newDiff();
  for (;;) {
    const message = awaitMessage(port, shared);
    onTaken();
    if (message.kind === 'end') return;
    for (const entry of message.entries) put(diff, entry);
    if (message.kind === 'part') continue;
    yield diff;
    diff = newDiff();
  }
}

function awaitMessage(port: MessagePort, shared: Int32Array<SharedArrayBuffer>): DiffMessage {
  for (;;) {
    const given = Atomics.load(shared, sharedPlaces.given);
    requireWanted(shared);
    const received = receiveMessageOnPort(port) as { message: DiffMessage } | undefined;
    if (received) return received.message;
    Atomics.wait(shared, sharedPlaces.given, given);
  }
}

/** @throws AppError `cancelled` where the other thread has stopped the step. */
export function requireWanted(shared: Int32Array<SharedArrayBuffer>): void {
  if (Atomics.load(shared, sharedPlaces.isStopped) === 0) return;
  throw journalFailure('cancelled', 'nothingChanged', {});
}

/** Without prototypes, its maps take thousands of keys four times as fast. */
function newDiff(): Diff {
  const map = <Value>(): Record<string, Value> => Object.create(null) as Record<string, Value>;
  return { added: map(), updated: map(), removed: map() };
}

function put(diff: Diff, [map, id, change]: DiffEntry): void {
  (diff[map] as Record<string, typeof change>)[id] = change;
}
