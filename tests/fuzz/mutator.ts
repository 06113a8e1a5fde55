import { seededRandom } from '../../core/seeded-random.ts';

/**
 * Texts that have broken readers: control and zero characters, half surrogates, markup, paths,
 * numbers that look like ids.
 */
const hostileTexts: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udc00x',
  '\u202egpj.exe',
  'e\u0301',
  '../../../etc/passwd',
  '..\\..\\x',
  '/dev/zero',
  '/dev/full',
  'C:\\x',
  'con',
  '__proto__',
  'constructor',
  '<img src=x onerror=alert(1)>',
  "'; DROP TABLE image; --",
  '"',
  '%s%n',
  '${1+1}',
  '[SEG]',
  '<Prompt0>',
  '<|im_end|>',
  "b'abc'",
  'NaN',
  '1e999',
  '9007199254740993',
  'x'.repeat(300),
  'word '.repeat(3000),
];

const hostileNumbers: readonly number[] = [
  0,
  -0,
  1,
  -1,
  0.5,
  1e-320,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 63),
  1e21,
];

/** Draws and damages values, the same ones for the same seed. */
export class Mutator {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  /** A whole number from 0 to below `end`. */
  below(end: number): number {
    return Math.floor(this.#random() * end);
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)]!;
  }

  text(): string {
    return this.pick(hostileTexts);
  }

  number(): number {
    return this.chance(0.5) ? this.pick(hostileNumbers) : Math.round((this.#random() - 0.3) * 200);
  }

  /** Any JSON value, mostly small. */
  json(depth = 0): unknown {
    const kind = this.below(depth > 3 ? 5 : 7);
    if (kind === 0) return null;
    if (kind === 1) return this.chance(0.5);
    if (kind === 2) return this.number();
    if (kind <= 4) return this.text();
    const size = this.chance(0.05) ? 200 : this.below(4);
    if (kind === 5) return Array.from({ length: size }, () => this.json(depth + 1));
    return Object.fromEntries(
      Array.from({ length: size }, () => [this.text(), this.json(depth + 1)]),
    );
  }

  /**
   * A copy of a JSON value in which one place or several are replaced, removed, doubled or
   * exchanged.
   */
  damagedJson(value: unknown, mostPlaces = 4): unknown {
    const copy = structuredClone(value);
    for (let count = 1 + this.below(mostPlaces); count > 0; count--) this.#damagePlace(copy);
    return copy;
  }

  #damagePlace(root: unknown): void {
    let parent = root;
    for (;;) {
      if (typeof parent !== 'object' || parent === null) return;
      const keys = Object.keys(parent);
      if (keys.length === 0) return;
      const key = this.pick(keys);
      const holder = parent as Record<string, unknown>;
      const child = holder[key];
      const isLeaf = typeof child !== 'object' || child === null || Object.keys(child).length === 0;
      if (!isLeaf && this.chance(0.8)) {
        parent = child;
        continue;
      }
      this.#damageMember(holder, key, keys);
      return;
    }
  }

  #damageMember(holder: Record<string, unknown>, key: string, keys: readonly string[]): void {
    const child = holder[key];
    switch (this.below(6)) {
      case 0:
        if (Array.isArray(holder)) holder.splice(Number(key), 1);
        else Reflect.deleteProperty(holder, key);
        return;
      case 1:
        if (Array.isArray(holder)) holder.push(structuredClone(child));
        else holder[`${key} `] = child;
        return;
      case 2: {
        const other = this.pick(keys);
        [holder[key], holder[other]] = [holder[other], holder[key]];
        return;
      }
      case 3:
        holder[key] = typeof child === 'number' ? this.number() : this.text();
        return;
      case 4:
        holder[key] = typeof child === 'number' ? String(child) : this.number();
        return;
      default:
        holder[key] = this.json();
    }
  }

  /**
   * A copy of bytes with some changed, cut off, repeated or put in; `headShare` of the changes
   * fall into the first 200.
   */
  damagedBytes(bytes: Uint8Array, headShare = 0.5): Buffer {
    let damaged = Buffer.from(bytes);
    for (let count = 1 + this.below(4); count > 0; count--) {
      const at = this.below(damaged.length + 1);
      switch (this.below(6)) {
        case 0:
          damaged = damaged.subarray(0, at);
          break;
        case 1:
          damaged = Buffer.concat([damaged.subarray(0, at), damaged.subarray(at + this.below(40))]);
          break;
        case 2:
          damaged = Buffer.concat([damaged.subarray(0, at), damaged.subarray(this.below(at + 1))]);
          break;
        case 3: {
          const put = Buffer.from(Array.from({ length: this.below(20) }, () => this.below(256)));
          damaged = Buffer.concat([damaged.subarray(0, at), put, damaged.subarray(at)]);
          break;
        }
        default:
          for (let changes = 1 + this.below(8); changes > 0 && damaged.length > 0; changes--) {
            const span = this.chance(headShare) ? Math.min(200, damaged.length) : damaged.length;
            damaged[this.below(span)] = this.chance(0.3) ? 0xff : this.below(256);
          }
      }
    }
    return Buffer.from(damaged);
  }
}
