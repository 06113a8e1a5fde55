import type { HostBridge, TakenStep } from '../../app/api/contract.ts';
import type { Diff } from '../../core/diff.ts';
import { fromErrorEnvelope, toErrorEnvelope, type ErrorEnvelope } from '../../core/errors.ts';
import type { RecordId } from '../../core/records.ts';

export interface Change {
  readonly label: string;
  readonly diff: Diff;
  readonly imageId: RecordId | null;
}

export type SaveState =
  | { readonly kind: 'saved' }
  | { readonly kind: 'saving'; readonly waiting: number }
  | {
      readonly kind: 'failed';
      readonly waiting: number;
      readonly error: ErrorEnvelope;
    };

/**
 * Sends changes to the journal at once, one after the other, and says `saved` only when every one of them was
 * acknowledged. After a failure nothing is lost: the changes stay queued, in order, until the person retries
 * or drops them.
 */
export class SaveQueue {
  state = $state.raw<SaveState>({ kind: 'saved' });
  readonly #bridge: HostBridge;
  readonly #onSaved: (step: TakenStep) => void;
  #waiting: Change[] = [];
  #sending: Promise<void> | null = null;

  constructor(bridge: HostBridge, onSaved: (step: TakenStep) => void) {
    this.#bridge = bridge;
    this.#onSaved = onSaved;
  }

  push(change: Change): void {
    this.#waiting.push(change);
    if (this.state.kind === 'failed') this.state = { ...this.state, waiting: this.#waiting.length };
    else this.#start();
  }

  /** Resolves when every change is acknowledged. @throws AppError when one could not be saved. */
  async settled(): Promise<void> {
    while (this.#sending) await this.#sending;
    if (this.state.kind === 'failed') throw fromErrorEnvelope(this.state.error);
  }

  retry(): void {
    if (this.state.kind === 'failed') this.#start();
  }

  /** Gives up what could not be saved; the caller shows the stored records again. */
  drop(): void {
    this.#waiting = [];
    this.state = { kind: 'saved' };
  }

  #start(): void {
    this.state = { kind: 'saving', waiting: this.#waiting.length };
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = null));
  }

  async #sendAll(): Promise<void> {
    for (let change = this.#waiting[0]; change; change = this.#waiting[0]) {
      this.state = { kind: 'saving', waiting: this.#waiting.length };
      try {
        const { imageId, label, diff } = change;
        const input = imageId ? { label, diff, imageId } : { label, diff };
        const step = await this.#bridge.call('document.apply', input);
        this.#waiting.shift();
        this.#onSaved(step);
      } catch (thrown) {
        const error = toErrorEnvelope(thrown);
        this.state = { kind: 'failed', waiting: this.#waiting.length, error };
        return;
      }
    }
    this.state = { kind: 'saved' };
  }
}
