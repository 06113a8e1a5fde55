import { throwIfCancelled } from '../../../cancellation.ts';
import type { Network, Past, ReadText } from './network.ts';

/** The next tokens, from the scores of every token: one, or several that are read at once. */
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
   * Final states [h] of every `[SEG]` that was read, in order: those of the prompt count, and the
   * last generated token does not, because it is never read (as in the reference).
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
  network: Pick<Network, 'config' | 'readText' | 'readEnd'>,
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
  const collect = (piece: readonly number[], hidden: Float32Array) => {
    for (const [index, id] of piece.entries()) {
      if (id !== options.segId) continue;
      segStates.push(hidden.slice(index * width, (index + 1) * width));
      segPositions.push(readCount + index);
    }
    readCount += piece.length;
  };
  if (options.maximumTokens === 0) {
    await readToEnd(network, promptIds, past, options.signal, collect);
    return { ids, segStates, segPositions };
  }
  for (;;) {
    const read = await readInPieces(network, unread, past, options.signal, collect);
    past = read.past;
    unread = options.next(read.logits).slice(0, options.maximumTokens - ids.length);
    for (const id of unread) {
      ids.push(id);
      yield id;
    }
    if (options.stopIds.has(ids.at(-1)!) || ids.length === options.maximumTokens) break;
  }
  return { ids, segStates, segPositions };
}

/**
 * Tokens that are read in one go: what takes longer than that could not be cancelled soon enough.
 */
const pieceLength = 256;

/**
 * Reads tokens after `past`, piece by piece; gives what reading the last piece gave.
 * @throws AppError `cancelled` when the signal aborts between two pieces.
 */
export async function readInPieces(
  network: Pick<Network, 'readText'>,
  ids: readonly number[],
  past: Past,
  signal: AbortSignal | undefined,
  onPiece: (piece: readonly number[], hidden: Float32Array) => void = () => undefined,
): Promise<ReadText> {
  for (let start = 0; ; start += pieceLength) {
    throwIfCancelled(signal);
    const piece = ids.slice(start, start + pieceLength);
    const read = await network.readText(piece, past);
    onPiece(piece, read.hidden);
    if (start + pieceLength >= ids.length) return read;
    past = read.past;
  }
}

/** Reads the last tokens of an answer piece by piece; their keys and values are not kept. */
async function readToEnd(
  network: Pick<Network, 'readText' | 'readEnd'>,
  ids: readonly number[],
  past: Past,
  signal: AbortSignal | undefined,
  onPiece: (piece: readonly number[], hidden: Float32Array) => void,
): Promise<void> {
  const last = ids.length - (ids.length % pieceLength || pieceLength);
  if (last > 0) {
    ({ past } = await readInPieces(network, ids.slice(0, last), past, signal, onPiece));
  }
  throwIfCancelled(signal);
  const piece = ids.slice(last);
  onPiece(piece, await network.readEnd(piece, past));
}
