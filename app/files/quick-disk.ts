/** A disk that takes this long for a small file may be behind a network. */
const slowMs = 20;
/** Files that are handed to another thread before the disk is tried again. */
const filesAside = 200;

/**
 * Whether small files are read, written or looked at at once: handing each of many to another
 * thread takes five times as long as that, but nothing else goes on meanwhile.
 */
export class QuickDisk {
  #aside = 0;

  /** The result of synchronous work on a small file; null where it is better done aside. */
  attempt<Result>(work: () => Result): Result | null {
    if (this.#aside > 0) {
      this.#aside -= 1;
      return null;
    }
    const startedAtMs = performance.now();
    try {
      return work();
    } finally {
      if (performance.now() - startedAtMs > slowMs) this.#aside = filesAside;
    }
  }
}
