import { emptyDiff, type Diff } from '../../diff.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetImporter, ImportOutcome, ImportProject, OpenDataset } from '../format.ts';
import type { ProjectRecord } from '../../records.ts';
import { readJsonRowLists, type JsonRow } from '../json-stream.ts';
import { annotationFile } from './detect.ts';
import { CocoImporter, type CocoImportReport, type CocoRowNote } from './import.ts';
import { isObject } from '../json-values.ts';

/**
 * Imports a COCO file. It is read twice, for COCO's own list the categories last: first its images
 * and categories, then its annotations, so that memory does not grow with them.
 */
export const cocoImporter: DatasetImporter = {
  async open(files, _options, pause) {
    const file = await annotationFile(files);
    const head: JsonRow[] = [];
    const wanted = (section: string) => !isAnnotations(section);
    for await (const rows of readJsonRowLists(files.chunks(file), { wanted, numbers: 'python' })) {
      head.push(...rows);
      const rest = pause();
      if (rest) await rest;
    }
    return new OpenCoco(files, file, head);
  },
};

class OpenCoco implements OpenDataset {
  readonly fileNames: readonly string[];
  readonly #files: DatasetFiles;
  readonly #file: string;
  readonly #head: JsonRow[];

  constructor(files: DatasetFiles, file: string, head: JsonRow[]) {
    this.#files = files;
    this.#file = file;
    this.#head = head;
    this.fileNames = head.flatMap(fileNameIn);
  }

  async *records(
    project: ImportProject,
    progress: (done: number, total: number | null) => void,
  ): AsyncGenerator<readonly ProjectRecord[], ImportOutcome> {
    const file = this.#file.slice(this.#file.lastIndexOf('/') + 1);
    const importer = new CocoImporter({ ...project, file });
    for (const row of this.#head.splice(0)) importer.read(row);
    const total = (await this.#files.size?.(this.#file)) ?? null;
    let done = 0;
    const chunks = counted(this.#files.chunks(this.#file), (characters) => {
      done += characters;
      progress(done, total);
    });
    const options = { wanted: isAnnotations, numbers: 'python' } as const;
    for await (const rows of readJsonRowLists(chunks, options)) {
      for (const row of rows) yield importer.read(row);
    }
    const { diff, report } = importer.finish();
    const { images, annotations, categories } = report;
    return { rest: partsOf(diff), images, annotations, categories, notes: notesOf(report) };
  }
}

/** Records in one part of what is left at the end. */
const changedAtOnce = 1000;

/** What is added and removed, then the changes of records some at a time. */
function* partsOf({ added, removed, updated }: Diff): Generator<Diff> {
  yield { added, removed, updated: {} };
  const changes = Object.entries(updated);
  for (let start = 0; start < changes.length; start += changedAtOnce) {
    const part = changes.slice(start, start + changedAtOnce);
    yield { ...emptyDiff(), updated: Object.fromEntries(part) };
  }
}

async function* counted(
  chunks: AsyncIterable<string>,
  hear: (characters: number) => void,
): AsyncGenerator<string> {
  for await (const chunk of chunks) {
    hear(chunk.length);
    yield chunk;
  }
}

function notesOf({ dropped, warnings }: CocoImportReport): ImportOutcome['notes'] {
  const toNote = (isLoss: boolean) => (note: CocoRowNote) => ({
    place: placeOf(note),
    isLoss,
    error: note.error,
  });
  return [...dropped.map(toNote(true)), ...warnings.map(toNote(false))];
}

function placeOf({ section, index, id }: CocoRowNote): string {
  const place = index === null ? section : `${section}[${index}]`;
  return id === null ? place : `${place} (id ${id})`;
}

function isAnnotations(section: string): boolean {
  return section === 'annotations';
}

/** The name of the image that a row lists. */
function fileNameIn(row: JsonRow): string[] {
  if (row.section !== 'images' || !('value' in row) || !isObject(row.value)) return [];
  const name = row.value['file_name'];
  return typeof name === 'string' ? [name] : [];
}
