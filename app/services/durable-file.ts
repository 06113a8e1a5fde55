import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { readPlainText } from '../../models/plain-file.ts';
import { makeFolder } from './folders.ts';

/** Writes a whole file or none: temporary name, fsync, rename. Its folder is made when it is missing. */
export async function writeDurably(file: string, text: string): Promise<void> {
  await makeFolder(dirname(file));
  const temporary = `${file}.${process.pid}.part`;
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

/** What a JSON file of ours holds; null where there is none, or none that this version reads. */
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
