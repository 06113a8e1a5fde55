import Sqlite from 'better-sqlite3';
import type { Annotation } from '../../../core/records.ts';
import { makeAnnotations, type ScaleSize } from './make-project.ts';

const rowsInTransaction = 1000;

/** How long work takes. */
export interface WorkTime {
  readonly ms: number;
  /** Of all threads; what other programs do meanwhile hardly changes it. */
  readonly processorMs: number;
}

/** The time of plain SQLite for the same annotations, as a reference. */
export interface BareTimes {
  readonly insert: WorkTime;
  readonly read: WorkTime;
}

/**
 * Writes the annotations of a measured project as plain rows with a unique id and an R*Tree,
 * durable every 1000 rows, and reads them back parsed. The records are made before the clock
 * starts.
 */
export function timeBare(file: string, size: ScaleSize): BareTimes {
  const sqlite = new Sqlite(file);
  try {
    sqlite.pragma('journal_mode = WAL');
    sqlite.pragma('synchronous = FULL');
    sqlite.exec(`
      CREATE TABLE annotation (export_id INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, image_id TEXT, category_id TEXT,
        x REAL, y REAL, w REAL, h REAL, area REAL, crowd INTEGER, z_order INTEGER, created_at_ms INTEGER,
        updated_at_ms INTEGER, attributes TEXT, provenance TEXT, extra TEXT, geometry TEXT) STRICT;
      CREATE VIRTUAL TABLE box USING rtree (export_id, image_min, image_max, x_min, x_max, y_min, y_max)`);
    const insertRow = sqlite.prepare(
      `INSERT INTO annotation VALUES (${Array.from({ length: 17 }, () => '?').join(', ')})`,
    );
    const insertBox = sqlite.prepare('INSERT INTO box VALUES (?, ?, ?, ?, ?, ?, ?)');
    let insert = noTime;
    let exportId = 0;
    const write = sqlite.transaction((annotations: readonly Annotation[]) => {
      for (const annotation of annotations) {
        const [x, y, w, h] = annotation.bbox;
        exportId += 1;
        const image = Math.ceil(exportId / 10);
        insertRow.run(
          ...[exportId, annotation.id, annotation.imageId, annotation.categoryId, x, y, w, h],
          ...[annotation.area, 0, annotation.zOrder, annotation.createdAtMs],
          ...[annotation.updatedAtMs, JSON.stringify(annotation.attributes)],
          JSON.stringify(annotation.provenance),
          ...[JSON.stringify(annotation.extra), JSON.stringify(annotation.geometry)],
        );
        insertBox.run(exportId, image, image, x, x + w, y, y + h);
      }
    });
    for (const chunk of chunksOf(makeAnnotations(size), rowsInTransaction)) {
      insert = sumOfTimes(
        insert,
        timeWork(() => write(chunk)),
      );
    }
    const read = timeWork(() => {
      for (const row of sqlite.prepare('SELECT * FROM annotation').iterate()) {
        const { attributes, provenance, extra, geometry } = row as Record<string, string>;
        [attributes, provenance, extra, geometry].map((json) => JSON.parse(json!) as unknown);
      }
    });
    return { insert, read };
  } finally {
    sqlite.close();
  }
}

/** The values in arrays of `size`, the last one shorter. */
export function* chunksOf<Value>(values: Iterable<Value>, size: number): Generator<Value[]> {
  let chunk: Value[] = [];
  for (const value of values) {
    chunk.push(value);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Milliseconds that synchronous work takes. */
export function time(work: () => unknown): number {
  return timeWork(work).ms;
}

/** How long synchronous work takes. */
export function timeWork(work: () => unknown): WorkTime {
  const [startedAtMs, startedAt] = [performance.now(), process.cpuUsage()];
  work();
  const { user, system } = process.cpuUsage(startedAt);
  return { ms: performance.now() - startedAtMs, processorMs: (user + system) / 1000 };
}

export const noTime: WorkTime = { ms: 0, processorMs: 0 };

export function sumOfTimes(one: WorkTime, other: WorkTime): WorkTime {
  return { ms: one.ms + other.ms, processorMs: one.processorMs + other.processorMs };
}
