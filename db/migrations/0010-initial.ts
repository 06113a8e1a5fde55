import type { Migration } from './migration.ts';

/**
 * Lengths are pixels of the image as shown. JSON columns hold the parts of a record that no query
 * looks into. `export_id` is the id in exported files: given at the first insertion, never to
 * another record.
 */
export const initial: Migration = {
  version: 10,
  up(database) {
    database.exec(tables);
    database.exec(indexes);
    database.exec(counterTriggers);
    database.exec(boxTriggers);
    database.exec(searchTriggers);
    database.exec(exportIdTriggers);
  },
};

const tables = `
CREATE TABLE project (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE image_folder (
  id TEXT PRIMARY KEY,
  path TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE category (
  export_id INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL CHECK (name <> ''),
  parent_id TEXT REFERENCES category (id) DEFERRABLE INITIALLY DEFERRED,
  color TEXT NOT NULL,
  attributes TEXT NOT NULL, -- JSON
  extra TEXT NOT NULL -- JSON
) STRICT;

CREATE TABLE image (
  export_id INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  folder_id TEXT NOT NULL REFERENCES image_folder (id) DEFERRABLE INITIALLY DEFERRED,
  path TEXT NOT NULL CHECK (path <> ''),
  width INTEGER NOT NULL CHECK (width >= 1),
  height INTEGER NOT NULL CHECK (height >= 1),
  orientation INTEGER NOT NULL CHECK (orientation BETWEEN 1 AND 8),
  sha256 TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('untouched', 'reviewed-empty', 'done')),
  split TEXT CHECK (split IN ('train', 'validation', 'test')),
  annotation_count INTEGER NOT NULL DEFAULT 0, -- kept by triggers
  texts TEXT NOT NULL, -- JSON
  extra TEXT NOT NULL, -- JSON
  UNIQUE (folder_id, path)
) STRICT;

CREATE TABLE annotation (
  export_id INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  image_id TEXT NOT NULL REFERENCES image (id) DEFERRABLE INITIALLY DEFERRED,
  category_id TEXT REFERENCES category (id) DEFERRABLE INITIALLY DEFERRED,
  x REAL NOT NULL,
  y REAL NOT NULL,
  w REAL NOT NULL CHECK (w >= 0),
  h REAL NOT NULL CHECK (h >= 0),
  area REAL NOT NULL CHECK (area >= 0),
  crowd INTEGER NOT NULL CHECK (crowd IN (0, 1)),
  z_order INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  attributes TEXT NOT NULL, -- JSON
  texts TEXT NOT NULL, -- JSON
  provenance TEXT NOT NULL, -- JSON
  extra TEXT NOT NULL, -- JSON
  geometry TEXT NOT NULL -- JSON; last, because a mask can be long
) STRICT;

CREATE TABLE retired_export_id (
  kind TEXT NOT NULL CHECK (kind IN ('category', 'image', 'annotation')),
  id TEXT NOT NULL,
  export_id INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- One step of undo. A step has one diff, or several when work was applied in chunks under one group.
CREATE TABLE journal_step (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  label TEXT NOT NULL,
  image_id TEXT, -- no reference: the image may be removed later
  group_key TEXT,
  at_ms INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 1 CHECK (done IN (0, 1))
) STRICT;

CREATE TABLE journal_diff (
  id INTEGER PRIMARY KEY,
  step_id INTEGER NOT NULL REFERENCES journal_step (id) ON DELETE CASCADE,
  encoding TEXT NOT NULL CHECK (encoding IN ('json', 'deflate')),
  diff BLOB NOT NULL
) STRICT;

-- The image's export_id is a coordinate, so that one lookup finds the boxes of one image.
CREATE VIRTUAL TABLE annotation_box USING rtree (
  export_id, image_min, image_max, x_min, x_max, y_min, y_max
);

CREATE VIRTUAL TABLE image_search USING fts5 (words, tokenize = 'trigram');
CREATE VIRTUAL TABLE annotation_search USING fts5 (words, tokenize = 'trigram');
`;

