import type { LeftOut } from '../../api/contract/jobs.ts';
import type { CategoryBox } from './batch-questions.ts';
import { readDataset } from '../../files/read-dataset.ts';
import type { AnnotationRow } from '../../../core/formats/dataset-row.ts';
import { readShape } from '../../../core/formats/row-shape.ts';
import { AppError } from '../../../core/errors.ts';
import { imageFinder, type FoundImage } from '../../../core/project/image-names.ts';
import type { ImageRecord, RecordId } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';

/** The boxes of a dataset for the images of a project, and the rows that could not be used. */
export interface DatasetBoxes {
  readonly boxes: ReadonlyMap<RecordId, readonly CategoryBox[]>;
  readonly skipped: readonly LeftOut[];
}

/**
 * Reads the box of every annotation of a dataset: the one that it gives, else that of the region.
 * Images are found by their file names as an import finds them.
 * @throws AppError `dataset-invalid`, `not-found`.
 */
export async function readBoxes(database: ProjectDatabase, path: string): Promise<DatasetBoxes> {
  const images = new Map<string, ImageRecord | null>();
  const boxes = new Map<RecordId, CategoryBox[]>();
  const skipped: LeftOut[] = [];
  const findImage = imageFinder(Array.from(database.exportImages(), ({ image }) => image));
  for await (const row of readDataset(path)) {
    if (row.kind === 'note' && row.isLoss) {
      skipped.push({ what: row.place, reason: row.problem.message });
    } else if (row.kind === 'image') {
      const found = findImage(row.fileName);
      const image = found && 'id' in found ? found : null;
      images.set(row.key, image);
      if (!image) skipped.push({ what: row.place, reason: reasonNotFound(row.fileName, found) });
    } else if (row.kind === 'annotation') {
      const image = images.get(row.image);
      if (!image) continue;
      try {
        const { id } = image;
        boxes.set(id, [
          ...(boxes.get(id) ?? []),
          { box: boxOf(row, image), category: row.category },
        ]);
      } catch (thrown) {
        if (!(thrown instanceof AppError)) throw thrown;
        skipped.push({ what: row.place, reason: thrown.message });
      }
    }
  }
  return { boxes, skipped };
}

/** @throws AppError `invalid-input` whose message is a clause. */
function boxOf({ shape, box, unit = 'pixel' }: AnnotationRow, image: ImageRecord) {
  const isGiven = box !== undefined && box[2] > 0 && box[3] > 0;
  const region = isGiven ? { kind: 'box' as const, box } : shape;
  return readShape(region, unit, image, null, () => undefined).bbox;
}

function reasonNotFound(name: string, found: FoundImage): string {
  const paths = found === null || 'id' in found ? [] : found;
  return paths.length === 0
    ? `${name} is not an image of the project`
    : `${name} may be any of ${paths.join(', ')}`;
}
