import { resolve } from 'node:path';
import type { LeftOut } from '../../api/contract/jobs.ts';
import type { CategoryBox } from './batch-questions.ts';
import { toFileError } from '../../files/file-error.ts';
import { readJsonRows } from '../../../core/formats/json-stream.ts';
import { boxSchema, type Box } from '../../../core/geometry/shapes.ts';
import { imageFinder, type FoundImage } from '../../../core/project/image-names.ts';
import type { RecordId } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import { plainTextStream } from '../../../models/plain-file.ts';
import { z } from 'zod';

const imageRowSchema = z.looseObject({ id: z.number(), file_name: z.string() });
const categoryRowSchema = z.looseObject({ id: z.number(), name: z.string() });
const boxRowSchema = z.looseObject({
  image_id: z.number(),
  category_id: z.number().nullish(),
  bbox: boxSchema,
});

/** The boxes of a COCO file for the images of a project, and the rows that could not be used. */
export interface CocoBoxes {
  readonly boxes: ReadonlyMap<RecordId, readonly CategoryBox[]>;
  readonly skipped: readonly LeftOut[];
}

/**
 * Reads the `bbox` of every annotation of a COCO file. Images are found by `file_name`
 * as an import finds them.
 * @throws AppError `dataset-invalid`, `not-found`.
 */
export async function readCocoBoxes(database: ProjectDatabase, file: string): Promise<CocoBoxes> {
  const imageIds = new Map<number, RecordId | null>();
  const categories = new Map<number, string>();
  const rows: { box: Box; imageId: number; categoryId: number | null }[] = [];
  const skipped: LeftOut[] = [];
  const images = Array.from(database.exportImages(), ({ image }) => image);
  const findImage = imageFinder(images);
  for await (const row of readJsonRows(openText(file))) {
    const what = `${row.section}[${row.index}]`;
    const value = 'value' in row ? row.value : null;
    if (row.section === 'images' && row.index !== null) {
      const image = imageRowSchema.safeParse(value).data;
      const found = image ? findImage(image.file_name) : null;
      const imageId = found && 'id' in found ? found.id : null;
      if (image) imageIds.set(image.id, imageId);
      if (imageId === null) {
        skipped.push({ what, reason: reasonNotFound(image?.file_name ?? 'it', found) });
      }
    } else if (row.section === 'categories' && row.index !== null) {
      const category = categoryRowSchema.safeParse(value).data;
      if (category) categories.set(category.id, category.name);
    } else if (row.section === 'annotations' && row.index !== null) {
      const given = boxRowSchema.safeParse(value).data;
      const isBox = given !== undefined && given.bbox[2] > 0 && given.bbox[3] > 0;
      if (!isBox) skipped.push({ what, reason: 'it has no bbox of x, y, width, height above 0' });
      else {
        const categoryId = given.category_id ?? null;
        rows.push({ box: given.bbox, imageId: given.image_id, categoryId });
      }
    }
  }
  const boxes = new Map<RecordId, CategoryBox[]>();
  for (const { box, imageId, categoryId } of rows) {
    const id = imageIds.get(imageId);
    if (!id) continue;
    const category = categoryId === null ? null : (categories.get(categoryId) ?? null);
    boxes.set(id, [...(boxes.get(id) ?? []), { box, category }]);
  }
  return { boxes, skipped };
}

function reasonNotFound(name: string, found: FoundImage): string {
  const paths = found === null || 'id' in found ? [] : found;
  return paths.length === 0
    ? `${name} is not an image of the project`
    : `${name} may be any of ${paths.join(', ')}`;
}

/** A text file in pieces. @throws AppError `not-found`, `permission-denied`, `invalid-input` when it is no plain file. */
export async function* openText(file: string): AsyncGenerator<string> {
  try {
    for await (const chunk of await plainTextStream(file)) yield chunk as string;
  } catch (cause) {
    throw toFileError(cause, 'read', resolve(file));
  }
}
