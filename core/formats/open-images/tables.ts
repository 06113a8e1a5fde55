import { readCsv } from '../csv.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import { lastPart } from '../photo-files.ts';
import { splitNamed } from '../split-folders.ts';
import type { Split } from '../../records.ts';

/** The files of an Open Images dataset, of any of its versions. */
export interface OpenFiles {
  readonly descriptions: readonly string[];
  readonly hierarchies: readonly string[];
  readonly images: readonly string[];
  readonly boxes: readonly string[];
  readonly masks: readonly string[];
  readonly imageLabels: readonly string[];
}

export function openFiles(paths: readonly string[]): OpenFiles {
  const named = (pattern: RegExp): string[] => paths.filter((path) => pattern.test(lastPart(path)));
  return {
    descriptions: named(/class-descriptions(-boxable)?\.csv$/i),
    hierarchies: named(/hierarchy\.json$/i),
    images: named(/(image_ids_and_rotation|images-(with-labels-)?with-rotation|-images)\.csv$/i),
    boxes: named(/annotations-bbox\.csv$/i),
    masks: named(/annotations-object-segmentation\.csv$/i),
    imageLabels: named(/annotations-(human|machine)-imagelabels(-boxable)?\.csv$/i),
  };
}

/** The split that the name of a file tells; `train` in `oidv6-train-annotations-bbox.csv`. */
export function splitOfFile(path: string): Split | null {
  const words = lastPart(path).split('-');
  const word = words.find((candidate) => splitNamed(candidate) !== null);
  return word === undefined ? null : splitNamed(word);
}

/** A row with its fields by the names of their columns. */
export interface NamedRow {
  readonly line: number;
  get(column: string): string;
}

/**
 * The rows of a table with a header. @param missing takes the columns that it lacks, and then no
 * row comes
 */
export async function* namedRows(
  files: DatasetFiles,
  path: string,
  needed: readonly string[],
  missing: (columns: readonly string[]) => void,
): AsyncGenerator<NamedRow, void> {
  let columns: ReadonlyMap<string, number> | null = null;
  for await (const { line, fields } of readCsv(files.chunks(path))) {
    if (columns !== null) {
      const at = columns;
      yield { line, get: (column) => fields[at.get(column) ?? -1] ?? '' };
      continue;
    }
    columns = new Map(fields.map((name, index) => [name.trim(), index]));
    const lacking = needed.filter((name) => !columns!.has(name));
    if (lacking.length > 0) {
      missing(lacking);
      return;
    }
  }
}
