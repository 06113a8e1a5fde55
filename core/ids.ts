/** Random bytes for the next ids: asking the system for each id alone costs ten times as much. */
const pool = new Uint8Array(4096);
const bytesOfId = 10;
let used = pool.length;

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A new UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits, so that ids sort by creation
 * time.
 */
export function newId(nowMs: number = Date.now()): string {
  if (used + bytesOfId > pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  const time = nowMs.toString(16).padStart(12, '0');
  const hex = (index: number): string => hexOfByte[pool[used + index]!]!;
  const version = hexOfByte[0x70 | (pool[used]! & 0x0f)]!;
  const variant = hexOfByte[0x80 | (pool[used + 2]! & 0x3f)]!;
  const id =
    `${time.slice(0, 8)}-${time.slice(8)}-${version}${hex(1)}-${variant}${hex(3)}-` +
    `${hex(4)}${hex(5)}${hex(6)}${hex(7)}${hex(8)}${hex(9)}`;
  used += bytesOfId;
  return id;
}

/** When an id was made, in milliseconds; null for one that is no UUIDv7. */
export function timeOfId(id: string): number | null {
  const time = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(id);
  return time && parseInt(time[1]! + time[2]!, 16);
}
