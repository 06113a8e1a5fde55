import { AppError } from '../../core/errors.ts';
import type { Network, Past } from './network.ts';
import type { TokenChoice } from './sampling.ts';

export interface GenerateOptions {
  readonly choose: TokenChoice;
  readonly stopIds: ReadonlySet<number>;
  /** 0 reads the prompt and generates nothing. */
  readonly maximumTokens: number;
  /** The token whose states become masks. */
  readonly segId: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Generated {
  /** New tokens; the last one may be a stop token. */
  readonly ids: readonly number[];
  /**
   * Final states [h] of every `[SEG]` that was read, in order: those of the prompt count, and the last generated
   * token does not, because it is never read (as in the reference).
   */
  readonly segStates: readonly Float32Array[];
  /** Where those stand, counted from the prompt's first token. */
  readonly segPositions: readonly number[];
}

/**
 * Reads `promptIds` after `past`, then generates token by token, yielding each as soon as it is chosen.
 * @throws AppError `cancelled` when the signal aborts between two steps.
 */
export async function* generate(
  network: Pick<Network, 'config' | 'readText'>,
  past: Past,
  promptIds: readonly number[],
  options: GenerateOptions,
): AsyncGenerator<number, Generated> {
  const width = network.config.hidden_size;
  const ids: number[] = [];
  const segStates: Float32Array[] = [];
  const segPositions: number[] = [];
  let unread: readonly number[] = promptIds;
  let readCount = 0;
  for (;;) {
    throwIfCancelled(options.signal);
    const read = await network.readText(unread, past);
    past = read.past;
    unread.forEach((id, index) => {
      if (id !== options.segId) return;
      segStates.push(read.hidden.slice(index * width, (index + 1) * width));
      segPositions.push(readCount + index);
    });
    readCount += unread.length;
    if (ids.length >= options.maximumTokens) break;
    const next = options.choose(read.logits);
    ids.push(next);
    yield next;
    if (options.stopIds.has(next) || ids.length === options.maximumTokens) break;
    unread = [next];
  }
  return { ids, segStates, segPositions };
}

/** @throws AppError `cancelled` when the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new AppError('cancelled', 'The answer was cancelled before it was complete.');
}
