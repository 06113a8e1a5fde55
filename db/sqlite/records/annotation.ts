import { crc32 } from 'node:zlib';
import { z } from 'zod';
import type { Box, Part } from '../../../core/geometry/shapes.ts';
import { numberListJson } from '../../../core/number-list.ts';
import {
  annotationSchema,
  keypointSchema,
  type Annotation,
  type Geometry,
  type Provenance,
  type RecordId,
} from '../../../core/records.ts';
import { canonicalJson } from '../../canonical-json.ts';
import type { Database, SqlValue } from '../../database.ts';
import { inPages } from '../../repositories/pages.ts';
import { differingRows } from './differing.ts';
import { isEmptyRecord, isPlainExtra, isPlainGeometry, isPlainProvenance } from './plain-json.ts';
import type { RecordTable } from './record-table.ts';
import { conflict, firstFound, type References } from './references.ts';
import { readStoredJson } from './stored-json.ts';
import { recordFailure } from './sentences.ts';

export interface AnnotationRow {
  readonly id: string;
  readonly image_id: string;
  readonly category_id: string | null;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly area: number;
  readonly crowd: number;
  readonly z_order: number;
  readonly created_at_ms: number;
  readonly updated_at_ms: number;
  readonly attributes: string;
  readonly provenance: string;
  readonly extra: string;
  readonly geometry: string;
  readonly keypoints: string | null;
}

/** Of a stored annotation, but for its export id. */
const columns = [
  ...(['id', 'image_id', 'category_id', 'x', 'y', 'w', 'h', 'area', 'crowd', 'z_order'] as const),
  ...(['created_at_ms', 'updated_at_ms', 'attributes'] as const),
  ...(['provenance', 'extra', 'geometry', 'keypoints'] as const),
] satisfies readonly (keyof AnnotationRow)[];

interface ExportRow extends AnnotationRow {
  readonly export_id: number;
}

/** An annotation with the ids that exported files use for it, its image and its category. */
export interface ExportedAnnotation {
  readonly exportId: number;
  readonly imageExportId: number;
  readonly categoryExportId: number | null;
  readonly annotation: Annotation;
}

export const annotationTable: RecordTable<'annotation'> = {
  kind: 'annotation',
  nameOf: ({ id }) => `Annotation ${id}`,
  differing: (database, expected) =>
    differingRows(database, 'annotation', expected, annotationFromRow, isRowOf),
  insert: (database, annotation, references) =>
    insertAnnotation(database, annotation, placeOf(annotation, references)),
  insertSome: insertAnnotations,
  update(database, from, to, references) {
    if (from.imageId !== to.imageId) references.moved.add(to.id);
    updateAnnotation(database, from, to, placeOf(to, references));
  },
  unindex: deleteBoxes,
  findReferenced: (database, ids) =>
    firstFound(
      database,
      ids,
      `SELECT annotation_id AS id FROM item_segment WHERE annotation_id IN (SELECT value FROM json_each(@ids))
       UNION ALL
       SELECT annotation_id FROM review WHERE annotation_id IN (SELECT value FROM json_each(@ids)) LIMIT 1`,
    ),
  requireConsistent(database, annotation, { moved }) {
    if (!moved.has(annotation.id) || !isLeftBehind(database, annotation)) return;
    const name = annotationTable.nameOf(annotation);
    const message = `Items or reviews of ${name} are still on the image where it was before.`;
    throw conflict(annotation, message);
  },
  *all(database) {
    const pages = inPages((after, limit) => annotationsAfter(database, after, limit));
    for (const { annotation } of pages) yield annotation;
  },
  invariants: [
    {
      sql: `SELECT annotation.id AS subject FROM annotation
        JOIN image ON image.id = annotation.image_id
        LEFT JOIN annotation_box AS box ON box.export_id = annotation.export_id
        WHERE box.export_id IS NULL OR NOT (
          image.export_id BETWEEN image_min AND image_max
          AND x >= x_min AND x + w <= x_max AND y >= y_min AND y + h <= y_max)`,
      sentence: 'checkBox',
    },
    {
      sql: `SELECT export_id AS subject FROM annotation_box
        WHERE export_id NOT IN (SELECT export_id FROM annotation)`,
      sentence: 'checkBoxAlone',
    },
    {
      sql: `SELECT annotation.id AS subject FROM annotation JOIN image ON image.id = image_id
        WHERE geometry ->> '$.kind' = 'mask' AND
          (geometry ->> '$.rle.size[0]', geometry ->> '$.rle.size[1]') IS NOT (height, width)`,
      sentence: 'checkMaskSize',
    },
  ],
};

