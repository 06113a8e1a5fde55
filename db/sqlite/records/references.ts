import { AppError } from '../../../core/errors.ts';
import type { ProjectRecord, RecordId } from '../../../core/records.ts';
import type { Database } from '../../database.ts';

/** Records referenced by one change; each is looked up once. */
export class References {
  /** Categories that are known to be under a root. */
  readonly rooted = new Set<RecordId>();
  /** The images of annotations that the change itself wrote. */
  readonly imageOfWritten = new Map<RecordId, RecordId>();
  /** Annotations that are on another image than before. */
  readonly moved = new Set<RecordId>();
  readonly #database: Database;
  readonly #imageExportIds = new Map<RecordId, number>();
  readonly #known = new Map<string, Set<RecordId>>();
  #mayReturn: boolean | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Whether a record of the kind that is added may be one that was removed before. */
  mayReturn(kind: 'annotation'): boolean {
    const sql = 'SELECT 1 FROM retired_export_id WHERE kind = @kind LIMIT 1';
    return (this.#mayReturn ??= this.#database.get(sql, { kind }) !== undefined);
  }

  /**
   * The number of an image in exported files and in the spatial index.
   * @throws AppError `conflict`.
   */
  exportIdOfImage(imageId: RecordId, user: string, record: ProjectRecord): number {
    const known = this.#imageExportIds.get(imageId);
    if (known !== undefined) return known;
    const sql = 'SELECT export_id AS exportId FROM image WHERE id = @imageId';
    const row = this.#database.get<{ exportId: number }>(sql, { imageId });
    if (!row) throw conflict(record, `${user} needs image ${imageId}, which does not exist.`);
    this.#imageExportIds.set(imageId, row.exportId);
    return row.exportId;
  }

  /** @throws AppError `conflict`, saying that the record needs what does not exist. */
  require(
    table: 'category' | 'image_folder' | 'item' | 'person',
    id: RecordId,
    user: string,
    record: ProjectRecord,
  ): void {
    const known = this.#known.get(table) ?? new Set();
    if (known.has(id)) return;
    if (!this.#database.get(`SELECT 1 FROM ${table} WHERE id = @id`, { id })) {
      const what = table === 'image_folder' ? 'image folder' : table;
      throw conflict(record, `${user} needs ${what} ${id}, which does not exist.`);
    }
    this.#known.set(table, known.add(id));
  }

  /** An annotation, which must be on the record's own image. @throws AppError `conflict`. */
  requireAnnotation(
    annotationId: RecordId,
    user: string,
    record: ProjectRecord & { readonly imageId: RecordId },
  ): void {
    const imageId = this.imageOfWritten.get(annotationId) ?? this.#storedImageOf(annotationId);
    if (imageId === record.imageId) return;
    const fault = imageId !== undefined ? 'is on another image' : 'does not exist';
    throw conflict(record, `${user} needs annotation ${annotationId}, which ${fault}.`);
  }

  #storedImageOf(annotationId: RecordId): RecordId | undefined {
    const sql = 'SELECT image_id AS imageId FROM annotation WHERE id = @annotationId';
    return this.#database.get<{ imageId: RecordId }>(sql, { annotationId })?.imageId;
  }
}

/** Why a change cannot be made. */
export function conflict(record: ProjectRecord, message: string): AppError {
  return new AppError('conflict', `${message} Nothing was changed.`, {
    id: record.id,
    kind: record.kind,
  });
}

/** The first of the ids that a query finds among them; `@ids` is a JSON list. */
export function firstFound(
  database: Database,
  ids: readonly RecordId[],
  sql: string,
): RecordId | null {
  return database.get<{ id: RecordId }>(sql, { ids: JSON.stringify(ids) })?.id ?? null;
}
