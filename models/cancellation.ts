import { setImmediate } from 'node:timers/promises';
import { requestCancelled } from '../core/errors.ts';

/** @throws AppError `cancelled` when the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw requestCancelled();
}

/**
 * Lets the process hear what came while it computed, a cancellation among it. Stands between any
 * two pieces of work that each take a while; the longest of them is how long a cancellation can go
 * unheard.
 * @throws AppError `cancelled` when the signal is aborted.
 */
export async function rest(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  throwIfCancelled(signal);
}

/**
 * The result of the work unless the signal aborts first; the work itself continues and its result
 * is ignored.
 * @throws AppError `cancelled` then, or what the work throws.
 */
export function unlessCancelled<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (!signal) return work;
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const cancel = () => reject(requestCancelled());
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
  return promise;
}
