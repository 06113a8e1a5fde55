import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Database } from '../database.ts';
import type { Migration } from './migration.ts';
import {
  recordsOfTexts,
  timeOfId,
  verdictKey,
  verdictOf,
  type MovedRecord,
  type TextFacts,
  type TextOwner,
} from './texts-to-items.ts';

/**
 * Makes records of their own, items and reviews, of the texts inside images and annotations, so
 * that what two people write about one region does not meet in one record; and gives persons a
 * table and the labels of steps their parts.
 *
 * The journal is rewritten with them, diff by diff, rather than converted at each reading:
 * every reader then finds one form, a check compares it with the tables as before, and the
 * cost is paid once, beside the copy that a migration makes anyway. Diffs without texts stay as
 * they are: what reads them passes over the empty lists.
 */
export const items: Migration = {
  version: 70,
  up(database) {
    database.exec(newTables);
    makeJournalWhole(database);
    const facts = factsOf(database);
    rewriteJournal(database, facts);
    moveTexts(database, facts);
    database.exec(withoutTexts);
  },
};

const newTables = `
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

-- The segments of items by annotation.
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

CREATE TEMP TABLE kept_export_id AS SELECT kind, id, export_id FROM retired_export_id;
DROP TABLE retired_export_id;
CREATE TABLE retired_export_id (
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  export_id INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
INSERT INTO retired_export_id SELECT kind, id, export_id FROM kept_export_id;
DROP TABLE kept_export_id;

-- Parts of the label, which is a key then; NULL: the label is the text itself.
ALTER TABLE journal_step ADD COLUMN label_parts TEXT;
`;

const withoutTexts = `
DROP INDEX image_with_texts_by_path;
DROP VIEW annotation_words;
DROP VIEW image_words;
DROP TABLE annotation_search;
UPDATE image_search SET words = (SELECT path FROM image WHERE export_id = image_search.rowid)
WHERE rowid IN (SELECT export_id FROM image WHERE texts <> '[]');
CREATE VIEW image_words AS SELECT export_id, path AS words FROM image;
ALTER TABLE annotation DROP COLUMN texts;
ALTER TABLE image DROP COLUMN texts;
ALTER TABLE image RENAME COLUMN text_count TO item_count;
UPDATE image SET item_count = (SELECT count(*) FROM item WHERE image_id = image.id)
WHERE item_count > 0 OR id IN (SELECT image_id FROM item);
CREATE INDEX image_with_items_by_path ON image (path) WHERE item_count > 0;
`;

/** The part of a journalled diff that concerns texts. */
interface StoredDiff {
  readonly added: Record<string, StoredRecord>;
  readonly updated: Record<string, readonly [StoredRecord, StoredRecord]>;
  readonly removed: Record<string, StoredRecord>;
}
type StoredRecord = TextOwner | MovedRecord;

interface DiffRow {
  readonly id: number;
  readonly atMs: number;
  readonly diff: StoredDiff;
}

/**
 * Writes the annotations that stand in the table only (see migration 65) into the diffs that added
 * them, for their rows change here. The journal is read backwards: what a later diff changed or
 * removed was before as that diff says.
 */
function makeJournalWhole(database: Database): void {
  if (!database.get("SELECT 1 FROM journal_diff WHERE standing <> '{}' LIMIT 1")) return;
  const later = new Map<string, StoredRecord>();
  const sql = `SELECT journal_diff.id, encoding, diff, standing FROM journal_diff
    JOIN journal_step ON journal_step.id = step_id
    WHERE done = 1 AND journal_diff.id < @before ORDER BY journal_diff.id DESC LIMIT 1`;
  for (let before = Number.MAX_SAFE_INTEGER; ;) {
    const row = database.get<EncodedDiff & { id: number; standing: string }>(sql, { before });
    if (!row) return;
    before = row.id;
    const diff = JSON.parse(jsonOf(row)) as StoredDiff;
    const ids = Object.keys(JSON.parse(row.standing) as object);
    if (ids.length > 0) {
      const standing = ids.map((id) => [id, later.get(id) ?? rowOfAnnotation(database, id)]);
      const added = { ...diff.added, ...(Object.fromEntries(standing) as StoredDiff['added']) };
      writeDiff(database, row.id, { ...diff, added });
    }
    for (const [id, [from]] of Object.entries(diff.updated)) later.set(id, from);
    for (const [id, record] of Object.entries(diff.removed)) later.set(id, record);
  }
}

