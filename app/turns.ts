import { setImmediate } from 'node:timers/promises';

/** Other calls are answered between pieces of work of about this length. */
const pieceMs = 12;

/** Lets long work in the process give others a turn now and then. */
export class Turns {
  #pieceEndsAtMs = performance.now() + pieceMs;

  /** Whether it is time to {@link give} a turn; asking costs next to nothing. */
  get isDue(): boolean {
    return performance.now() >= this.#pieceEndsAtMs;
  }

  /** Lets waiting requests be answered. */
  async give(): Promise<void> {
    await setImmediate();
    this.#pieceEndsAtMs = performance.now() + pieceMs;
  }
}
