import { AppError } from '../../core/errors.ts';
import type { Network, Past } from './network.ts';

/** What is said next, from the scores of every token: one token, or several that are read in one go. */
export type NextTokens = (logits: Float32Array) => readonly number[];

export interface GenerateOptions {
  readonly next: NextTokens;
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
 * Reads `promptIds` after `past`, then generates, yielding each token as soon as it is chosen.
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
    unread = options.next(read.logits).slice(0, options.maximumTokens - ids.length);
    for (const id of unread) {
      ids.push(id);
      yield id;
    }
    if (options.stopIds.has(ids.at(-1)!) || ids.length === options.maximumTokens) break;
  }
  return { ids, segStates, segPositions };
}

/** @throws AppError `cancelled` when the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted)
    throw new AppError('cancelled', 'The answer was cancelled before it was complete.');
}
