import type { ImageOrder } from '../../core/project/image-filter.ts';
import type { RecordId } from '../../core/records.ts';
import type { Database, SqlParameters, SqlValue } from '../database.ts';
import type { ImageQuery, ImageRow } from '../project.ts';
import { searchFailure } from './search-sentences.ts';

/**
 * Each order but the last is that of an index, so that a page is read without sorting the project.
 */
const orders = {
  path: 'path, export_id',
  added: 'export_id',
  annotations: 'annotation_count DESC, export_id',
  'to-check': "state = 'to-check' DESC, path, export_id",
} as const satisfies Record<ImageOrder, string>;

/** Of a row of the list. */
const columns = 'id, path, width, height, state, annotation_count AS annotations';

/** One page of the image list. */
export function listImages(database: Database, query: ImageQuery): ImageRow[] {
  const { sql, parameters } = listStatement(query);
  return database.all<ImageRow>(sql, parameters);
}

/**
 * A page of the list and how long the list is; what is searched for in texts is looked for once.
 */
export function pageOfImages(
  database: Database,
  query: ImageQuery,
): { total: number; rows: ImageRow[] } {
  if (wordsOf(query.text ?? '').length === 0) {
    return { total: countImages(database, query), rows: listImages(database, query) };
  }
  const { conditions, parameters } = filter(query);
  const order = orders[query.order ?? 'path'];
  const sql = `SELECT export_id AS id FROM image ${whereOf(conditions)} ORDER BY ${order}`;
  const ids = database.all<{ id: number }>(sql, parameters).map(({ id }) => id);
  const { offset = 0, limit = ids.length } = query;
  const page = JSON.stringify(ids.slice(offset, offset + limit));
  const rows = database.all<ImageRow>(
    `SELECT ${columns} FROM image WHERE export_id IN (SELECT value FROM json_each(@page)) ORDER BY ${order}`,
    { page },
  );
  return { total: ids.length, rows };
}

/** How many images the query finds without its offset and limit. */
export function countImages(database: Database, query: ImageQuery): number {
  const { conditions, parameters } = filter(query);
  const sql = `SELECT count(*) AS count FROM image ${whereOf(conditions)}`;
  return database.get<{ count: number }>(sql, parameters)!.count;
}

/** The position of an image in each order. */
const earlier = {
  path: '(path, export_id) < (@ownPath, @ownId)',
  added: 'export_id < @ownId',
  annotations:
    '(annotation_count > @ownCount OR (annotation_count = @ownCount AND export_id < @ownId))',
  'to-check': `(state <> 'to-check', path, export_id) < (@ownState <> 'to-check', @ownPath, @ownId)`,
} as const satisfies Record<ImageOrder, string>;

/**
 * How many images of the query's list come before an image, which need not be in the list itself.
 * @returns null when there is no such image
 */
export function placeOfImage(database: Database, id: RecordId, query: ImageQuery): number | null {
  const own = database.get<{ ownId: number; ownPath: string; ownCount: number; ownState: string }>(
    `SELECT export_id AS ownId, path AS ownPath, annotation_count AS ownCount, state AS ownState
     FROM image WHERE id = @id`,
    { id },
  );
  if (!own) return null;
  const { conditions, parameters } = filter(query);
  const where = whereOf([...conditions, earlier[query.order ?? 'path']]);
  const sql = `SELECT count(*) AS count FROM image ${where}`;
  return database.get<{ count: number }>(sql, { ...parameters, ...own })!.count;
}

/** Apart from `listImages` so that a test can ask SQLite for its plan. */
export function listStatement(query: ImageQuery): { sql: string; parameters: SqlParameters } {
  const { conditions, parameters } = filter(query);
  const order = orders[query.order ?? 'path'];
  const where = whereOf(conditions);
  const { limit, offset = 0 } = query;
  if (limit === undefined && offset === 0) {
    return { sql: `SELECT ${columns} FROM image ${where} ORDER BY ${order}`, parameters };
  }
  // The page is found in an index; only its own rows are then read from the table.
  const sql = `
    SELECT ${columns} FROM image WHERE export_id IN (
      SELECT export_id FROM image ${where} ORDER BY ${order} LIMIT @limit OFFSET @offset)
    ORDER BY ${order}`;
  return { sql, parameters: { ...parameters, limit: limit ?? -1, offset } };
}

function whereOf(conditions: readonly string[]): string {
  return conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
}

