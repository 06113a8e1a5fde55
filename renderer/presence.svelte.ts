import type { HostBridge } from '../app/api/contract.ts';
import type { PresentWindow } from '../app/api/contract/people.ts';
import type { RecordId } from '../core/records.ts';

/** The other windows on the project, and their images. */
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

  /** Tells the others which image this window shows. A failed call is ignored. */
  async show(imageId: RecordId | null): Promise<void> {
    this.#shown = imageId;
    const answer = await this.#bridge.call('people.show', { imageId }).catch(() => null);
    if (answer === null) return;
    this.#own = answer.window;
    this.#take(answer.present);
  }

  /** The names of others on an image; null of a person without a name. */
  namesOn(imageId: RecordId): (string | null)[] {
    return this.others.filter((other) => other.imageId === imageId).map(({ name }) => name);
  }

  #take(present: readonly PresentWindow[]): void {
    this.others = present.filter(({ window }) => window !== this.#own);
  }
}
