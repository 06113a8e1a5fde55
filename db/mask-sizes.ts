import type { Diff } from '../core/diff.ts';
import { failuresOf } from '../core/errors.ts';
import type { ProjectRecord, RecordId } from '../core/records.ts';
import { sentenceSet } from '../core/sentence-set.ts';
import type { Database } from './database.ts';
import type { Slices } from './slices.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

const maskSizeSentences = sentenceSet(
  {
    maskOfOtherSize: ({ id, mask, image }: { id: string; mask: Size; image: Size }) =>
      `The mask of annotation ${id} has ${mask.width} x ${mask.height} pixels, but its image has ` +
      `${image.width} x ${image.height}. Nothing was changed. Give a mask of the image's size.`,
  },
  {
    maskOfOtherSize: ({ id, mask, image }) =>
      `标注 ${id} 的掩码为 ${mask.width} × ${mask.height} 像素，但其图像为 ${image.width} × ${image.height}。` +
      '没有任何更改。请给出与图像同样大小的掩码。',
  },
);
const maskSizeFailure = failuresOf(maskSizeSentences);

/**
 * Checks that the masks of a change have the sizes of their images. Call it inside the change's
 * transaction.
 * @throws AppError `invalid-input` naming the annotation.
 */
export function* requireMasksOfImageSize(database: Database, diff: Diff): Slices<void> {
  const sizes = new Map<RecordId, Size>();
  for (const record of writtenIn(diff)) {
    const mask = maskSizeOf(record);
    if (record.kind !== 'annotation' || mask === null) continue;
    requireSize(record.id, mask, sizeOfImage(database, record.imageId, sizes));
    yield;
  }
  for (const [from, to] of Object.values(diff.updated)) {
    if (from.kind !== 'image' || to.kind !== 'image') continue;
    if (from.width === to.width && from.height === to.height) continue;
    const { id, width, height } = to;
    const found = database.get<Size & { id: string }>(maskOfOtherSize, { id, width, height });
    if (found) requireSize(found.id, found, to);
    yield;
  }
}

function* writtenIn({ updated, added }: Diff): Generator<ProjectRecord> {
  for (const id in updated) yield updated[id]![1];
  for (const id in added) yield added[id]!;
}

const maskOfOtherSize = `
  SELECT id, geometry ->> '$.rle.size[1]' AS width, geometry ->> '$.rle.size[0]' AS height
  FROM annotation WHERE image_id = @id AND geometry ->> '$.kind' = 'mask'
    AND (geometry ->> '$.rle.size[0]', geometry ->> '$.rle.size[1]') IS NOT (@height, @width)
  LIMIT 1`;

/** The size of the mask that an annotation has; null for what has none. */
function maskSizeOf(record: ProjectRecord): Size | null {
  if (record.kind !== 'annotation' || record.geometry.kind !== 'mask') return null;
  const [height, width] = record.geometry.rle.size;
  return { width, height };
}

function sizeOfImage(database: Database, id: RecordId, known: Map<RecordId, Size>): Size {
  const sql = 'SELECT width, height FROM image WHERE id = @id';
  const size = known.get(id) ?? database.get<Size>(sql, { id })!;
  known.set(id, size);
  return size;
}

function requireSize(id: RecordId, mask: Size, { width, height }: Size): void {
  if (mask.width === width && mask.height === height) return;
  const parts = { mask: { width: mask.width, height: mask.height }, image: { width, height } };
  throw maskSizeFailure('invalid-input', 'maskOfOtherSize', { id, ...parts });
}
