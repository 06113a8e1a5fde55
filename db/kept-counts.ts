import type { Annotation, ProjectRecord, RecordId } from '../core/records.ts';
import type { Database } from './database.ts';
import type { Slices } from './slices.ts';

/**
 * The effect of a change on the stored counts (see migration 50), collected per record and written
 * at once.
 */
export class CountChanges {
  readonly #images = new Map<RecordId, ImageCounts>();
  /** By category ('' for none), then by image: how many annotations more. */
  readonly #categories = new Map<string, Map<RecordId, number>>();
  readonly #areas = new Map<number, number>();

  /** Counts a record that is added (1) or removed (-1). */
  note(record: ProjectRecord, by: 1 | -1): void {
    if (record.kind !== 'annotation' && record.kind !== 'item') return;
    const { imageId } = record;
    const image = this.#images.get(imageId) ?? { annotations: 0, items: 0, outlines: 0 };
    this.#images.set(imageId, image);
    if (record.kind === 'item') {
      image.items += by;
      return;
    }
    const { categoryId, area } = record;
    image.annotations += by;
    if (isOutline(record)) image.outlines += by;

    const category = categoryId ?? '';
    const ofCategory = this.#categories.get(category) ?? new Map<RecordId, number>();
    ofCategory.set(imageId, (ofCategory.get(imageId) ?? 0) + by);
    this.#categories.set(category, ofCategory);

    const power = powerOfTwo(area);
    this.#areas.set(power, (this.#areas.get(power) ?? 0) + by);
  }

  /**
   * Writes the changes; call it once, when all noted records are in the tables as they shall be.
   */
  *write(database: Database): Slices<void> {
    const totals = new Map<RecordId, Totals>();
    for (const [id, { annotations, items, outlines }] of this.#images) {
      const row = database.get<{ after: number }>(
        `UPDATE image SET annotation_count = annotation_count + @annotations,
           item_count = item_count + @items, outline_count = outline_count + @outlines
         WHERE id = @id RETURNING annotation_count AS after`,
        { id, annotations, items, outlines },
      );
      const after = row?.after ?? 0;
      totals.set(id, { before: after - annotations, after });
      yield;
    }
    for (const [category, byImage] of this.#categories) {
      yield* writeCategory(database, category, byImage, totals);
    }
    for (const [power, annotations] of this.#areas) {
      if (annotations === 0) continue;
      database.run(
        `INSERT INTO area_count VALUES (@power, @annotations)
         ON CONFLICT DO UPDATE SET annotations = annotations + excluded.annotations`,
        { power, annotations },
      );
    }
    database.run('DELETE FROM area_count WHERE annotations = 0');
  }
}

interface ImageCounts {
  annotations: number;
  items: number;
  outlines: number;
}

/** How many annotations of any category an image has before and after a change. */
interface Totals {
  readonly before: number;
  readonly after: number;
}

function* writeCategory(
  database: Database,
  category: string,
  byImage: ReadonlyMap<RecordId, number>,
  totals: ReadonlyMap<RecordId, Totals>,
): Slices<void> {
  let [annotations, images] = [0, 0];
  for (const [imageId, by] of byImage) {
    if (by === 0) continue;
    annotations += by;
    const { before, after } = totals.get(imageId)!;
    if (before === 0) images += 1;
    else if (after === 0) images -= 1;
    else images += changeOfImage(database, category, imageId, by);
    yield;
  }
  if (annotations === 0 && images === 0) return;
  database.run(
    `INSERT INTO category_count VALUES (@category, @annotations, @images)
     ON CONFLICT DO UPDATE SET annotations = annotations + excluded.annotations, images = images + excluded.images`,
    { category, annotations, images },
  );
  database.run('DELETE FROM category_count WHERE category_id = @category AND annotations = 0', {
    category,
  });
}

/**
 * 1 when the image has annotations of the category only since the change by `by`, -1 when only
 * before it, else 0.
 */
function changeOfImage(
  database: Database,
  category: string,
  imageId: RecordId,
  by: number,
): number {
  // No more are counted than are needed to know whether there were any before.
  const { now } = database.get<{ now: number }>(
    `SELECT count(*) AS now FROM (
       SELECT 1 FROM annotation WHERE category_id IS @category AND image_id = @imageId LIMIT @enough)`,
    { category: category || null, imageId, enough: Math.max(by, 0) + 1 },
  )!;
  return Number(now > 0) - Number(now - by > 0);
}

/** Whether a model can learn from the annotation: it has a category, and an outline. */
function isOutline({ categoryId, geometry }: Annotation): boolean {
  return categoryId !== null && (geometry.kind === 'mask' || geometry.kind === 'polygon');
}

/**
 * The power of two that an area in pixels reaches; -1 below 1. Logarithms are rounded, so that
 * they only come near it.
 */
function powerOfTwo(area: number): number {
  if (area < 1) return -1;
  const near = Math.floor(Math.log2(area));
  if (2 ** near > area) return near - 1;
  return 2 ** (near + 1) <= area ? near + 1 : near;
}