/** Whether an item or a review of an annotation is on another image. */
function isLeftBehind(database: Database, { id, imageId }: Annotation): boolean {
  const sql = `
    SELECT 1 FROM item_segment JOIN item ON item.id = item_id
    WHERE annotation_id = @id AND item.image_id <> @imageId
    UNION ALL SELECT 1 FROM review WHERE annotation_id = @id AND image_id <> @imageId`;
  return database.get(sql, { id, imageId }) !== undefined;
}

/**
 * The export id of an annotation's image, where its box is indexed; its category must exist too.
 */
function placeOf(annotation: Annotation, references: References): number {
  const { imageId, categoryId } = annotation;
  const user = annotationTable.nameOf(annotation);
  references.imageOfWritten.set(annotation.id, imageId);
  if (categoryId !== null) references.require('category', categoryId, user, annotation);
  return references.exportIdOfImage(imageId, user, annotation);
}

export function findAnnotation(database: Database, id: RecordId): Annotation | null {
  const row = database.get<AnnotationRow>('SELECT * FROM annotation WHERE id = @id', { id });
  return row ? annotationFromRow(row) : null;
}

/** The annotations of an image in drawing order. */
export function annotationsOfImage(database: Database, imageId: RecordId): Annotation[] {
  const sql = 'SELECT * FROM annotation WHERE image_id = @imageId ORDER BY z_order, export_id';
  return database.all<AnnotationRow>(sql, { imageId }).map(annotationFromRow);
}

/** The annotations of an image whose box overlaps or touches the given one, in drawing order. */
export function annotationsInBox(
  database: Database,
  imageId: RecordId,
  [x, y, w, h]: Readonly<Box>,
): Annotation[] {
  // The R*Tree keeps 32-bit floats rounded outwards: it finds candidates, the exact columns decide.
  const sql = `
    SELECT annotation.* FROM annotation_box
    JOIN annotation USING (export_id)
    WHERE image_min <= (SELECT export_id FROM image WHERE id = @imageId)
      AND image_max >= (SELECT export_id FROM image WHERE id = @imageId)
      AND x_min <= @right AND x_max >= @x AND y_min <= @bottom AND y_max >= @y
      AND image_id = @imageId
      AND annotation.x <= @right AND annotation.x + annotation.w >= @x
      AND annotation.y <= @bottom AND annotation.y + annotation.h >= @y
    ORDER BY z_order, export_id`;
  return database
    .all<AnnotationRow>(sql, { imageId, x, y, right: x + w, bottom: y + h })
    .map(annotationFromRow);
}

/** At most `limit` annotations of a category after one of them, in export order. */
export function annotationsOfCategory(
  database: Database,
  categoryId: RecordId,
  limit: number,
  after: RecordId | null,
): Annotation[] {
  const sql = `SELECT * FROM annotation WHERE category_id = @categoryId
      AND export_id > coalesce((SELECT export_id FROM annotation WHERE id = @after), 0)
    ORDER BY export_id LIMIT @limit`;
  return database.all<AnnotationRow>(sql, { categoryId, limit, after }).map(annotationFromRow);
}

export function countAnnotations(database: Database): number {
  const sql = 'SELECT coalesce(sum(annotations), 0) AS count FROM area_count';
  return database.get<{ count: number }>(sql)!.count;
}

/** Whether any annotation has no area. */
export function hasAnnotationWithoutArea(database: Database): boolean {
  return database.get('SELECT 1 FROM area_count WHERE power < 0') !== undefined;
}

