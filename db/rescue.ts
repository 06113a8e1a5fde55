import { rmSync } from 'node:fs';
import { dirname, parse, resolve } from 'node:path';
import type { z } from 'zod';
import { addition } from '../core/diff.ts';
import { AppError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { stepLabel } from '../core/project/step-labels.ts';
import {
  annotationSchema,
  categorySchema,
  imageSchema,
  imageStates,
  itemSchema,
  personSchema,
  reviewSchema,
  type Annotation,
  type ProjectRecord,
} from '../core/records.ts';
import { inBackground, type BackgroundWatch } from './background.ts';
import { Database, type SqlRow, type SqlValue } from './database.ts';
import { partSuffix, publishNew } from './durable.ts';
import { recordsOfTexts, type MovedRecord, type TextOwner } from './migrations/texts-to-items.ts';
import { refuseOrphanLog } from './orphan-log.ts';
import { createProjectDatabase, type ProjectDatabase } from './project-database.ts';
import {
  copyWithLog,
  logIndexSuffix,
  logSuffix,
  refuseFileOfOpenProject,
} from './project-files.ts';
import { refuseExisting } from './project-file.ts';
import { toDatabaseError } from './sqlite-error.ts';
import { projectFileFailure } from './project-file-sentences.ts';

/** Counts of recovered and lost records of a rescue. */
export interface RescueReport {
  readonly file: string;
  readonly categories: number;
  readonly images: number;
  readonly annotations: number;
  readonly items: number;
  readonly reviews: number;
  readonly leftOut: readonly { readonly what: string; readonly reason: string }[];
}

/** How far a rescue is, and whether it is to stop. */
export interface RescueWatch {
  /** @param total rows of the file; null where they cannot be counted */
  progress(done: number, total: number | null): void;
  isCancelled(): boolean;
}

/**
 * Brings what can be read of a damaged or changed project into a new one, in a thread of its own.
 * The new project is removed where it does not come to its end.
 * @throws AppError as {@link rescueFile}; `conflict` where the file is open here; `cancelled`
 */
export async function rescueProject(
  file: string,
  target: string,
  { signal, progress }: BackgroundWatch = {},
): Promise<RescueReport> {
  refuseFileOfOpenProject(file);
  const watch = { signal, progress };
  return (await inBackground({ kind: 'rescue', file, target }, watch)) as RescueReport;
}

/**
 * Brings what can be read of a damaged or changed project into a new one: records that are what
 * they should be, without the journal. Rows are read from a copy, from plain tables only: no view,
 * trigger or computed column of the file runs.
 * @throws AppError `not-found`, `invalid-input` (no plain file), `already-exists`,
 *   `database-corrupt` where not even the list of tables can be read; `cancelled`.
 */
export function rescueFile(file: string, target: string, watch: RescueWatch): RescueReport {
  const copy = `${target}-rescue${partSuffix}`;
  removeCopy(copy);
  try {
    copyWithLog(file, copy);
    const source = new Database(copy, { mustExist: true });
    try {
      source.pragma('locking_mode = EXCLUSIVE');
      return rescueRows(source, dirname(file), target, watch);
    } finally {
      source.close();
    }
  } catch (thrown) {
    throw toDatabaseError(thrown, file);
  } finally {
    removeCopy(copy);
  }
}

function rescueRows(
  source: Database,
  home: string,
  target: string,
  watch: RescueWatch,
): RescueReport {
  requireTables(source);
  refuseExisting(target);
  refuseOrphanLog(target);
  // A name of its own, since another rescue may be writing, too.
  const part = `${target}-${newId()}${partSuffix}`;
  try {
    const project = createProjectDatabase(part, parse(target).name);
    let report: RescueReport;
    try {
      report = new Rescue(source, home, project, watch).run();
    } finally {
      project.close();
    }
    publishNew(part, target);
    return { ...report, file: target };
  } finally {
    removeCopy(part);
  }
}

function requireTables(source: Database): void {
  const found = source.get("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'image'");
  if (!found) throw projectFileFailure('database-corrupt', 'projectForeign', { file: source.file });
}

/** Records that are written in one transaction. */
const batchSize = 500;
/** Rows from one word about them to the next. */
const rowsTold = 200;
/** Rows that cannot be read, one after another, from which on the rest of a table is given up. */
const patience = 5000;

class Rescue {
  readonly #source: Database;
  /** The base folder of relative image folder paths. */
  readonly #home: string;
  readonly #project: ProjectDatabase;
  readonly #leftOut: { what: string; reason: string }[] = [];
  /** Ids that records may refer to, and the folders under their new ids. */
  readonly #known = {
    category: new Set<string>(),
    image: new Set<string>(),
    person: new Set<string>(),
    item: new Set<string>(),
  };
  /** How large each image is. */
  readonly #sizes = new Map<string, string>();
  /** The image of each annotation. */
  readonly #imageOf = new Map<string, string>();
  /** Items made from the texts of older versions, until they are stored. */
  readonly #moved: MovedRecord[] = [];
  readonly #folders = new Map<string, string>();
  readonly #watch: RescueWatch;
  /** Rows of the file; null where they cannot be counted. */
  readonly #total: number | null;
  #read = 0;

  constructor(source: Database, home: string, project: ProjectDatabase, watch: RescueWatch) {
    this.#source = source;
    this.#home = home;
    this.#project = project;
    this.#watch = watch;
    this.#total = this.#countRows();
  }

  run(): RescueReport {
    for (const { id, path } of this.#rows('image_folder', ['id', 'path'])) {
      if (typeof id !== 'string' || typeof path !== 'string') continue;
      this.#folders.set(id, this.#project.addFolder(resolve(this.#home, path)).id);
    }
    const categories = this.#bring(this.#categories());
    const images = this.#bring(this.#images());
    const annotations = this.#bring(this.#annotations());
    this.#people();
    const items = this.#bring(this.#items());
    const reviews = this.#bring(this.#reviews());
    const { file } = this.#project;
    const leftOut = this.#leftOut;
    return { file, categories, images, annotations, items, reviews, leftOut };
  }

  #bring(records: Iterable<ProjectRecord>): number {
    let count = 0;
    let batch: ProjectRecord[] = [];
    const write = () => {
      if (batch.length > 0) {
        this.#project.apply(stepLabel('rescue'), addition(...batch), { group: 'rescue' });
      }
      count += batch.length;
      batch = [];
    };
    for (const record of records) {
      batch.push(record);
      if (batch.length === batchSize) write();
    }
    write();
    return count;
  }

  /**
   * Parents come before their children; whose parent is lost, or who would be its own ancestor,
   * has none.
   */
  *#categories(): Generator<ProjectRecord> {
    const columns = ['id', 'name', 'parent_id', 'color', 'attributes', 'extra'];
    const waiting = new Map<string, z.output<typeof categorySchema>>();
    for (const row of this.#rows('category', columns, ['skeleton', 'place'])) {
      const { parent_id: parentId, attributes, extra, skeleton, place, ...plain } = row;
      const parts = {
        parentId,
        attributes: fromJson(attributes),
        extra: fromJson(extra),
        ...(skeleton && { skeleton: fromJson(skeleton) }),
        ...(typeof place === 'number' && { place }),
      };
      const category = this.#parsed('category', row, categorySchema, { ...plain, ...parts });
      if (category) waiting.set(category.id, category);
    }
    while (waiting.size > 0) {
      const ready = [...waiting.values()].filter(
        ({ parentId }) => parentId === null || this.#known.category.has(parentId),
      );
      const next = ready.length > 0 ? ready : [...waiting.values()].slice(0, 1);
      for (const category of next) {
        waiting.delete(category.id);
        this.#known.category.add(category.id);
        yield ready.length > 0 ? category : { ...category, parentId: null };
      }
    }
  }

  *#images(): Generator<ProjectRecord> {
    const columns = [
      ...['id', 'folder_id', 'path', 'width', 'height', 'orientation', 'sha256'],
      ...['state', 'split', 'extra'],
    ];
    const paths = new Set<string>();
    for (const row of this.#rows('image', columns, ['texts'])) {
      const { folder_id, texts, extra, state, ...plain } = row;
      const image = this.#parsed('image', row, imageSchema, {
        ...plain,
        folderId: this.#folders.get(String(folder_id)),
        // Another version may have named the states otherwise.
        state: imageStates.find((known) => known === state) ?? imageStates[0],
        extra: fromJson(extra),
      });
      if (!image || !this.#isNew(this.#known.image, image.id, 'image')) continue;
      if (!this.#isNew(paths, `${image.folderId} ${image.path}`, 'image')) continue;
      this.#moveTexts({ kind: 'image', id: image.id }, texts);
      this.#sizes.set(image.id, `${image.width} x ${image.height}`);
      yield image;
    }
  }

  *#annotations(): Generator<ProjectRecord> {
    const columns = [
      ...['id', 'image_id', 'category_id', 'x', 'y', 'w', 'h', 'area', 'crowd', 'z_order'],
      ...['created_at_ms', 'updated_at_ms', 'attributes', 'provenance', 'extra', 'geometry'],
    ];
    for (const row of this.#rows('annotation', columns, ['texts', 'keypoints'])) {
      const category = row.category_id;
      const annotation = this.#parsed('annotation', row, annotationSchema, {
        id: row.id,
        imageId: row.image_id,
        categoryId: this.#known.category.has(String(category)) ? category : null,
        bbox: [row.x, row.y, row.w, row.h],
        area: row.area,
        crowd: row.crowd === 1,
        zOrder: row.z_order,
        createdAtMs: row.created_at_ms,
        updatedAtMs: row.updated_at_ms,
        attributes: fromJson(row.attributes),
        provenance: fromJson(row.provenance),
        extra: fromJson(row.extra),
        geometry: fromJson(row.geometry),
        ...(row.keypoints && { keypoints: fromJson(row.keypoints) }),
      });
      if (!annotation) continue;
      const { id, imageId } = annotation;
      if (this.#imageOf.has(id)) {
        this.#leave(`annotation ${id}`, 'it is there twice');
      } else if (!this.#known.image.has(imageId)) {
        this.#leave(`annotation ${id}`, 'its image could not be rescued');
      } else if (!this.#fits(annotation)) {
        this.#leave(`annotation ${id}`, 'its mask has another size than its image');
      } else {
        this.#imageOf.set(id, imageId);
        this.#moveTexts({ ...annotation }, row.texts);
        yield annotation;
      }
    }
  }

  #fits({ geometry, imageId }: Annotation): boolean {
    if (geometry.kind !== 'mask') return true;
    const [height, width] = geometry.rle.size;
    return this.#sizes.get(imageId) === `${width} x ${height}`;
  }

  /** Texts of a version that had them inside images and annotations. */
  #moveTexts(owner: TextOwner, json: SqlValue | undefined): void {
    if (json === undefined || json === '[]') return;
    try {
      const texts = JSON.parse(String(json)) as readonly unknown[];
      const facts = { shared: new Set<string>(), judgedAtMs: new Map<string, number>() };
      this.#moved.push(...recordsOfTexts({ ...owner, texts }, facts));
    } catch {
      this.#leave(`texts of ${owner.kind} ${owner.id}`, 'they cannot be read');
    }
  }

  #people(): void {
    for (const { id, name } of this.#optionalRows('person', ['id', 'name'])) {
      const person = personSchema.safeParse({ id, name });
      if (!person.success || this.#known.person.has(person.data.id)) continue;
      this.#known.person.add(person.data.id);
      this.#project.addPerson(person.data);
    }
  }

  *#items(): Generator<ProjectRecord> {
    for (const moved of this.#moved) {
      if (moved.kind !== 'item') continue;
      const isTaken = this.#known.item.has(moved.id) || this.#isOtherRecord(moved.id);
      // Two texts of one id: the review of the second one is lost, the text is not.
      const item = this.#item({ ...moved, id: isTaken ? newId() : moved.id });
      if (item) yield item;
    }
    const columns = [
      ...['id', 'image_id', 'task', 'author', 'created_at_ms', 'updated_at_ms'],
      ...['segments', 'content', 'provenance', 'extra'],
    ];
    for (const row of this.#optionalRows('item', columns)) {
      const item = this.#item({
        kind: 'item',
        id: String(row.id),
        imageId: row.image_id,
        task: row.task,
        author: this.#known.person.has(String(row.author)) ? row.author : null,
        createdAtMs: row.created_at_ms,
        updatedAtMs: row.updated_at_ms,
        segments: fromJson(row.segments),
        content: fromJson(row.content),
        provenance: fromJson(row.provenance),
        extra: fromJson(row.extra),
      });
      if (item) yield item;
    }
  }

  /** An item of regions that are there, as far as they are; null, noted, where nothing of it is. */
  #item(value: MovedRecord): ProjectRecord | null {
    const item = this.#parsed('item', { id: value.id }, itemSchema, value);
    if (!item || !this.#isNew(this.#known.item, item.id, 'item')) return null;
    const segments = item.segments.filter(
      ({ annotationId }) => this.#imageOf.get(annotationId) === item.imageId,
    );
    const isLeft = segments.length > 0 || item.segments.length === 0;
    if (isLeft && this.#known.image.has(item.imageId)) return { ...item, segments };
    this.#known.item.delete(item.id);
    this.#leave(`item ${item.id}`, 'what it is about could not be rescued');
    return null;
  }

  *#reviews(): Generator<ProjectRecord> {
    const ids = new Set<string>();
    const columns = [
      ...['id', 'image_id', 'item_id', 'annotation_id', 'reviewer', 'verdict'],
      ...['reason', 'note', 'suggestion', 'at_ms'],
    ];
    const stored = function* (rows: Iterable<SqlRow>): Generator<MovedRecord> {
      for (const row of rows) {
        const { id, image_id, item_id, annotation_id, suggestion, at_ms, ...plain } = row;
        yield {
          ...plain,
          kind: 'review',
          id: String(id),
          imageId: image_id,
          itemId: item_id,
          annotationId: annotation_id,
          ...(suggestion !== null && { suggestion: fromJson(suggestion) }),
          atMs: at_ms,
        };
      }
    };
    const moved = this.#moved.filter(({ kind }) => kind === 'review');
    for (const value of [...moved, ...stored(this.#optionalRows('review', columns))]) {
      const reviewer = this.#known.person.has(String(value['reviewer'])) ? value['reviewer'] : null;
      const review = this.#parsed('review', { id: value.id }, reviewSchema, { ...value, reviewer });
      if (!review || !this.#isNew(ids, review.id, 'review')) continue;
      const { itemId, annotationId } = review;
      const isThere =
        itemId === null ? this.#imageOf.has(annotationId!) : this.#known.item.has(itemId);
      if (isThere && this.#known.image.has(review.imageId)) yield review;
      else this.#leave(`review ${review.id}`, 'what it judges could not be rescued');
    }
  }

  #isOtherRecord(id: string): boolean {
    return this.#imageOf.has(id) || this.#known.image.has(id) || this.#known.category.has(id);
  }

  /** The rows of a table that older versions do not have. */
  #optionalRows(table: string, columns: readonly string[]): Iterable<SqlRow> {
    const sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = @table";
    return this.#source.get(sql, { table }) ? this.#rows(table, columns) : [];
  }

  #isNew(known: Set<string>, key: string, kind: string): boolean {
    if (known.has(key)) {
      this.#leave(`${kind} ${key}`, 'it is there twice');
      return false;
    }
    known.add(key);
    return true;
  }

  #parsed<Schema extends z.ZodType>(
    kind: string,
    row: SqlRow,
    schema: Schema,
    value: object,
  ): z.output<Schema> | null {
    const parsed = schema.safeParse({ kind, ...value });
    if (parsed.success) return parsed.data;
    const { path, message } = parsed.error.issues[0]!;
    this.#leave(`${kind} ${String(row.id)}`, `its ${path.join('.')}: ${message}`);
    return null;
  }

  /**
   * The rows of a plain table in their order, around those that cannot be read.
   * @param older columns that only older versions have
   */
  *#rows(
    table: string,
    required: readonly string[],
    older: readonly string[] = [],
  ): Generator<SqlRow> {
    const missing = this.#missingColumns(table, required);
    if (missing.length > 0) {
      return this.#leave(`table ${table}`, `it has no plain column ${missing.join(', ')}`);
    }
    const absent = older.length === 0 ? [] : this.#missingColumns(table, older);
    const columns = [...required, ...older.filter((column) => !absent.includes(column))];
    const sql = `SELECT rowid AS row_id, ${columns.join(', ')} FROM ${table} WHERE rowid > @after ORDER BY rowid LIMIT 1`;
    let failures = 0;
    for (let after = 0; ;) {
      this.#goOn();
      try {
        const row = this.#source.get(sql, { after });
        if (!row) return;
        failures = 0;
        const { row_id, ...values } = row;
        after = Number(row_id);
        yield values;
      } catch (thrown) {
        if (!(thrown instanceof AppError) || thrown.code !== 'database-corrupt') throw thrown;
        if (failures === 0)
          this.#leave(`${table} after row ${after}`, 'this part of the file is damaged');
        if (++failures > patience) return;
        after++;
      }
    }
  }

  /** Tells of each row. @throws AppError `cancelled` */
  #goOn(): void {
    if (this.#read++ % rowsTold !== 0) return;
    if (this.#watch.isCancelled()) throw projectFileFailure('cancelled', 'rescueStopped', {});
    this.#watch.progress(Math.min(this.#read, this.#total ?? Infinity), this.#total);
  }

  #countRows(): number | null {
    try {
      const plain = ['category', 'image', 'annotation'].filter((table) => this.#isPlain(table));
      const counts = plain.map((table) =>
        Number(this.#source.get(`SELECT count(*) AS n FROM ${table}`)?.['n']),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    } catch {
      return null;
    }
  }

  /** Whether a name is that of a table that runs no code of the file. */
  #isPlain(table: string): boolean {
    const sql = `SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = @table AND sql NOT LIKE 'CREATE VIRTUAL%'`;
    return this.#source.get(sql, { table }) !== undefined;
  }

  #missingColumns(table: string, columns: readonly string[]): string[] {
    if (!this.#isPlain(table)) return [...columns];
    const plain = this.#source
      .all<{ name: string; hidden: number }>(`PRAGMA table_xinfo(${table})`)
      .filter(({ hidden }) => hidden === 0)
      .map(({ name }) => name);
    return columns.filter((column) => !plain.includes(column));
  }

  #leave(what: string, reason: string): void {
    this.#leftOut.push({ what, reason });
  }
}

function fromJson(json: SqlValue | undefined): unknown {
  try {
    return JSON.parse(String(json));
  } catch {
    return undefined;
  }
}

function removeCopy(copy: string): void {
  for (const suffix of ['', logSuffix, logIndexSuffix]) rmSync(copy + suffix, { force: true });
}
