import type { ServedFile } from '../../app/features/images/image-files.ts';
import { Thumbnails } from '../../app/features/images/thumbnails.ts';
import type { ImageRecord } from '../../core/records.ts';

/** The thumbnail of an image, made in a cache where it is missing. */
export function serveThumbnail(
  path: string,
  image: ImageRecord,
  cache: string,
): Promise<ServedFile> {
  const thumbnails = new Thumbnails({
    cache,
    isBusy: () => false,
    onUnreadable: () => undefined,
  });
  return thumbnails.serve(path, image);
}
