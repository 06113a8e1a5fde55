import type { Migration } from './migration.ts';

/**
 * Lets an image be `to-check`. SQLite cannot change a CHECK, so the table is made anew, with all
 * that went with it; the numbers of exported files go on from where they were.
 *
 * The states themselves stay as they are. An image that older versions marked as done by
 * themselves, or that is done although its last region was deleted, cannot be told from one that a
 * person marked, and the journal's steps compare images with what they were: a state changed here
 * could not be undone past. Wrong states of such images are corrected at the place of the harm: an
 * export takes no image without regions for a negative unless it is `reviewed-empty`.
 */
export const imageStates: Migration = {
  version: 30,
  up(database) {
    const numbering = database.get<{ seq: number }>(
      "SELECT seq FROM sqlite_sequence WHERE name = 'image'",
    );
    database.exec(`CREATE TEMP TABLE kept_image AS SELECT ${columns} FROM image`);
    database.exec('DROP TABLE image');
    database.exec(table);
    database.exec(`INSERT INTO image (${columns}) SELECT ${columns} FROM kept_image`);
    database.exec('DROP TABLE kept_image');
    database.exec("DELETE FROM sqlite_sequence WHERE name = 'image'");
    if (numbering) {
      database.run("INSERT INTO sqlite_sequence (name, seq) VALUES ('image', @seq)", numbering);
    }
    database.exec(indexes + triggers);
  },
};

const columns = `export_id, id, folder_id, path, width, height, orientation, sha256, state, split,
  annotation_count, texts, extra`;

const table = `
CREATE TABLE image (
  export_id INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  folder_id TEXT NOT NULL REFERENCES image_folder (id) DEFERRABLE INITIALLY DEFERRED,
  path TEXT NOT NULL CHECK (path <> ''),
  width INTEGER NOT NULL CHECK (width >= 1),
  height INTEGER NOT NULL CHECK (height >= 1),
  orientation INTEGER NOT NULL CHECK (orientation BETWEEN 1 AND 8),
  sha256 TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('untouched', 'to-check', 'reviewed-empty', 'done')),
  split TEXT CHECK (split IN ('train', 'validation', 'test')),
  annotation_count INTEGER NOT NULL DEFAULT 0, -- kept by triggers
  texts TEXT NOT NULL, -- JSON
  extra TEXT NOT NULL, -- JSON
  UNIQUE (folder_id, path)
) STRICT;
`;

const indexes = `
CREATE INDEX image_by_path ON image (path);
CREATE INDEX image_by_state_path ON image (state, path);
CREATE INDEX image_by_annotation_count ON image (annotation_count DESC);
`;

const triggers = `
CREATE TRIGGER image_search_insert AFTER INSERT ON image BEGIN
  INSERT INTO image_search (rowid, words)
  SELECT export_id, words FROM image_words WHERE export_id = new.export_id;
END;
CREATE TRIGGER image_search_delete AFTER DELETE ON image BEGIN
  DELETE FROM image_search WHERE rowid = old.export_id;
END;
CREATE TRIGGER image_search_update AFTER UPDATE ON image
WHEN (new.path, new.texts) <> (old.path, old.texts) BEGIN
  DELETE FROM image_search WHERE rowid = old.export_id;
  INSERT INTO image_search (rowid, words)
  SELECT export_id, words FROM image_words WHERE export_id = new.export_id;
END;

CREATE TRIGGER image_export_id_retire AFTER DELETE ON image BEGIN
  INSERT OR REPLACE INTO retired_export_id VALUES ('image', old.id, old.export_id);
END;
`;