function filter(query: ImageQuery): { conditions: string[]; parameters: SqlParameters } {
  const conditions: string[] = [];
  const parameters: Record<string, SqlValue> = {};

  if (query.states) {
    const names = query.states.map((state, index) => {
      parameters[`state${index}`] = state;
      return `@state${index}`;
    });
    // The rows of several states would have to be sorted; those of one are in order. The plus
    // keeps SQLite from the index.
    conditions.push(`${names.length > 1 ? '+' : ''}state IN (${names.join(', ')})`);
  }
  if (query.ids !== undefined) {
    parameters.ids = JSON.stringify(query.ids);
    conditions.push('id IN (SELECT value FROM json_each(@ids))');
  }
  const ofRegion = regionConditions(query, parameters);
  if (ofRegion.length > 0) {
    conditions.push(`id IN (SELECT image_id FROM annotation WHERE ${ofRegion.join(' AND ')})`);
  }
  if (query.verdict !== undefined) {
    if (query.verdict !== 'none') parameters.verdict = query.verdict;
    conditions.push(
      query.verdict === 'none'
        ? `id IN (SELECT image_id FROM item WHERE NOT EXISTS (
            SELECT 1 FROM review WHERE review.item_id = item.id))`
        : 'id IN (SELECT image_id FROM review WHERE verdict = @verdict)',
    );
  }
  if (query.split !== undefined) {
    if (query.split !== 'none') parameters.split = query.split;
    conditions.push(query.split === 'none' ? 'split IS NULL' : 'split = @split');
  }
  if (query.hasTexts !== undefined) {
    // As the index of images with items words it.
    conditions.push(`${query.hasTexts ? '' : 'NOT'} (item_count > 0)`);
  }
  const words = wordsOf(query.text ?? '');
  for (const [index, word] of words.entries()) {
    // Categories are looked for first: joined, every annotation would be looked at for each word.
    const name = `word${index}`;
    const { condition, value } = wordCondition(word, name);
    parameters[name] = value;
    conditions.push(`export_id IN (
      SELECT rowid FROM image_search WHERE ${condition}
      UNION ALL
      SELECT image.export_id FROM item_search
      JOIN item ON item.export_id = item_search.rowid
      JOIN image ON image.id = item.image_id WHERE ${condition}
      UNION ALL
      SELECT export_id FROM image WHERE id IN (
        SELECT image_id FROM annotation WHERE category_id IN (
          SELECT id FROM category WHERE name LIKE @${name}Part ESCAPE '\\')))`);
    parameters[`${name}Part`] = partPattern(word);
  }
  return { conditions, parameters };
}

/** More would be one query too large for SQLite, and no image holds them all. */
const maximumWords = 50;

/** @throws AppError `invalid-input` for more words than can be looked for at once. */
function wordsOf(text: string): string[] {
  // SQLite's text ends at a NUL.
  const words = new Set(text.split(/[\s\0]+/).filter((word) => word !== ''));
  if (words.size <= maximumWords) return [...words];
  const parts = { found: words.size, maximum: maximumWords };
  throw searchFailure('invalid-input', 'searchTooLong', parts);
}

/**
 * A word is found anywhere inside text; the trigram index serves words of three letters and more.
 */
function wordCondition(word: string, name: string): { condition: string; value: string } {
  if ([...word].length >= 3) {
    return { condition: `words MATCH @${name}`, value: `"${word.replaceAll('"', '""')}"` };
  }
  return { condition: `words LIKE @${name} ESCAPE '\\'`, value: partPattern(word) };
}

/** The LIKE pattern that finds a word anywhere in a text. */
function partPattern(word: string): string {
  return `%${word.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;
}

/** A column of JSON; a file of others may hold there what is none. */
const jsonOf = (column: string) => `CASE WHEN json_valid(${column}) THEN ${column} ELSE '{}' END`;

/** Invariants of one annotation of an image. */
function regionConditions(query: ImageQuery, parameters: Record<string, SqlValue>): string[] {
  const { categoryId, source, scoreBelow, attribute, by } = query;
  const conditions: string[] = [];
  const ofProvenance = (key: string) => `(${jsonOf('provenance')}) ->> '$.${key}'`;
  if (categoryId !== undefined) {
    parameters.categoryId = categoryId;
    conditions.push('category_id = @categoryId');
  }
  if (source !== undefined) {
    parameters.source = source;
    conditions.push(`${ofProvenance('source')} = @source`);
  }
  if (scoreBelow !== undefined) {
    parameters.scoreBelow = scoreBelow;
    conditions.push(`${ofProvenance('score')} < @scoreBelow`);
  }
  if (by !== undefined) {
    parameters.by = by;
    conditions.push(`${ofProvenance('by')} = @by`);
  }
  if (attribute !== undefined) {
    parameters.attribute = attribute.name;
    if (attribute.value !== null) parameters.attributeValue = attribute.value;
    // JSON's true and false are 1 and 0 in SQL.
    const value = `CASE type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false'
      ELSE CAST(value AS TEXT) END`;
    conditions.push(`EXISTS (SELECT 1 FROM json_each(${jsonOf('attributes')})
      WHERE key = @attribute ${attribute.value === null ? '' : `AND ${value} = @attributeValue`})`);
  }
  return conditions;
}
