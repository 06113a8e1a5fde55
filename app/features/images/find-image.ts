import type { ImageRecord, RecordId } from '../../../core/records.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import { imageImportFailure } from './sentences.ts';

/** @throws AppError `not-found`. */
export function requireImage(database: ProjectDatabase, imageId: RecordId): ImageRecord {
  const image = database.image(imageId);
  if (image) return image;
  throw imageImportFailure('not-found', 'imageGone', { id: imageId });
}
