/** Decodes an image of an address. */
export type LoadBitmap = (url: string, signal: AbortSignal) => Promise<ImageBitmap>;

interface Held {
  readonly bitmap: Promise<ImageBitmap>;
  readonly stop: AbortController;
}

/**
 * The pixels of the shown image and of its neighbours, which are decoded before they are asked
 * for.
 */
export class ImagePixels {
  readonly #load: LoadBitmap;
  readonly #held = new Map<string, Held>();
  #wanted: readonly string[] = [];

  constructor(load: LoadBitmap) {
    this.#load = load;
  }

  /**
   * Loads an image, or gives it at once when it was a neighbour. Images that are neither this one
   * nor its neighbours are given up.
   * @param neighbours in the order in which they are decoded, one after another, once `url` is
   * there
   * @throws when the image cannot be loaded, or was given up meanwhile
   */
  show(url: string, neighbours: readonly string[]): Promise<ImageBitmap> {
    this.#wanted = [url, ...neighbours];
    for (const held of this.#held.keys()) if (!this.#wanted.includes(held)) this.#drop(held);
    const { bitmap } = this.#hold(url);
    void this.#prefetch(this.#wanted);
    return bitmap;
  }

  dispose(): void {
    this.#wanted = [];
    for (const url of this.#held.keys()) this.#drop(url);
  }

  async #prefetch(wanted: readonly string[]): Promise<void> {
    for (const url of wanted) {
      if (this.#wanted !== wanted) return;
      // A neighbour that cannot be read says so when it is shown.
      await this.#hold(url).bitmap.catch(() => undefined);
    }
  }

  #hold(url: string): Held {
    const known = this.#held.get(url);
    if (known) return known;
    const stop = new AbortController();
    const held = { bitmap: this.#load(url, stop.signal), stop };
    this.#held.set(url, held);
    // A failure is not kept: the file may be there the next time.
    held.bitmap.catch(() => this.#held.get(url) === held && this.#held.delete(url));
    return held;
  }

  #drop(url: string): void {
    const { bitmap, stop } = this.#held.get(url)!;
    this.#held.delete(url);
    stop.abort();
    void bitmap.then(
      (pixels) => pixels.close(),
      () => undefined,
    );
  }
}
