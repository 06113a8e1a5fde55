import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** Size limit of a folder of the cache, whose files can be made again from the photos. */
const usualBytes = 4e9;
const inUseMs = 10 * 60_000;
const checkedEveryMs = 60_000;

/** When each folder was last held to its limit, on the clock of `performance`. */
const checkedAt = new Map<string, number>();

/** Says to this and other processes that an entry of the cache is used now. */
export async function noteUse(entry: string): Promise<void> {
  const now = new Date();
  // One that is not there yet is about to be made.
  await utimes(entry, now, now).catch(() => undefined);
}

/**
 * Holds a folder of the cache to a limit, of 4 GB unless given, by {@link dropLeastUsed}. To be
 * called whenever it grows; at most once a minute it looks at every file. Never throws.
 */
export async function keepWithinLimit(
  folder: string,
  depth: 1 | 2,
  limitBytes = usualBytes,
): Promise<void> {
  const now = performance.now();
  if (now < (checkedAt.get(folder) ?? -Infinity) + checkedEveryMs) return;
  checkedAt.set(folder, now);
  await dropLeastUsed(folder, depth, limitBytes).catch(() => undefined);
}

/**
 * Removes entries of a folder, the least recently used first, until the others fit into the limit.
 * One that was used in the last ten minutes stays.
 * @param depth 1: its files and folders are the entries, 2: those in its folders are
 */
export async function dropLeastUsed(folder: string, depth: 1 | 2, limit: number): Promise<void> {
  const entries: { path: string; usedMs: number; bytes: number }[] = [];
  for (const path of await entriesOf(folder, depth)) {
    entries.push({ path, usedMs: await lastUse(path), bytes: await sizeOf(path) });
  }
  let bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  for (const entry of entries.sort((a, b) => a.usedMs - b.usedMs)) {
    if (bytes <= limit) return;
    // It may have been used while the others were measured.
    if ((await lastUse(entry.path)) > Date.now() - inUseMs) continue;
    if (await drop(entry.path)) bytes -= entry.bytes;
  }
}

async function entriesOf(folder: string, depth: number): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const paths = names.map((name) => join(folder, name));
  if (depth === 1) return paths;
  return (await Promise.all(paths.map((path) => entriesOf(path, depth - 1)))).flat();
}

async function lastUse(path: string): Promise<number> {
  return (await stat(path)).mtimeMs;
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isDirectory()) return found.size;
  const sizes = (await readdir(path)).map((name) => sizeOf(join(path, name)));
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** @returns false when it is held open, or another process was faster */
async function drop(path: string): Promise<boolean> {
  // Half of an entry must never be taken for the whole.
  const gone = `${path}.${process.pid}.gone`;
  return rename(path, gone)
    .then(() => rm(gone, { recursive: true, force: true }))
    .then(
      () => true,
      () => false,
    );
}
