import {
  imageSchema,
  imageStates,
  type ImageRecord,
  type ImageState,
  type RecordId,
  type Split,
} from '../../../core/records.ts';
import type { Database, SqlParameters } from '../../database.ts';
import { inPages } from '../../repositories/pages.ts';
import { differingRows } from './differing.ts';
import { isPlainExtra } from './plain-json.ts';
import type { RecordTable } from './record-table.ts';
import { firstFound } from './references.ts';
import { readStoredJson } from './stored-json.ts';
import { removeWords, wrongWords } from './words.ts';

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
  readonly extra: string;
}

export const imageTable: RecordTable<'image'> = {
  kind: 'image',
  nameOf: ({ path, id }) => `Image ${path} (${id})`,
  differing: (database, expected) => differingRows(database, 'image', expected, fromRow),
  insert(database, image, references) {
    references.require('image_folder', image.folderId, imageTable.nameOf(image), image);
    insertImage(database, image);
    return null;
  },
  update(database, from, to, references) {
    if (isSameFile(from, to)) {
      updateWork(database, to);
      return;
    }
    references.require('image_folder', to.folderId, imageTable.nameOf(to), to);
    updateImage(database, to);
  },
  unindex: (database, ids) => removeWords(database, 'image', ids),
  findReferenced: (database, ids) =>
    firstFound(
      database,
      ids,
      `SELECT image_id AS id FROM annotation WHERE image_id IN (SELECT value FROM json_each(@ids))
       UNION ALL
       SELECT image_id FROM item WHERE image_id IN (SELECT value FROM json_each(@ids))
       UNION ALL
       SELECT image_id FROM review WHERE image_id IN (SELECT value FROM json_each(@ids)) LIMIT 1`,
    ),
  hasSameWords: (from, to) => from.path === to.path,
  *all(database) {
    for (const { image } of inPages((after, limit) => imagesAfter(database, after, limit))) {
      yield image;
    }
  },
  invariants: [{ sql: wrongWords('image'), sentence: 'checkImageWords' }],
};

export function findImage(database: Database, id: RecordId): ImageRecord | null {
  const row = database.get<StoredImage>('SELECT * FROM image WHERE id = @id', { id });
  return row ? fromRow(row) : null;
}

/**
 * The images at these paths. File systems spell accented letters composed or decomposed (NFC, NFD);
 * the exact spelling is preferred, the other two are found as well.
 */
export function findImagesByPath(
  database: Database,
  folderId: RecordId,
  paths: readonly string[],
): ReadonlyMap<string, ImageRecord> {
  const sql = `SELECT * FROM image
    WHERE folder_id = @folderId AND path IN (SELECT value FROM json_each(@spellings))`;
  const spellings = JSON.stringify(paths.flatMap(spellingsOf));
  const rows = database.all<StoredImage>(sql, { folderId, spellings });
  const stored = new Map(rows.map((row) => [row.path, row]));
  const found = new Map<string, ImageRecord>();
  for (const path of paths) {
    const spelling = spellingsOf(path).find((spelled) => stored.has(spelled));
    if (spelling !== undefined) found.set(path, fromRow(stored.get(spelling)!, folderId));
  }
  return found;
}

const onlyAscii = /^[\x20-\x7e]*$/;

/** The spellings of a path, its own first. */
function spellingsOf(path: string): readonly string[] {
  return onlyAscii.test(path) ? [path] : [path, path.normalize('NFC'), path.normalize('NFD')];
}

/** The images after `exportId` in export order, with the number of their annotations. */
export function imagesAfter(
  database: Database,
  exportId: number,
  limit: number,
): { exportId: number; image: ImageRecord; annotations: number }[] {
  const sql = 'SELECT * FROM image WHERE export_id > @exportId ORDER BY export_id LIMIT @limit';
  // SQLite gives a new string for each row, and most images are in one folder.
  const folderIds = new Map<string, string>();
  return database.all<StoredImage>(sql, { exportId, limit }).map((row) => ({
    exportId: row.export_id,
    image: fromRow(row, shared(folderIds, row.folder_id)),
    annotations: row.annotation_count,
  }));
}

function insertImage(database: Database, image: ImageRecord): void {
  database.run(
    `INSERT INTO image (export_id, id, folder_id, path, width, height, orientation, sha256, state, split,
       extra)
     VALUES ((SELECT export_id FROM retired_export_id WHERE kind = 'image' AND id = @id),
       @id, @folder_id, @path, @width, @height, @orientation, @sha256, @state, @split, @extra)`,
    toRow(image),
  );
}

function updateImage(database: Database, image: ImageRecord): void {
  database.run(
    `UPDATE image SET folder_id = @folder_id, path = @path, width = @width, height = @height,
       orientation = @orientation, sha256 = @sha256, state = @state, split = @split, extra = @extra
     WHERE id = @id`,
    toRow(image),
  );
}

function isSameFile(from: ImageRecord, to: ImageRecord): boolean {
  return (
    from.folderId === to.folderId &&
    from.path === to.path &&
    from.width === to.width &&
    from.height === to.height &&
    from.orientation === to.orientation &&
    from.sha256 === to.sha256
  );
}

/** Of an image whose file is the same; the indexes of files are left alone, which is most of it. */
function updateWork(database: Database, { id, state, split, extra }: ImageRecord): void {
  database.run('UPDATE image SET state = ?, split = ?, extra = ? WHERE id = ?', [
    ...[state, split, JSON.stringify(extra), id],
  ]);
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
    extra: JSON.stringify(image.extra),
  };
}

function shared(known: Map<string, string>, text: string): string {
  const before = known.get(text);
  if (before === undefined) known.set(text, text);
  return before ?? text;
}

function fromRow(row: StoredImage, folderId = row.folder_id): ImageRecord {
  return {
    kind: 'image',
    id: row.id,
    folderId,
    path: row.path,
    width: row.width,
    height: row.height,
    orientation: row.orientation,
    sha256: row.sha256,
    state: imageStates.find((state) => state === row.state) ?? row.state,
    split: row.split,
    extra: readStoredJson(
      row.extra,
      imageSchema.shape.extra,
      'extra',
      { kind: 'image', id: row.id },
      isPlainExtra,
    ),
  };
}