/** The annotations after `exportId` in export order. */
export function annotationsAfter(
  database: Database,
  exportId: number,
  limit: number,
): ExportedAnnotation[] {
  const sql =
    'SELECT * FROM annotation WHERE export_id > @exportId ORDER BY export_id LIMIT @limit';
  const rows = database.all<ExportRow>(sql, { exportId, limit });
  // Many rows share an image and a category, so that looking these up here costs less than joining
  // them to each row.
  const images = exportIdsOf(database, 'image', new Set(rows.map((row) => row.image_id)));
  const categories = exportIdsOf(database, 'category', new Set(rows.map((row) => row.category_id)));
  return rows.map((row) => ({
    exportId: row.export_id,
    imageExportId: exportIdOf(row, 'image', row.image_id, images),
    categoryExportId:
      row.category_id === null ? null : exportIdOf(row, 'category', row.category_id, categories),
    annotation: annotationFromRow(row),
  }));
}

/** An annotation with its export id, which is read from its row when it is asked for. */
export class StoredAnnotation {
  readonly #row: ExportRow;
  #annotation: Annotation | null = null;

  constructor(row: ExportRow) {
    this.#row = row;
  }

  get exportId(): number {
    return this.#row.export_id;
  }

  get id(): RecordId {
    return this.#row.id;
  }

  get categoryId(): RecordId | null {
    return this.#row.category_id;
  }

  /** False where it surely has none. */
  get mayHaveKeypoints(): boolean {
    return this.#row.keypoints !== null || this.#row.extra.includes('"keypoints"');
  }