/** An annotation as version 65 journalled it. @throws Error where there is none. */
function rowOfAnnotation(database: Database, id: string): StoredRecord {
  const row = database.get<Record<string, string | number | null>>(
    'SELECT * FROM annotation WHERE id = @id',
    { id },
  );
  if (!row) throw new Error(`Annotation ${id} of the journal is missing.`);
  const json = (column: string) => JSON.parse(String(row[column])) as unknown;
  const record = {
    kind: 'annotation',
    id,
    imageId: row['image_id'],
    categoryId: row['category_id'],
    geometry: json('geometry'),
    bbox: [row['x'], row['y'], row['w'], row['h']],
    area: row['area'],
    crowd: row['crowd'] === 1,
    zOrder: row['z_order'],
    attributes: json('attributes'),
    texts: json('texts'),
    provenance: json('provenance'),
    createdAtMs: row['created_at_ms'],
    updatedAtMs: row['updated_at_ms'],
    extra: json('extra'),
  };
  return record as unknown as StoredRecord;
}

/** Follows the texts through the journal and the tables. */
function factsOf(database: Database): TextFacts {
  const facts = { shared: new Set<string>(), judgedAtMs: new Map<string, number>() };
  const owners = new Map<string, string>();
  const textsOf = ({ texts = [] }: TextOwner) => texts as readonly { readonly id: string }[];
  const give = (owner: TextOwner, atMs: number) => {
    for (const text of textsOf(owner)) {
      const before = owners.get(text.id);
      if (before !== undefined && before !== owner.id) facts.shared.add(text.id);
      else if (before === undefined && isIdOfRecord(database, text.id)) facts.shared.add(text.id);
      owners.set(text.id, owner.id);
      const verdict = verdictOf({ ...text });
      const key = verdict && verdictKey(text.id, verdict);
      if (key && !facts.judgedAtMs.has(key)) facts.judgedAtMs.set(key, atMs);
    }
  };
  const take = (owner: TextOwner) => {
    for (const { id } of textsOf(owner)) if (owners.get(id) === owner.id) owners.delete(id);
  };
  const follow = (isDone: boolean) => {
    for (const { diff, atMs } of diffsWithTexts(database, isDone)) {
      for (const owner of [...Object.values(diff.removed), ...firstOfEach(diff)]) take(owner);
      for (const owner of [...secondOfEach(diff), ...Object.values(diff.added)]) give(owner, atMs);
    }
  };
  follow(true);
  // A journal that does not tell of a text is wrong, but no reason to lose the text.
  for (const owner of ownersIn(database)) give(owner, owner.createdAtMs ?? 0);
  follow(false);
  return facts;
}

const firstOfEach = ({ updated }: StoredDiff) => Object.values(updated).map(([from]) => from);
const secondOfEach = ({ updated }: StoredDiff) => Object.values(updated).map(([, to]) => to);

/**
 * Whether an image, annotation or category has, or had, this id; ids that programs make are never
 * the same.
 */
function isIdOfRecord(database: Database, id: string): boolean {
  if (timeOfId(id) !== null) return false;
  const tables = ['category', 'image', 'annotation', 'retired_export_id'];
  const sql = tables.map((table) => `SELECT 1 FROM ${table} WHERE id = @id`).join(' UNION ALL ');
  return database.get(sql, { id }) !== undefined;
}

function rewriteJournal(database: Database, facts: TextFacts): void {
  for (const isDone of [true, false]) {
    for (const { id, diff } of diffsWithTexts(database, isDone)) {
      writeDiff(database, id, convertDiff(diff, facts));
    }
  }
}

function writeDiff(database: Database, id: number, diff: StoredDiff): void {
  const json = JSON.stringify(diff);
  const isShort = json.length < 1024;
  database.run(
    "UPDATE journal_diff SET encoding = @encoding, diff = @bytes, standing = '{}' WHERE id = @id",
    {
      id,
      encoding: isShort ? 'json' : 'deflate',
      bytes: isShort ? Buffer.from(json) : deflateRawSync(json, { level: 1 }),
    },
  );
}

interface EncodedDiff {
  readonly encoding: string;
  readonly diff: Uint8Array;
}

function jsonOf({ encoding, diff }: EncodedDiff): string {
  const bytes =
    encoding === 'deflate'
      ? inflateRawSync(diff, { maxOutputLength: longestDiffBytes })
      : Buffer.from(diff);
  return bytes.toString();
}

function convertDiff(diff: StoredDiff, facts: TextFacts): StoredDiff {
  const recordsOf = (owners: readonly StoredRecord[]) =>
    new Map(
      owners.flatMap((owner) => recordsOfTexts(owner, facts)).map((moved) => [moved.id, moved]),
    );
  const before = recordsOf([...Object.values(diff.removed), ...firstOfEach(diff)]);
  const after = recordsOf([...secondOfEach(diff), ...Object.values(diff.added)]);
  const added = plain(diff.added);
  const removed = plain(diff.removed);
  const updated: Record<string, readonly [StoredRecord, StoredRecord]> = {};
  for (const [id, pair] of Object.entries(diff.updated)) {
    const [from, to] = pair.map(withoutTextsOf) as [StoredRecord, StoredRecord];
    if (JSON.stringify(from) !== JSON.stringify(to)) updated[id] = [from, to];
  }
  for (const [id, from] of before) {
    const to = after.get(id);
    if (!to) removed[id] = from;
    else if (JSON.stringify(from) !== JSON.stringify(to)) updated[id] = [from, to];
  }
  for (const [id, record] of after) if (!before.has(id)) added[id] = record;
  return { added, updated, removed };
}

