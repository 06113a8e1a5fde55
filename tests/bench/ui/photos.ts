import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { photoOf, type Photo } from '../../support/made-project.ts';

const source = fileURLToPath(new URL('../../../demo/photos/prairie-house.jpg', import.meta.url));

/** Writes photos of one size, each a little different. */
export async function writePhotos(
  folder: string,
  count: number,
  size: { readonly width: number; readonly height: number },
): Promise<Photo[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const file = join(folder, `photo-${index}.jpg`);
      await sharp(source)
        .resize(size.width, size.height, { fit: 'fill' })
        .modulate({ hue: index * 40 })
        .jpeg({ quality: 90 })
        .toFile(file);
      return photoOf(file);
    }),
  );
}
