import type { HostBridge } from '../app/api/contract.ts';
import type { PresentWindow } from '../app/api/contract/people.ts';
import type { RecordId } from '../core/records.ts';

/** Who else is there, and on which image. */
export class Presence {
  others = $state.raw<readonly PresentWindow[]>([]);
  readonly #bridge: HostBridge;
  #own: string | null = null;
  #shown: RecordId | null = null;

  constructor(bridge: HostBridge) {
    this.#bridge = bridge;
    bridge.on('people:changed', ({ present }) => {
      const isKnown = present.some(({ window }) => window === this.#own);
      if (isKnown) this.#take(present);
      // A connection that was lost comes back as another window.
      else void this.show(this.#shown);
    });
  }

  /** Says which image this window shows. That others do not hear of it is no failure. */
  async show(imageId: RecordId | null): Promise<void> {
    this.#shown = imageId;
    const answer = await this.#bridge.call('people.show', { imageId }).catch(() => null);
    if (answer === null) return;
    this.#own = answer.window;
    this.#take(answer.present);
  }

  /** The names of those who are on an image; null of whoever has not said. */
  namesOn(imageId: RecordId): (string | null)[] {
    return this.others.filter((other) => other.imageId === imageId).map(({ name }) => name);
  }

  #take(present: readonly PresentWindow[]): void {
    this.others = present.filter(({ window }) => window !== this.#own);
  }
}