function plain(records: StoredDiff['added']): StoredDiff['added'] {
  return Object.fromEntries(
    Object.entries(records).map(([id, record]) => [id, withoutTextsOf(record)]),
  );
}

function withoutTextsOf(record: StoredRecord): StoredRecord {
  const kept = Object.entries(record).filter(([key]) => key !== 'texts');
  return Object.fromEntries(kept) as unknown as StoredRecord;
}

/** A few bytes of a stranger's could inflate to all of the memory. */
const longestDiffBytes = 2 ** 28;

/**
 * The diffs that hold a text, in the order in which they were or will be applied, one at a time.
 */
function* diffsWithTexts(database: Database, isDone: boolean): Generator<DiffRow> {
  const sql = `SELECT journal_diff.id, at_ms AS atMs, encoding, diff FROM journal_diff
    JOIN journal_step ON journal_step.id = step_id
    WHERE done = @done AND journal_diff.id > @after ORDER BY journal_diff.id LIMIT 1`;
  for (let after = 0; ;) {
    const row = database.get<{ id: number; atMs: number; encoding: string; diff: Uint8Array }>(
      sql,
      {
        done: Number(isDone),
        after,
      },
    );
    if (!row) return;
    after = row.id;
    const json = jsonOf(row);
    if (!/"texts"\s*:\s*\[\s*[^\s\]]/.test(json)) continue;
    yield { id: row.id, atMs: row.atMs, diff: JSON.parse(json) as StoredDiff };
  }
}

/** The stored images and annotations that have texts, in export order. */
function* ownersIn(database: Database): Generator<TextOwner> {
  for (const [kind, columns] of [
    ['image', 'NULL AS imageId, NULL AS createdAtMs'],
    ['annotation', 'image_id AS imageId, created_at_ms AS createdAtMs'],
  ] as const) {
    const sql = `SELECT export_id AS exportId, id, texts, ${columns} FROM ${kind}
      WHERE texts <> '[]' AND export_id > @after ORDER BY export_id LIMIT 256`;
    for (let after = 0; ;) {
      const rows = database.all<{
        exportId: number;
        id: string;
        texts: string;
        imageId: string | null;
        createdAtMs: number | null;
      }>(sql, { after });
      if (rows.length === 0) break;
      after = rows.at(-1)!.exportId;
      for (const { id, texts, imageId, createdAtMs } of rows) {
        yield {
          kind,
          id,
          ...(imageId !== null && { imageId }),
          ...(createdAtMs !== null && { createdAtMs }),
          texts: JSON.parse(texts) as readonly unknown[],
        };
      }
    }
  }
}

function moveTexts(database: Database, facts: TextFacts): void {
  for (const owner of ownersIn(database)) {
    for (const record of recordsOfTexts(owner, facts)) insert(database, record);
  }
  database.exec('INSERT INTO item_search (rowid, words) SELECT export_id, words FROM item_words');
}

function insert(database: Database, record: MovedRecord): void {
  const text = (value: unknown) => value as string | null;
  if (record.kind === 'review') {
    database.run(
      `INSERT INTO review (id, image_id, item_id, annotation_id, reviewer, verdict, reason, note, at_ms)
       VALUES (?, ?, ?, NULL, NULL, ?, NULL, '', ?)`,
      [
        record.id,
        ...[text(record['imageId']), text(record['itemId']), text(record['verdict'])],
        record['atMs'] as number,
      ],
    );
    return;
  }
  database.run(
    `INSERT INTO item (id, image_id, task, author, created_at_ms, updated_at_ms, segments, content, provenance, extra)
     VALUES (?, ?, ?, NULL, ?, ?, ?, ?, ?, ?)`,
    [
      record.id,
      ...[text(record['imageId']), text(record['task'])],
      ...[record['createdAtMs'] as number, record['updatedAtMs'] as number],
      ...['segments', 'content', 'provenance', 'extra'].map((key) => JSON.stringify(record[key])),
    ],
  );
  for (const { annotationId } of record['segments'] as { annotationId: string }[]) {
    database.run('INSERT INTO item_segment VALUES (?, ?)', [annotationId, record.id]);
  }
}
