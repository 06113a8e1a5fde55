import { resolve } from 'node:path';
import {
  readJsonRowLists,
  type JsonRow,
  type JsonRowOptions,
} from '../../core/formats/json-stream.ts';
import { datasetFailure } from '../../core/formats/sentences.ts';
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
    const stream = (await openPlainFile(file)).createReadStream({ highWaterMark: bytesAtOnce });
    if (onBytes) stream.on('data', () => onBytes(stream.bytesRead));
    yield* readJsonRowLists(decode(stream as AsyncIterable<Buffer>, file), options);
  } catch (thrown) {
    throw toFileError(thrown, 'read', resolve(file));
  }
}

/**
 * JSON is UTF-8; Notepad and PowerShell write UTF-16, which is known by its mark or by the zero beside the first bracket.
 * Anything else would read as replacement characters.
 */
async function* decode(chunks: AsyncIterable<Buffer>, file: string): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  try {
    for await (const chunk of chunks) {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
      yield decoder.decode(chunk, { stream: true });
    }
    if (decoder) yield decoder.decode();
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
    throw datasetFailure('dataset-invalid', 'datasetNotUtf8', { file }, thrown);
  }
}

function encodingOf(start: Buffer): string {
  const [first, second] = start;
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}
