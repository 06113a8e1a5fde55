/**
 * A shared library of Linux with nothing in it but the names of the libraries that it needs: ELF
 * header, two segments (one loaded, one dynamic), the dynamic table, the names.
 */
export function elfLibrary(needs: readonly string[]): Buffer {
  const names = Buffer.from(`\0${needs.map((name) => `${name}\0`).join('')}`, 'latin1');
  const starts = needs.map(
    (_, index) => 1 + needs.slice(0, index).join('\0').length + +(index > 0),
  );
  const dynamicAt = 64 + 2 * 56;
  const entries = [...starts.map((start) => [1, start]), [5, 0], [10, names.length], [0, 0]];
  const namesAt = dynamicAt + entries.length * 16;
  entries.find(([tag]) => tag === 5)![1] = address + namesAt;
  const file = Buffer.alloc(namesAt);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(2, 56);
  const segments = [
    [1, 0, namesAt + names.length],
    [2, dynamicAt, entries.length * 16],
  ] as const;
  for (const [index, [kind, offset, bytes]] of segments.entries()) {
    const at = 64 + index * 56;
    file.writeUInt32LE(kind, at);
    file.writeBigUInt64LE(BigInt(offset), at + 8);
    file.writeBigUInt64LE(BigInt(address + offset), at + 16);
    file.writeBigUInt64LE(BigInt(bytes), at + 32);
  }
  for (const [index, [tag, value]] of entries.entries()) {
    file.writeBigUInt64LE(BigInt(tag!), dynamicAt + index * 16);
    file.writeBigUInt64LE(BigInt(value!), dynamicAt + index * 16 + 8);
  }
  return Buffer.concat([file, names]);
}

/** Where its bytes would be loaded. */
const address = 0x10000;
