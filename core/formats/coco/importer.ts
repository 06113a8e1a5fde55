import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetImporter, ImportOutcome, ImportProject, OpenDataset } from '../format.ts';
import type { ProjectRecord } from '../../records.ts';
import { readJsonRowLists, type JsonRow } from '../json-stream.ts';
import { aboutIn, type DatasetAbout } from './about.ts';
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
  fileNames: readonly string[];
  readonly about: DatasetAbout;
  readonly #files: DatasetFiles;
  readonly #file: string;
  readonly #head: JsonRow[];

  constructor(files: DatasetFiles, file: string, head: JsonRow[]) {
    this.#files = files;
    this.#file = file;
    this.#head = head;
    this.fileNames = head.flatMap(fileNameIn);
    this.about = aboutIn(head);
  }

  /**
   * No generator itself, since that would hold the names and what finds images by them as long as
   * it runs.
   */
  records(
    project: ImportProject,
    progress: (done: number, total: number | null) => void,
  ): AsyncGenerator<readonly ProjectRecord[], ImportOutcome> {
    const file = this.#file.slice(this.#file.lastIndexOf('/') + 1);
    const importer = new CocoImporter({ ...project, file });
    for (const row of this.#head.splice(0)) importer.read(row);
    importer.endHead();
    this.fileNames = [];
    return recordsOf(importer, this.#files, this.#file, progress);
  }
}

/** Rows whose records are given at once: a turn for each row costs as much as parsing it. */
const rowsAtOnce = 25;

async function* recordsOf(
  importer: CocoImporter,
  files: DatasetFiles,
  file: string,
  progress: (done: number, total: number | null) => void,
): AsyncGenerator<readonly ProjectRecord[], ImportOutcome> {
  const total = (await files.size?.(file)) ?? null;
  let done = 0;
  const chunks = counted(files.chunks(file), (characters) => {
    done += characters;
    progress(done, total);
  });
  const options = { wanted: isAnnotations, numbers: 'python' } as const;
  let records: ProjectRecord[] = [];
  let read = 0;
  for await (const rows of readJsonRowLists(chunks, options)) {
    for (const row of rows) {
      for (const record of importer.read(row)) records.push(record);
      read += 1;
      if (read % rowsAtOnce !== 0) continue;
      yield records;
      records = [];
    }
  }
  yield records;
  const { rest, report } = importer.finish();
  const { images, annotations, categories } = report;
  return { rest, images, annotations, categories, notes: notesOf(report) };
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
