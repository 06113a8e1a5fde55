import { open, type FileHandle } from 'node:fs/promises';

const magic = 0x7f454c46;
const [loadedSegment, dynamicSegment] = [1, 2];
const [neededTag, stringTableTag, stringBytesTag] = [1n, 5n, 10n];
/** Far more than the tables of any library take. */
const maximumTableBytes = 64 << 20;

interface Segment {
  readonly kind: number;
  readonly offset: number;
  readonly address: bigint;
  readonly bytes: number;
}

/**
 * The libraries that the loader opens with a shared library of Linux (its DT_NEEDED entries), in
 * order. It reads the tables of the file and loads nothing.
 * Source: System V ABI, Object Files, and the ELF-64 format.
 * @returns null where the file is no little-endian 64-bit ELF file, or a damaged one
 */
export async function neededLibraries(path: string): Promise<string[] | null> {
  const file = await open(path).catch(() => null);
  if (!file) return null;
  try {
    return await needsOf(file);
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

async function needsOf(file: FileHandle): Promise<string[] | null> {
  const header = await part(file, 0, 64);
  const isWide = header[4] === 2;
  const isLittle = header[5] === 1;
  if (header.readUInt32BE(0) !== magic || !isWide || !isLittle) return null;
  const segments = await segmentsOf(file, header);
  const dynamic = segments.find(({ kind }) => kind === dynamicSegment);
  if (!dynamic) return [];
  const entries = entriesOf(await part(file, dynamic.offset, dynamic.bytes));
  const valueOf = (tag: bigint) => entries.find((entry) => entry.tag === tag)?.value;
  const address = valueOf(stringTableTag);
  const home = segments.find(
    (segment) =>
      segment.kind === loadedSegment &&
      address !== undefined &&
      address >= segment.address &&
      address < segment.address + BigInt(segment.bytes),
  );
  if (address === undefined || !home) return null;
  const place = home.offset + Number(address - home.address);
  const names = await part(file, place, Number(valueOf(stringBytesTag)));
  return entries
    .filter(({ tag }) => tag === neededTag)
    .map(({ value }) => nameAt(names, Number(value)));
}

async function segmentsOf(file: FileHandle, header: Buffer): Promise<Segment[]> {
  const [size, count] = [header.readUInt16LE(54), header.readUInt16LE(56)];
  const table = await part(file, Number(header.readBigUInt64LE(32)), size * count);
  return Array.from({ length: count }, (_, index) => {
    const at = index * size;
    return {
      kind: table.readUInt32LE(at),
      offset: Number(table.readBigUInt64LE(at + 8)),
      address: table.readBigUInt64LE(at + 16),
      bytes: Number(table.readBigUInt64LE(at + 32)),
    };
  });
}

function entriesOf(table: Buffer): { readonly tag: bigint; readonly value: bigint }[] {
  return Array.from({ length: Math.floor(table.length / 16) }, (_, index) => ({
    tag: table.readBigUInt64LE(index * 16),
    value: table.readBigUInt64LE(index * 16 + 8),
  }));
}

function nameAt(names: Buffer, start: number): string {
  return names.toString('latin1', start, names.indexOf(0, start));
}

/** @throws RangeError where the file does not have so many bytes. */
async function part(file: FileHandle, position: number, length: number): Promise<Buffer> {
  if (!(length >= 0 && length <= maximumTableBytes)) throw new RangeError(`${length} bytes`);
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, position);
  if (bytesRead < length) throw new RangeError(`${bytesRead} of ${length} bytes`);
  return bytes;
}
