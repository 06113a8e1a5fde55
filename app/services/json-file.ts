import { resolve } from 'node:path';
import {
  readJsonRowLists,
  type JsonRow,
  type JsonRowOptions,
} from '../../core/formats/json-stream.ts';
import { openPlainFile } from '../../models/plain-file.ts';
import { toFileError } from './file-error.ts';

export interface JsonFileOptions extends JsonRowOptions {
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
  { onBytes, ...options }: JsonFileOptions = {},
): AsyncGenerator<JsonRow[], void> {
  try {
    const handle = await openPlainFile(file);
    const stream = handle.createReadStream({ encoding: 'utf8', highWaterMark: bytesAtOnce });
    if (onBytes) stream.on('data', () => onBytes(stream.bytesRead));
    yield* readJsonRowLists(stream as AsyncIterable<string>, options);
  } catch (thrown) {
    throw toFileError(thrown, 'read', resolve(file));
  }
}
