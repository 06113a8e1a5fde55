import { AppError } from '../../core/errors.ts';

/**
 * Values by key; the least recently used are dropped when all together hold more than
 * `limitBytes`.
 */
export class ByteCache<Value extends { readonly bytes: number }> {
  readonly #limitBytes: number;
  /** In order of use, oldest first. */
  readonly #entries = new Map<string, Value>();
  #bytes = 0;

  /** @throws AppError `invalid-input` when the limit is not a number of bytes. */
  constructor(limitBytes: number) {
    if (!(limitBytes >= 0)) {
      throw new AppError('invalid-input', `A cache holds 0 bytes or more, not ${limitBytes}.`);
    }
    this.#limitBytes = limitBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Value | undefined {
    const value = this.#entries.get(key);
    if (value) {
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  /** Keeps the value, unless it alone is larger than the limit. */
  set(key: string, value: Value): void {
    this.#drop(key);
    if (value.bytes > this.#limitBytes) return;
    this.#entries.set(key, value);
    this.#bytes += value.bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#limitBytes) break;
      this.#drop(oldest);
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  #drop(key: string): void {
    const value = this.#entries.get(key);
    if (!value) return;
    this.#entries.delete(key);
    this.#bytes -= value.bytes;
  }
}
