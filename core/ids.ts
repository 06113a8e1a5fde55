/** Random bytes for the next ids: asking the system for each id alone costs ten times as much. */
const pool = new Uint8Array(4096);
const bytesOfId = 10;
let used = pool.length;

const digits = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
/** Half bytes of an id in the order of its digits after the version; -1 for a hyphen. */
const places = [
  1,
  2,
  3,
  -1,
  4,
  5,
  6,
  7,
  -1,
  ...Array.from({ length: 12 }, (_, index) => 8 + index),
];
/** The characters of {@link places}. */
const codes = places.map(() => '-'.charCodeAt(0));

/** The start of the ids of one millisecond, which are often many. */
let ofTime = { ms: NaN, start: '' };

/**
 * A new UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits, so that ids sort by creation
 * time.
 */
export function newId(nowMs: number = Date.now()): string {
  if (used + bytesOfId > pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  if (ofTime.ms !== nowMs) ofTime = { ms: nowMs, start: startOfTime(nowMs) };
  // The variant of the format.
  pool[used + 2] = 0x80 | (pool[used + 2]! & 0x3f);
  for (let index = 0; index < places.length; index++) {
    const place = places[index]!;
    if (place >= 0) {
      const byte = pool[used + (place >> 1)]!;
      codes[index] = digits[place & 1 ? byte & 0x0f : byte >> 4]!;
    }
  }
  // Made at once: a text that is put together piece by piece costs twice as much.
  const id = ofTime.start + String.fromCharCode(...codes);
  used += bytesOfId;
  return id;
}

/** Up to the version, which is 7. */
function startOfTime(ms: number): string {
  const time = ms.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7`;
}

/** When an id was made, in milliseconds; null for one that is no UUIDv7. */
export function timeOfId(id: string): number | null {
  const time = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(id);
  return time && parseInt(time[1]! + time[2]!, 16);
}
