import { resolve } from 'node:path';
import { readJsonRowLists, type JsonRow } from '../../core/formats/json-stream.ts';
import { openPlainFile } from '../../models/plain-file.ts';
import { toFileError } from './file-error.ts';

export interface JsonFileOptions {
  /** Whether the rows of a section are wanted; the others cost next to nothing. All unless given. */
  readonly wanted?: (section: string) => boolean;
  /** Hears how many bytes are read. */
  readonly onBytes?: (bytes: number) => void;
}

const bytesAtOnce = 262_144;

/**
 * The rows of a JSON file on disk, those of one piece at a time; see `readJsonRows`.
 * @throws AppError `dataset-invalid`, `not-found`, `permission-denied`.
 */
export async function* readJsonFile(
  file: string,
  { wanted, onBytes }: JsonFileOptions = {},
): AsyncGenerator<JsonRow[], void> {
  try {
    const handle = await openPlainFile(file);
    const stream = handle.createReadStream({ encoding: 'utf8', highWaterMark: bytesAtOnce });
    if (onBytes) stream.on('data', () => onBytes(stream.bytesRead));
    yield* readJsonRowLists(stream as AsyncIterable<string>, wanted);
  } catch (thrown) {
    throw toFileError(thrown, 'read', resolve(file));
  }
}
