import {
  imageSchema,
  type ImageRecord,
  type ImageState,
  type RecordId,
  type Split,
} from '../../core/records.ts';
import type { Database, SqlParameters } from '../database.ts';
import { readStoredJson } from './stored-json.ts';

interface StoredImage {
  readonly export_id: number;
  readonly id: string;
  readonly folder_id: string;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
  readonly sha256: string;
  readonly state: ImageState;
  readonly split: Split | null;
  readonly annotation_count: number;
  readonly texts: string;
  readonly extra: string;
}

export function findImage(database: Database, id: RecordId): ImageRecord | null {
  const row = database.get<StoredImage>('SELECT * FROM image WHERE id = @id', { id });
  return row ? fromRow(row) : null;
}

/** The id of an image in exported files and in the spatial index; null for an unknown image. */
export function exportIdOfImage(database: Database, id: RecordId): number | null {
  const sql = 'SELECT export_id AS exportId FROM image WHERE id = @id';
  return database.get<{ exportId: number }>(sql, { id })?.exportId ?? null;
}

/**
 * The image at this path. File systems spell accented letters composed or decomposed (NFC, NFD); the exact
 * spelling is preferred, the other two are found as well.
 */
export function findImageByPath(
  database: Database,
  folderId: RecordId,
  path: string,
): ImageRecord | null {
  const row = database.get<StoredImage>(
    `SELECT * FROM image WHERE folder_id = @folderId AND path IN (@path, @composed, @decomposed)
     ORDER BY path <> @path LIMIT 1`,
    { folderId, path, composed: path.normalize('NFC'), decomposed: path.normalize('NFD') },
  );
  return row ? fromRow(row) : null;
}

/** The images after `exportId` in export order, with the number of their annotations. */
export function imagesAfter(
  database: Database,
  exportId: number,
  limit: number,
): { exportId: number; image: ImageRecord; annotations: number }[] {
  const sql = 'SELECT * FROM image WHERE export_id > @exportId ORDER BY export_id LIMIT @limit';
  return database.all<StoredImage>(sql, { exportId, limit }).map((row) => ({
    exportId: row.export_id,
    image: fromRow(row),
    annotations: row.annotation_count,
  }));
}

export function insertImage(database: Database, image: ImageRecord): void {
  database.run(
    `INSERT INTO image (export_id, id, folder_id, path, width, height, orientation, sha256, state, split,
       texts, extra)
     VALUES ((SELECT export_id FROM retired_export_id WHERE kind = 'image' AND id = @id),
       @id, @folder_id, @path, @width, @height, @orientation, @sha256, @state, @split, @texts, @extra)`,
    toRow(image),
  );
}

export function updateImage(database: Database, image: ImageRecord): void {
  database.run(
    `UPDATE image SET folder_id = @folder_id, path = @path, width = @width, height = @height,
       orientation = @orientation, sha256 = @sha256, state = @state, split = @split, texts = @texts,
       extra = @extra
     WHERE id = @id`,
    toRow(image),
  );
}

function toRow(image: ImageRecord): SqlParameters {
  return {
    id: image.id,
    folder_id: image.folderId,
    path: image.path,
    width: image.width,
    height: image.height,
    orientation: image.orientation,
    sha256: image.sha256,
    state: image.state,
    split: image.split,
    texts: JSON.stringify(image.texts),
    extra: JSON.stringify(image.extra),
  };
}

function fromRow(row: StoredImage): ImageRecord {
  return {
    kind: 'image',
    id: row.id,
    folderId: row.folder_id,
    path: row.path,
    width: row.width,
    height: row.height,
    orientation: row.orientation,
    sha256: row.sha256,
    state: row.state,
    split: row.split,
    texts: readStoredJson(row.texts, imageSchema.shape.texts, 'texts', {
      kind: 'image',
      id: row.id,
    }),
    extra: readStoredJson(row.extra, imageSchema.shape.extra, 'extra', {
      kind: 'image',
      id: row.id,
    }),
  };
}
