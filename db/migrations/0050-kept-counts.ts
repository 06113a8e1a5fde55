import { inflateRawSync } from 'node:zlib';
import type { Database } from '../database.ts';
import type { Migration } from './migration.ts';

/**
 * Counts that statistics and lists ask for are kept in tables instead of being counted again. The
 * journal keeps them, and the indexes of boxes and words too: one write for each count, image or
 * index that a change concerns costs a small part of what a trigger costs for each row.
 */
export const keptCounts: Migration = {
  version: 50,
  up(database) {
    database.exec(withoutTriggers);
    database.exec(imageCounts);
    database.exec(counts);
    database.exec("ALTER TABLE journal_step ADD COLUMN state_changes TEXT NOT NULL DEFAULT '{}'");
    fillStateChanges(database);
  },
};

const withoutTriggers = [
  ...['annotation_count', 'annotation_box'].flatMap((name) =>
    ['insert', 'delete', 'move'].map((event) => `${name}_${event}`),
  ),
  ...['image_search', 'annotation_search'].flatMap((name) =>
    ['insert', 'delete', 'update'].map((event) => `${name}_${event}`),
  ),
  ...['category', 'image', 'annotation'].map((kind) => `${kind}_export_id_retire`),
]
  .map((name) => `DROP TRIGGER IF EXISTS ${name};`)
  .join('\n');

const imageCounts = `
ALTER TABLE image ADD COLUMN text_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE image ADD COLUMN outline_count INTEGER NOT NULL DEFAULT 0;
UPDATE image SET (text_count, outline_count) = (
  SELECT count(*) FILTER (WHERE texts <> '[]'),
    count(*) FILTER (WHERE category_id IS NOT NULL AND json_extract(geometry, '$.kind') <> 'box')
  FROM annotation WHERE image_id = image.id
);
CREATE INDEX image_with_texts_by_path ON image (path) WHERE texts <> '[]' OR text_count > 0;
CREATE INDEX image_with_outlines ON image (state) WHERE outline_count > 0;
`;

const counts = `
-- Annotations of a category and images that have any; '' stands for annotations without a category.
CREATE TABLE category_count (
  category_id TEXT PRIMARY KEY,
  annotations INTEGER NOT NULL,
  images INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO category_count
SELECT coalesce(category_id, ''), count(*), count(DISTINCT image_id) FROM annotation GROUP BY category_id;

-- Annotations whose area is at least two to this power and less than twice that; -1 stands for areas below 1.
CREATE TABLE area_count (
  power INTEGER PRIMARY KEY,
  annotations INTEGER NOT NULL
) STRICT;
INSERT INTO area_count
SELECT CASE WHEN area < 1 THEN -1
    ELSE power - (pow(2.0, power) > area) + (pow(2.0, power + 1) <= area) END, count(*)
FROM (SELECT area, CAST(log2(max(area, 1)) AS INTEGER) AS power FROM annotation)
GROUP BY 1;
`;

/** A few bytes of a stranger's could inflate to all of the memory. */
const longestDiffBytes = 2 ** 28;

/** The part of a journalled diff that tells the states of images. */
interface StoredDiff {
  readonly added: Readonly<Record<string, StoredRecord>>;
  readonly updated: Readonly<Record<string, readonly [StoredRecord, StoredRecord]>>;
  readonly removed: Readonly<Record<string, StoredRecord>>;
}
interface StoredRecord {
  readonly kind: string;
  readonly state?: string;
}

function fillStateChanges(database: Database): void {
  for (const { id } of database.all<{ id: number }>('SELECT id FROM journal_step ORDER BY id')) {
    const changes = new Map<string, number>();
    for (const diff of imageDiffsOf(database, id)) {
      const from = [...Object.values(diff.removed), ...Object.values(diff.updated).map(([a]) => a)];
      const to = [...Object.values(diff.added), ...Object.values(diff.updated).map(([, b]) => b)];
      for (const record of from) count(changes, record, -1);
      for (const record of to) count(changes, record, 1);
    }
    database.run('UPDATE journal_step SET state_changes = @changes WHERE id = @id', {
      id,
      changes: JSON.stringify(Object.fromEntries([...changes].filter(([, by]) => by !== 0))),
    });
  }
}

function* imageDiffsOf(database: Database, stepId: number): Generator<StoredDiff> {
  const ids = database.all<{ id: number }>(
    'SELECT id FROM journal_diff WHERE step_id = @stepId ORDER BY id',
    { stepId },
  );
  for (const { id } of ids) {
    const { encoding, diff } = database.get<{ encoding: string; diff: Uint8Array }>(
      'SELECT encoding, diff FROM journal_diff WHERE id = @id',
      { id },
    )!;
    const json = (
      encoding === 'deflate'
        ? inflateRawSync(diff, { maxOutputLength: longestDiffBytes })
        : Buffer.from(diff)
    ).toString();
    if (json.includes('"kind":"image"')) yield JSON.parse(json) as StoredDiff;
  }
}

function count(changes: Map<string, number>, { kind, state }: StoredRecord, by: 1 | -1): void {
  if (kind === 'image' && state !== undefined) changes.set(state, (changes.get(state) ?? 0) + by);
}
