import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { partSuffix, publish, syncFolder } from '../../db/durable.ts';
import { readPlainText } from '../../models/plain-file.ts';
import { makeFolder } from './folders.ts';

let parts = 0;

/**
 * Makes a whole file or none, in place of what has its name: `write` fills a file of a temporary
 * name in the same folder, which gets the name once its bytes are on disk. The folder is made when
 * it is missing.
 * @throws what `write` or the file system throws; nothing is left of the file then, and what had
 * the name is as it was.
 */
export async function makeDurably(
  file: string,
  write: (part: string) => Promise<unknown>,
): Promise<void> {
  await makeFolder(dirname(file));
  const part = `${file}.${process.pid}-${++parts}${partSuffix}`;
  try {
    await write(part);
    const handle = await open(part, 'r+');
    await handle.sync().finally(() => handle.close());
    await rename(part, file);
  } catch (thrown) {
    await rm(part, { force: true });
    throw thrown;
  }
  syncFolder(dirname(file));
}

/** {@link makeDurably} of a text. */
export function writeDurably(file: string, text: string): Promise<void> {
  return makeDurably(file, async (part) => {
    const handle = await open(part, 'w');
    await handle.writeFile(text).finally(() => handle.close());
  });
}

/**
 * {@link writeDurably} for a program that ends and can wait for nothing; the folder must be there.
 */
export function writeDurablyAtOnce(file: string, text: string): void {
  const part = `${file}.${process.pid}-${++parts}${partSuffix}`;
  try {
    const descriptor = openSync(part, 'w');
    try {
      writeFileSync(descriptor, text);
    } finally {
      closeSync(descriptor);
    }
    publish(part, file);
  } catch (thrown) {
    rmSync(part, { force: true });
    throw thrown;
  }
}

/** The content of a JSON file of this program; null if it is missing or of an unknown version. */
export async function readJson<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<z.output<Schema> | null> {
  try {
    return schema.parse(JSON.parse(await readPlainText(file)));
  } catch {
    return null;
  }
}
