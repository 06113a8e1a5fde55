import type { DatasetFiles } from './dataset-files.ts';
import type { NoteRow } from './dataset-row.ts';
import type { Likeness } from './format.ts';
import { readJsonList } from './json-list.ts';
import { readJsonRows, type JsonRow } from './json-stream.ts';
import { isObject, type JsonObject } from './json-values.ts';
import { loss } from './row-notes.ts';
import { regionProblem } from './region-sentences.ts';
import { AppError } from '../errors.ts';

/** How many files without a telling name are looked into. */
const looked = 20;

/**
 * Files of JSON whose top is a list of objects, or that have an object on each line, by how their
 * start looks. An empty list is among them, too, for it may be one of any format.
 */
export async function recordFiles(
  files: DatasetFiles,
  likenessOf: (start: string, path: string) => Likeness,
): Promise<readonly { readonly path: string; readonly likeness: Likeness }[]> {
  const paths = files.given === null ? await files.list() : [files.given];
  const own = paths.filter((path) => /\.jsonl?$/i.test(path)).slice(0, looked);
  const found = await Promise.all(
    own.map(async (path) => {
      const start = new TextDecoder().decode(await files.start(path));
      const likeness: Likeness = /^\s*[[{]/.test(start) ? likenessOf(start, path) : 'none';
      return { path, likeness, isEmpty: /^\s*(\[\s*\]\s*)?$/.test(start) };
    }),
  );
  return found.filter(({ likeness, isEmpty }) => isEmpty || likeness !== 'none');
}

/** The likeliest of them. */
export async function recordsLikeness(
  files: DatasetFiles,
  likenessOf: (start: string, path: string) => Likeness,
): Promise<Likeness> {
  const found = (await recordFiles(files, likenessOf)).map(({ likeness }) => likeness);
  if (found.includes('certain')) return 'certain';
  return found.includes('possible') ? 'possible' : 'none';
}

/** A record of such a file, or what is wrong with it. */
type FileRecord =
  | { readonly place: string; readonly value: JsonObject }
  | { readonly place: string; readonly problem: AppError };

/** The records of a file, one by one. @throws AppError `dataset-invalid` as readJsonRows */
async function* readRecords(files: DatasetFiles, path: string): AsyncGenerator<FileRecord> {
  const rows = /\.jsonl$/i.test(path)
    ? readLines(files.chunks(path))
    : readJsonList(files.chunks(path), { numbers: 'python' });
  for await (const row of rows) {
    if (row.index === null) continue;
    const place = `${path}[${row.index}]`;
    if ('problem' in row) {
      yield { place, problem: regionProblem('regionFileUnreadable', { reason: row.problem }) };
    } else if (isObject(row.value)) yield { place, value: row.value };
    else {
      const found = JSON.stringify(row.value).slice(0, 40);
      const parts = { key: 'value', expected: 'an object', found };
      yield { place, problem: regionProblem('regionRowWrong', parts) };
    }
  }
}

/**
 * Gives each record of a file to `take`, for formats that gather what several records say of one
 * image.
 * @param notes gets what is wrong with a record, be it here or in `take`
 * @throws AppError `dataset-invalid` as {@link readRecords}
 */
export async function gatherRecords(
  files: DatasetFiles,
  path: string,
  notes: NoteRow[],
  take: (place: string, value: JsonObject) => void,
): Promise<void> {
  for await (const record of readRecords(files, path)) {
    try {
      if ('problem' in record) throw record.problem;
      take(record.place, record.value);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      notes.push(loss(record.place, thrown));
    }
  }
}

/** Each line as a file of its own, so that a bad one does not stop the others. */
async function* readLines(chunks: AsyncIterable<string>): AsyncGenerator<JsonRow> {
  let begun = '';
  let index = 0;
  for await (const chunk of chunks) {
    const lines = (begun + chunk).split('\n');
    begun = lines.pop()!;
    for (const line of lines) if (line.trim() !== '') yield await readLine(line, index++);
  }
  if (begun.trim() !== '') yield await readLine(begun, index);
}

async function readLine(line: string, index: number): Promise<JsonRow> {
  try {
    for await (const row of readJsonRows([`{"row":[${line}]}`], { numbers: 'python' })) {
      return { ...row, section: 'rows', index };
    }
  } catch (thrown) {
    return { section: 'rows', index, problem: (thrown as Error).message };
  }
  return { section: 'rows', index, problem: 'nothing' };
}
