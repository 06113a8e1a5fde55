import { failure } from '../../../core/errors.ts';
import type { ImageRecord, RecordId } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';

/** @throws AppError `not-found`. */
export function requireImage(database: ProjectDatabase, imageId: RecordId): ImageRecord {
  const image = database.image(imageId);
  if (image) return image;
  throw failure('not-found', 'imageGone', { id: imageId });
}
