/**
 * Hashes of the masks that an export wrote, in the order of the file, so that the proof need not
 * draw each polygon again.
 */
export class WrittenMasks {
  #ids = new Float64Array(1024);
  #hashes = new Float64Array(1024);
  #count = 0;
  #next = 0;

  /** Remembers the mask of the next annotation in the file. */
  note(id: number, counts: string): void {
    if (this.#count === this.#ids.length) {
      this.#ids = enlarged(this.#ids);
      this.#hashes = enlarged(this.#hashes);
    }
    this.#ids[this.#count] = id;
    this.#hashes[this.#count++] = hashOf(counts);
  }

  /**
   * Whether the mask of an annotation was written with this text. Annotations are asked for in the
   * order of the file; of those out of order nothing is known, which is false too.
   */
  holds(id: number, counts: string): boolean {
    if (this.#next >= this.#count || this.#ids[this.#next] !== id) return false;
    return this.#hashes[this.#next++] === hashOf(counts);
  }
}

function enlarged(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * values.length);
  larger.set(values);
  return larger;
}

/** 53 bits, from two mixes of 32 (cyrb53). */
function hashOf(text: string): number {
  let low = 0xdeadbeef;
  let high = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, 2654435761);
    high = Math.imul(high ^ code, 1597334677);
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  return 2 ** 32 * (high & 0x1fffff) + (low >>> 0);
}
