import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import { ZipFile } from 'yazl';
import { isObject } from '../../core/formats/json-values.ts';
import type { Pause } from '../../core/formats/format.ts';
import { isPhoto } from '../../core/formats/photo-files.ts';
import { originKey } from './export-origin.ts';
import { draftName, writeOutput } from './new-file.ts';
import { readHead, type OutputRequest } from './output-file.ts';

/** The first file of an archive, which tells what it was made of; hidden from readers. */
const originFile = '.pixelsail-export.json';

/** Bytes from the start of an archive to the name of its first file. */
const headerBytes = 30;

/**
 * An archive to write that may replace only one that says in its first file that we made it of
 * the same.
 */
export function zipOfOrigin(origin: object, request: Omit<OutputRequest, 'isOurs'>): OutputRequest {
  return { ...request, isOurs: async (file) => isDeepStrictEqual(await originOf(file), origin) };
}

/**
 * Writes a zip archive that appears whole or not at all.
 * @param fill writes into an empty folder beside it, which is packed and removed
 * @returns the path under which it appeared, and what `fill` answered
 * @throws AppError as `writeOutput`; what `fill` and `pause` throw
 */
export async function writeZip<Made>(
  request: OutputRequest,
  origin: object,
  pause: Pause,
  fill: (folder: string) => Promise<Made>,
): Promise<{ file: string; made: Made }> {
  return writeOutput(request, async (draft) => {
    const folder = join(dirname(draft), draftName(process.pid));
    await mkdir(folder);
    try {
      const made = await fill(folder);
      await pack(folder, draft, origin, pause);
      return made;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** Packs a folder in pieces. Photos and masks are packed as they are, for they do not shrink. */
async function pack(folder: string, file: string, origin: object, pause: Pause): Promise<void> {
  const zip = new ZipFile();
  const first = Buffer.from(`${JSON.stringify({ [originKey]: origin })}\n`);
  zip.addBuffer(first, originFile, { compress: false });
  for (const path of await filesIn(folder)) {
    zip.addFile(join(folder, path), path.split(sep).join('/'), { compress: !isPhoto(path) });
  }
  const output = zip.outputStream as PassThrough;
  zip.on('error', (problem: Error) => output.destroy(problem));
  zip.end();
  await pipeline(
    output,
    async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        const rest = pause();
        if (rest) await rest;
        yield piece;
      }
    },
    createWriteStream(file),
  );
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** The first file of an archive of this program; null for any other. See APPNOTE.TXT 4.3.7. */
async function originOf(file: string): Promise<unknown> {
  const head = await readHead(file);
  if (head.length < headerBytes || head.readUInt32LE(0) !== 0x04034b50) return null;
  const [bytes, nameBytes, extraBytes] = [
    head.readUInt32LE(18),
    head.readUInt16LE(26),
    head.readUInt16LE(28),
  ];
  const nameEnd = headerBytes + nameBytes;
  if (head.toString('utf8', headerBytes, nameEnd) !== originFile) return null;
  try {
    const start = nameEnd + extraBytes;
    const found: unknown = JSON.parse(head.toString('utf8', start, start + bytes));
    return isObject(found) ? found[originKey] : null;
  } catch {
    return null;
  }
}
