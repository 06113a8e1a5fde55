import type { RecordId } from '../../core/records.ts';

/** Images further back are forgotten. */
const mostKept = 200;

/**
 * The images that were shown one after another, to be gone back to and forward again, as pages of
 * a browser are.
 */
export class VisitedImages {
  #ids = $state.raw<readonly RecordId[]>([]);
  #at = $state(-1);

  get canGoBack(): boolean {
    return this.#at > 0;
  }

  get canGoForward(): boolean {
    return this.#at < this.#ids.length - 1;
  }

  /** The image is shown: by going back or forward, or as one that nothing lies ahead of. */
  note(id: RecordId): void {
    if (this.#ids[this.#at] === id) return;
    this.#ids = [...this.#ids.slice(0, this.#at + 1), id].slice(-mostKept);
    this.#at = this.#ids.length - 1;
  }

  /**
   * The image before or after the shown one, which is taken as shown from now on; null where there
   * is none.
   */
  go(by: 1 | -1): RecordId | null {
    const id = this.#ids[this.#at + by];
    if (id === undefined) return null;
    this.#at += by;
    return id;
  }

  /** The image is gone from the project. */
  forget(id: RecordId): void {
    const kept = this.#ids.slice(0, this.#at + 1).filter((known) => known !== id).length;
    this.#ids = this.#ids.filter((known) => known !== id);
    this.#at = kept - 1;
  }
}