  /** @throws AppError `database-corrupt`. */
  get annotation(): Annotation {
    return (this.#annotation ??= annotationFromRow(this.#row));
  }
}

/** The annotations of an image in drawing order, with export ids. */
export function storedAnnotationsOfImage(
  database: Database,
  imageId: RecordId,
): StoredAnnotation[] {
  const sql = 'SELECT * FROM annotation WHERE image_id = @imageId ORDER BY z_order, export_id';
  return database.all<ExportRow>(sql, { imageId }).map((row) => new StoredAnnotation(row));
}

/** The export ids of those of the records that exist. */
function exportIdsOf(
  database: Database,
  kind: 'image' | 'category',
  ids: ReadonlySet<RecordId | null>,
): ReadonlyMap<RecordId, number> {
  const rows = database.all<{ id: RecordId; exportId: number }>(
    `SELECT id, export_id AS exportId FROM ${kind}
     WHERE id IN (SELECT value FROM json_each(@ids))`,
    { ids: JSON.stringify([...ids]) },
  );
  return new Map(rows.map(({ id, exportId }) => [id, exportId]));
}

/** @throws AppError `database-corrupt` where an annotation refers to what does not exist. */
function exportIdOf(
  { id }: AnnotationRow,
  kind: 'image' | 'category',
  ownerId: RecordId,
  known: ReadonlyMap<RecordId, number>,
): number {
  const exportId = known.get(ownerId);
  if (exportId !== undefined) return exportId;
  const parts = { kind: 'annotation', id, column: `${kind}_id` };
  throw recordFailure('database-corrupt', 'recordUnreadable', parts);
}

const insertSql = `INSERT INTO annotation (export_id, ${columns.join(', ')})
  VALUES ((SELECT export_id FROM retired_export_id WHERE kind = 'annotation' AND id = ?),
    ${columns.map(() => '?').join(', ')})`;

/**
 * Writes a new annotation and its box.
 * @returns the checksum of its row
 */
function insertAnnotation(
  database: Database,
  annotation: Annotation,
  imageExportId: number,
): number {
  const values = toRow(annotation);
  const { lastRowId } = database.run(insertSql, [annotation.id, ...values]);
  insertBox(database, lastRowId, imageExportId, annotation.bbox);
  return checksumOf(values);
}

/** Rows of one statement; one for each takes a third more. */
const rowsAtOnce = 16;
/**
 * The transaction takes back what a failure leaves; by itself, SQLite keeps a copy of every page
 * that a statement of several rows changes, to take them back alone.
 */
const insertRowsSql = `INSERT OR FAIL INTO annotation (${columns.join(', ')}) VALUES ${Array.from(
  { length: rowsAtOnce },
  () => `(${columns.map(() => '?').join(', ')})`,
).join(', ')}`;

/** `flat()` takes several times as long. */
function inOneList(rows: readonly (readonly SqlValue[])[]): SqlValue[] {
  const values: SqlValue[] = [];
  for (const row of rows) for (let index = 0; index < row.length; index++) values.push(row[index]!);
  return values;
}

/**
 * Writes new annotations and their boxes.
 * @returns the checksums of their rows
 */
function insertAnnotations(
  database: Database,
  annotations: readonly Annotation[],
  references: References,
): number[] {
  const places = annotations.map((annotation) => placeOf(annotation, references));
  if (annotations.length !== rowsAtOnce || references.mayReturn('annotation')) {
    return annotations.map((each, index) => insertAnnotation(database, each, places[index]!));
  }
  const rows = annotations.map(toRow);
  const { lastRowId } = database.run(insertRowsSql, inOneList(rows));
  // Numbers that were never given follow each other.
  const first = lastRowId - rowsAtOnce + 1;
  for (const [index, { bbox }] of annotations.entries()) {
    insertBox(database, first + index, places[index]!, bbox);
  }
  return rows.map(checksumOf);
}

const updateSql = `UPDATE annotation SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`;

function updateAnnotation(
  database: Database,
  from: Annotation,
  to: Annotation,
  imageExportId: number,
): void {
  database.run(updateSql, [...toRow(to), to.id]);
  if (from.imageId === to.imageId && isSameBox(from.bbox, to.bbox)) return;
  const { exportId } = database.get<{ exportId: number }>(
    'SELECT export_id AS exportId FROM annotation WHERE id = @id',
    { id: to.id },
  )!;
  deleteBoxes(database, [to.id]);
  insertBox(database, exportId, imageExportId, to.bbox);
}

function isSameBox(one: Readonly<Box>, other: Readonly<Box>): boolean {
  return one.every((value, index) => value === other[index]);
}

function insertBox(
  database: Database,
  exportId: number,
  image: number,
  [x, y, w, h]: Readonly<Box>,
): void {
  const values = [exportId, image, image, x, x + w, y, y + h];
  database.run('INSERT INTO annotation_box VALUES (?, ?, ?, ?, ?, ?, ?)', values);
}

/** Takes the boxes of stored annotations out of the spatial index. */
function deleteBoxes(database: Database, ids: readonly RecordId[]): void {
  database.run(
    `DELETE FROM annotation_box WHERE export_id IN (
       SELECT export_id FROM annotation WHERE id IN (SELECT value FROM json_each(@ids)))`,
    { ids: JSON.stringify(ids) },
  );
}

/** The stored rows of those of the ids that are annotations. */
export function annotationRows(
  database: Database,
  ids: readonly RecordId[],
): ReadonlyMap<RecordId, AnnotationRow> {
  const rows = database.all<AnnotationRow>(
    'SELECT * FROM annotation WHERE id IN (SELECT value FROM json_each(@ids))',
    { ids: JSON.stringify(ids) },
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/**
 * Whether the row is what would be written for the annotation; false also where only the order of
 * keys differs.
 */
function isRowOf(row: AnnotationRow, annotation: Annotation): boolean {
  return toRow(annotation).every((value, index) => row[columns[index]!] === value);
}

/** Whether a stored annotation is the one that was written with this checksum. */
export function hasChecksum(row: AnnotationRow, annotation: Annotation, checksum: number): boolean {
  // Older versions wrote the keys of JSON in another order.
  return (
    checksumOf(columns.map((column) => row[column])) === checksum ||
    checksumOfAnnotation(annotation) === checksum
  );
}

/** CRC-32 of the row of an annotation, the same for equal annotations. */
export function checksumOfAnnotation(annotation: Annotation): number {
  return checksumOf(toRow(annotation));
}

/** @param values those of {@link columns} */
function checksumOf(values: readonly SqlValue[]): number {
  let count = 0;
  let text = '';
  // Versions without keypoints made checksums of all the others.
  const length = values[keypointsColumn] === null ? keypointsColumn : values.length;
  for (let index = 0; index < length; index++) {
    const value = values[index]!;
    // Zero and negative zero are one number to SQLite.
    if (typeof value === 'number') numbersOfRow[count++] = value + 0;
    else text += `${value as string | null}\n`;
  }
  return crc32(text, crc32(count === numberCount ? usualNumbers : numbersOfRow.subarray(0, count)));
}

const keypointsColumn = columns.indexOf('keypoints');

/**
 * The numbers of the row whose checksum is made: writing each as text costs as much as all else.
 */
const numbersOfRow = new Float64Array(columns.length);
/** Numbers of a row: all columns from `x` to `updated_at_ms`. */
const numberCount = columns.indexOf('updated_at_ms') - columns.indexOf('x') + 1;
/** Made once, as a view for each row costs as much as its checksum. */
const usualNumbers = numbersOfRow.subarray(0, numberCount);

/** The values of {@link columns}. */
function toRow(annotation: Annotation): SqlValue[] {
  const [x, y, w, h] = annotation.bbox;
  return [
    annotation.id,
    annotation.imageId,
    annotation.categoryId,
    x,
    y,
    w,
    h,
    annotation.area,
    Number(annotation.crowd),
    annotation.zOrder,
    annotation.createdAtMs,
    annotation.updatedAtMs,
    canonicalJson(annotation.attributes),
    provenanceJson(annotation.provenance),
    canonicalJson(annotation.extra),
    geometryJson(annotation.geometry),
    annotation.keypoints ? JSON.stringify(annotation.keypoints) : null,
  ];
}

/**
 * The provenance that was written last, and its JSON: annotations that come in together share one.
 */
let lastWritten: { readonly value: Provenance; readonly json: string } | null = null;

function provenanceJson(value: Provenance): string {
  if (lastWritten?.value !== value) {
    const json = knownJson(value, annotationSchema.shape.provenance, isPlainProvenance);
    lastWritten = { value, json };
  }
  return lastWritten.json;
}

/**
 * Without keys that the schema does not know: they would be lost with the first reading, and the
 * checksum would differ.
 */
function knownJson(value: object, schema: z.ZodType, isPlain: (value: unknown) => boolean): string {
  if (isPlain(value)) return canonicalJson(value);
  const { data } = schema.safeParse(value);
  return canonicalJson((data as object | undefined) ?? value);
}

/**
 * The same text for equal geometries, like `canonicalJson`, but without a walk through its
 * numbers.
 */
function geometryJson(geometry: Geometry): string {
  switch (geometry.kind) {
    case 'polygon':
      return `{"kind":"polygon","parts":[${geometry.parts.map(partJson).join(',')}]}`;
    case 'mask':
      return `{"kind":"mask","rle":{"size":${JSON.stringify(geometry.rle.size)},"counts":${JSON.stringify(geometry.rle.counts)}}}`;
    case 'box':
      return `{"kind":"box","box":${JSON.stringify(geometry.box)}}`;
    case 'polyline':
      return `{"kind":"polyline","points":${JSON.stringify(geometry.points)}}`;
    case 'tag':
      return '{"kind":"tag"}';
  }
}

function partJson({ outer, holes }: Part): string {
  return `{"outer":${numberListJson(outer)},"holes":[${holes.map(numberListJson).join(',')}]}`;
}

const keypointsSchema = z.array(keypointSchema).min(1);

export function annotationFromRow(row: AnnotationRow): Annotation {
  const subject = { kind: 'annotation', id: row.id } as const;
  const { geometry, attributes, extra } = annotationSchema.shape;
  const { keypoints } = row;
  return {
    kind: 'annotation',
    id: row.id,
    imageId: row.image_id,
    categoryId: row.category_id,
    geometry: readStoredJson(row.geometry, geometry, 'geometry', subject, isPlainGeometry),
    ...(keypoints !== null && {
      keypoints: readStoredJson(keypoints, keypointsSchema, 'keypoints', subject),
    }),
    bbox: [row.x, row.y, row.w, row.h],
    area: row.area,
    crowd: row.crowd === 1,
    zOrder: row.z_order,
    attributes: readStoredJson(row.attributes, attributes, 'attributes', subject, isEmptyRecord),
    provenance: readProvenance(row.provenance, subject),
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
    extra: readStoredJson(row.extra, extra, 'extra', subject, isPlainExtra),
  };
}

/**
 * The provenance that was read last: annotations that came in together share one, and records are
 * never changed.
 */
let lastProvenance: { readonly json: string; readonly value: Provenance } | null = null;

function readProvenance(
  json: string,
  subject: { readonly kind: 'annotation'; readonly id: string },
): Provenance {
  if (lastProvenance?.json === json) return lastProvenance.value;
  const { provenance } = annotationSchema.shape;
  const value = readStoredJson(json, provenance, 'provenance', subject, isPlainProvenance);
  lastProvenance = { json, value };
  return value;
}
