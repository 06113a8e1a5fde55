import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { toFileError } from './file-error.ts';
import { outputFile, type OutputRequest } from './output-file.ts';

/**
 * Writes a file that appears whole, on disk, or not at all, however many processes write it at
 * once: the last one stays.
 * @param fill writes into an empty file of a temporary name beside it
 * @returns the path under which it appeared, and what `fill` answered
 * @throws AppError as {@link outputFile}, before anything is written and again before it is
 *   replaced; `disk-full`, `permission-denied`; every error of `fill`
 */
export async function writeOutput<Made>(
  request: OutputRequest,
  fill: (draft: string) => Promise<Made>,
): Promise<{ file: string; made: Made }> {
  const file = await outputFile(request);
  let draft: string | null = null;
  try {
    draft = await createDraft(dirname(file));
    const made = await fill(draft);
    await synchronise(draft);
    // Somebody may have put another file there meanwhile.
    await outputFile(request);
    await rename(draft, file);
    await synchronise(dirname(file)).catch(() => undefined);
    return { file, made };
  } catch (thrown) {
    if (draft !== null) await rm(draft, { force: true }).catch(() => undefined);
    throw toFileError(thrown, 'write', file);
  }
}

const draftPattern = /^\.pixelsail-(?<host>[0-9a-f]{8})-(?<pid>\d+)-[0-9a-f]{12}\.part$/;

const thisHost = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/**
 * A draft may be as old as this before it is thought to be left behind, for process ids come
 * again.
 */
const leftBehindMs = 60_000;

/**
 * A new name for a draft of a process; short, for that of the file may be as long as the file
 * system allows.
 */
export function draftName(processId: number): string {
  return `.pixelsail-${thisHost}-${processId}-${randomBytes(6).toString('hex')}.part`;
}

async function createDraft(folder: string): Promise<string> {
  await removeLeftDrafts(folder);
  const draft = join(folder, draftName(process.pid));
  await (await open(draft, 'wx')).close();
  return draft;
}

/** Removes what killed processes of this machine have left in a folder. */
export async function removeLeftDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const { host, pid } = draftPattern.exec(name)?.groups ?? {};
    if (host !== thisHost || isAlive(Number(pid))) continue;
    const draft = join(folder, name);
    const writtenAtMs = await stat(draft).then(
      ({ mtimeMs }) => mtimeMs,
      () => Infinity,
    );
    if (writtenAtMs < Date.now() - leftBehindMs) await rm(draft, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Brings a file, or the names in a folder, to the disk. Some systems let nobody open a folder. */
export async function synchronise(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
