import { readJsonRows, type JsonRow, type JsonRowOptions } from './json-stream.ts';

/**
 * The elements of a JSON file whose top level is a list, in pieces as {@link readJsonRows}; their
 * section is `rows`. A file with anything else at its top gives one row with the index null.
 * @throws AppError `dataset-invalid` when the text ends early or goes on.
 */
export function readJsonList(
  chunks: AsyncIterable<string>,
  options: JsonRowOptions = {},
): AsyncGenerator<JsonRow, void> {
  return readJsonRows(asObject(chunks), options);
}

async function* asObject(chunks: AsyncIterable<string>): AsyncGenerator<string, void> {
  yield '{"rows":';
  yield* chunks;
  yield '}';
}
