import type { HostBridge } from '../../app/api/contract.ts';
import type { TakenStep } from '../../app/api/contract/journal.ts';
import type { Diff } from '../../core/diff.ts';
import { fromErrorEnvelope, toErrorEnvelope, type ErrorEnvelope } from '../../core/errors.ts';
import type { StepLabel } from '../../core/project/step-labels.ts';
import type { RecordId } from '../../core/records.ts';
import { editorFailure } from './sentences.ts';

export interface Change {
  readonly label: StepLabel;
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
    }
  /**
   * All that can be saved is saved; these changes were made to records that had changed elsewhere.
   */
  | { readonly kind: 'refused'; readonly changes: readonly Change[] };

export interface SaveListeners {
  readonly onSaved: (step: TakenStep) => void;
  /** The records that are shown are not those that are stored. */
  readonly onRefused: () => void;
  readonly onFailed: (error: ErrorEnvelope) => void;
  /** Whether what is stored is what the change would make of it. */
  readonly isStored: (change: Change) => Promise<boolean>;
}

/**
 * Sends changes to the journal at once, one after the other, and says `saved` only when every one
 * of them was acknowledged. After a failure nothing is lost: the changes stay queued, in order,
 * until the person retries or drops them. A change that conflicts with what is stored is put aside
 * for the person to decide, and does not hold up others.
 */
export class SaveQueue {
  state = $state.raw<SaveState>({ kind: 'saved' });
  readonly #bridge: HostBridge;
  readonly #listeners: SaveListeners;
  #waiting: Change[] = [];
  #refused: readonly Change[] = [];
  #sending: Promise<void> | null = null;

  constructor(bridge: HostBridge, listeners: SaveListeners) {
    this.#bridge = bridge;
    this.#listeners = listeners;
  }

  push(change: Change): void {
    this.#waiting.push(change);
    if (this.state.kind === 'failed') this.state = { ...this.state, waiting: this.#waiting.length };
    else this.#start();
  }

  /** Resolves when no change waits to be sent. @throws AppError when one could not be saved. */
  async sent(): Promise<void> {
    while (this.#sending) await this.#sending;
    if (this.state.kind === 'failed') throw fromErrorEnvelope(this.state.error);
  }

  /**
   * Resolves when every change is acknowledged.
   * @throws AppError when one could not be saved, or was refused.
   */
  async settled(): Promise<void> {
    await this.sent();
    const count = this.#refused.length;
    if (count > 0) throw editorFailure('conflict', 'changesRefused', { count });
  }

  /** Takes the refused changes away, to be made again or given up. */
  takeRefused(): readonly Change[] {
    const taken = this.#refused;
    this.#refused = [];
    if (this.state.kind === 'refused') this.state = { kind: 'saved' };
    return taken;
  }

  retry(): void {
    if (this.state.kind === 'failed') this.#start();
  }

  /** Gives up what could not be saved; the caller shows the stored records again. */
  drop(): void {
    this.#waiting = [];
    this.state = this.#allSent();
  }

  #start(): void {
    this.state = { kind: 'saving', waiting: this.#waiting.length };
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = null));
  }

  async #sendAll(): Promise<void> {
    let hasRefused = false;
    for (let change = this.#waiting[0]; change; change = this.#waiting[0]) {
      this.state = { kind: 'saving', waiting: this.#waiting.length };
      try {
        const step = await this.#send(change);
        this.#waiting.shift();
        if (step) this.#listeners.onSaved(step);
      } catch (thrown) {
        const error = toErrorEnvelope(thrown);
        if (error.code !== 'conflict') {
          this.state = { kind: 'failed', waiting: this.#waiting.length, error };
          this.#listeners.onFailed(error);
          break;
        }
        this.#waiting.shift();
        this.#refused = [...this.#refused, change];
        hasRefused = true;
      }
    }
    if (this.#waiting.length === 0) this.state = this.#allSent();
    if (hasRefused) this.#listeners.onRefused();
  }

  /**
   * A backend that died over a change is started again, and gets it again once. Whether it had
   * stored it is not known, so a conflict then may be with the change itself: that one is saved,
   * and null is returned.
   */
  async #send(change: Change): Promise<TakenStep | null> {
    const { imageId, label, diff } = change;
    const input = imageId ? { label, diff, imageId } : { label, diff };
    try {
      return await this.#bridge.call('journal.apply', input);
    } catch (thrown) {
      if (toErrorEnvelope(thrown).code !== 'backend-lost') throw thrown;
    }
    try {
      return await this.#bridge.call('journal.apply', input);
    } catch (thrown) {
      const isConflict = toErrorEnvelope(thrown).code === 'conflict';
      if (isConflict && (await this.#listeners.isStored(change))) return null;
      throw thrown;
    }
  }

  #allSent(): SaveState {
    return this.#refused.length > 0
      ? { kind: 'refused', changes: this.#refused }
      : { kind: 'saved' };
  }
}