const indexes = `
CREATE INDEX category_by_parent ON category (parent_id);
CREATE INDEX image_by_path ON image (path);
CREATE INDEX image_by_state_path ON image (state, path);
CREATE INDEX image_by_annotation_count ON image (annotation_count DESC);
CREATE INDEX annotation_by_image ON annotation (image_id, z_order);
CREATE INDEX annotation_by_category ON annotation (category_id, image_id);
CREATE INDEX journal_step_by_done ON journal_step (done, id);
CREATE INDEX journal_diff_by_step ON journal_diff (step_id);
`;

const counterTriggers = `
CREATE TRIGGER annotation_count_insert AFTER INSERT ON annotation BEGIN
  UPDATE image SET annotation_count = annotation_count + 1 WHERE id = new.image_id;
END;
CREATE TRIGGER annotation_count_delete AFTER DELETE ON annotation BEGIN
  UPDATE image SET annotation_count = annotation_count - 1 WHERE id = old.image_id;
END;
CREATE TRIGGER annotation_count_move AFTER UPDATE ON annotation
WHEN new.image_id <> old.image_id BEGIN
  UPDATE image SET annotation_count = annotation_count - 1 WHERE id = old.image_id;
  UPDATE image SET annotation_count = annotation_count + 1 WHERE id = new.image_id;
END;
`;

const boxTriggers = `
CREATE TRIGGER annotation_box_insert AFTER INSERT ON annotation BEGIN
  INSERT INTO annotation_box
  SELECT new.export_id, image.export_id, image.export_id, new.x, new.x + new.w, new.y, new.y + new.h
  FROM image WHERE image.id = new.image_id;
END;
CREATE TRIGGER annotation_box_delete AFTER DELETE ON annotation BEGIN
  DELETE FROM annotation_box WHERE export_id = old.export_id;
END;
CREATE TRIGGER annotation_box_move AFTER UPDATE ON annotation
WHEN (new.image_id, new.x, new.y, new.w, new.h) <> (old.image_id, old.x, old.y, old.w, old.h) BEGIN
  DELETE FROM annotation_box WHERE export_id = old.export_id;
  INSERT INTO annotation_box
  SELECT new.export_id, image.export_id, image.export_id, new.x, new.x + new.w, new.y, new.y + new.h
  FROM image WHERE image.id = new.image_id;
END;
`;

/**
 * The strings of text records: their text, question, answer and choices, but not their provenance.
 */
const wordsOfTexts = `
  SELECT group_concat(atom, char(10)) FROM json_tree(texts)
  WHERE type = 'text' AND path NOT LIKE '%.provenance%'
    AND (key IN ('text', 'question', 'answer') OR path LIKE '%.choices')
`;

const searchTriggers = `
CREATE VIEW image_words AS
SELECT export_id, concat_ws(char(10), path, (${wordsOfTexts})) AS words FROM image;

CREATE VIEW annotation_words AS
SELECT export_id, (${wordsOfTexts}) AS words FROM annotation WHERE texts <> '[]';

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

CREATE TRIGGER annotation_search_insert AFTER INSERT ON annotation WHEN new.texts <> '[]' BEGIN
  INSERT INTO annotation_search (rowid, words)
  SELECT export_id, words FROM annotation_words WHERE export_id = new.export_id;
END;
CREATE TRIGGER annotation_search_delete AFTER DELETE ON annotation WHEN old.texts <> '[]' BEGIN
  DELETE FROM annotation_search WHERE rowid = old.export_id;
END;
CREATE TRIGGER annotation_search_update AFTER UPDATE ON annotation WHEN new.texts <> old.texts BEGIN
  DELETE FROM annotation_search WHERE rowid = old.export_id;
  INSERT INTO annotation_search (rowid, words)
  SELECT export_id, words FROM annotation_words WHERE export_id = new.export_id;
END;
`;

const exportIdTriggers = ['category', 'image', 'annotation']
  .map(
    (kind) => `
CREATE TRIGGER ${kind}_export_id_retire AFTER DELETE ON ${kind} BEGIN
  INSERT OR REPLACE INTO retired_export_id VALUES ('${kind}', old.id, old.export_id);
END;
`,
  )
  .join('');
