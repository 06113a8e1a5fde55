-- Generated from a new project by tests/integration/db/schema.test.ts.

PRAGMA application_id = 1350062945;

PRAGMA user_version = 140;

CREATE TABLE project (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
, settings TEXT NOT NULL DEFAULT '{}') STRICT;

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
, skeleton TEXT, place REAL) STRICT;

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
  provenance TEXT NOT NULL, -- JSON
  extra TEXT NOT NULL, -- JSON
  geometry TEXT NOT NULL -- JSON; last, because a mask can be long
, keypoints TEXT) STRICT;

CREATE TABLE journal_step (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  label TEXT NOT NULL,
  image_id TEXT, -- no reference: the image may be removed later
  group_key TEXT,
  at_ms INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 1 CHECK (done IN (0, 1))
, state_changes TEXT NOT NULL DEFAULT '{}', window_id TEXT, person_id TEXT, takes_back INTEGER, does_again INTEGER, label_parts TEXT) STRICT;

CREATE TABLE journal_diff (
  id INTEGER PRIMARY KEY,
  step_id INTEGER NOT NULL REFERENCES journal_step (id) ON DELETE CASCADE,
  encoding TEXT NOT NULL CHECK (encoding IN ('json', 'deflate')),
  diff BLOB NOT NULL
, standing TEXT NOT NULL DEFAULT '{}') STRICT;

CREATE VIRTUAL TABLE annotation_box USING rtree (
  export_id, image_min, image_max, x_min, x_max, y_min, y_max
);

CREATE VIRTUAL TABLE image_search USING fts5 (words, tokenize = 'trigram');

CREATE INDEX category_by_parent ON category (parent_id);

CREATE INDEX annotation_by_image ON annotation (image_id, z_order);

CREATE INDEX annotation_by_category ON annotation (category_id, image_id);

CREATE INDEX journal_step_by_done ON journal_step (done, id);

CREATE INDEX journal_diff_by_step ON journal_diff (step_id);

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
  extra TEXT NOT NULL, item_count INTEGER NOT NULL DEFAULT 0, outline_count INTEGER NOT NULL DEFAULT 0, -- JSON
  UNIQUE (folder_id, path)
) STRICT;

CREATE INDEX image_by_state_path ON image (state, path);

CREATE INDEX image_with_outlines ON image (state) WHERE outline_count > 0;

CREATE TABLE category_count (
  category_id TEXT PRIMARY KEY,
  annotations INTEGER NOT NULL,
  images INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE area_count (
  power INTEGER PRIMARY KEY,
  annotations INTEGER NOT NULL
) STRICT;

CREATE TABLE person (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CHECK (name <> '')
) STRICT;

CREATE TABLE item (
  export_id INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  image_id TEXT NOT NULL REFERENCES image (id) DEFERRABLE INITIALLY DEFERRED,
  task TEXT NOT NULL,
  author TEXT REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  segments TEXT NOT NULL, -- JSON
  content TEXT NOT NULL, -- JSON
  provenance TEXT NOT NULL, -- JSON
  extra TEXT NOT NULL -- JSON
) STRICT;

CREATE INDEX item_by_image ON item (image_id, export_id);

CREATE TABLE item_segment (
  annotation_id TEXT NOT NULL REFERENCES annotation (id) DEFERRABLE INITIALLY DEFERRED,
  item_id TEXT NOT NULL,
  PRIMARY KEY (annotation_id, item_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE review (
  export_id INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  image_id TEXT NOT NULL REFERENCES image (id) DEFERRABLE INITIALLY DEFERRED,
  item_id TEXT REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED,
  annotation_id TEXT REFERENCES annotation (id) DEFERRABLE INITIALLY DEFERRED,
  reviewer TEXT REFERENCES person (id) DEFERRABLE INITIALLY DEFERRED,
  verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'fix', 'reject')),
  reason TEXT,
  note TEXT NOT NULL,
  suggestion TEXT, -- JSON
  at_ms INTEGER NOT NULL,
  CHECK ((item_id IS NULL) <> (annotation_id IS NULL))
) STRICT;

CREATE INDEX review_by_image ON review (image_id, export_id);

CREATE INDEX review_by_item ON review (item_id) WHERE item_id IS NOT NULL;

CREATE INDEX review_by_annotation ON review (annotation_id) WHERE annotation_id IS NOT NULL;

CREATE VIEW item_words AS
SELECT export_id, (
  SELECT group_concat(atom, char(10)) FROM json_tree(content) WHERE type = 'text'
) AS words FROM item;

CREATE VIRTUAL TABLE item_search USING fts5 (words, tokenize = 'trigram');

CREATE TABLE retired_export_id (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  export_id INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE VIEW image_words AS SELECT export_id, path AS words FROM image;

CREATE INDEX image_with_items_by_path ON image (path) WHERE item_count > 0;

CREATE INDEX image_by_path ON image (path, export_id, state, split);

CREATE INDEX image_by_annotation_count
        ON image (annotation_count DESC, export_id, state, split);

CREATE TABLE score_run (
        id TEXT PRIMARY KEY,
        task TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        report TEXT NOT NULL -- JSON
      ) STRICT;

CREATE TABLE score_answer (
        run_id TEXT NOT NULL REFERENCES score_run (id) ON DELETE CASCADE,
        position INTEGER NOT NULL, -- of the item, from 0
        item_id TEXT NOT NULL, -- of an item, or of an image
        image TEXT NOT NULL, -- its path
        agreement REAL NOT NULL,
        row TEXT NOT NULL, -- JSON
        PRIMARY KEY (run_id, position)
      ) STRICT, WITHOUT ROWID;

CREATE INDEX score_answer_by_agreement ON score_answer (run_id, agreement, position);

CREATE INDEX score_answer_by_item ON score_answer (item_id);
