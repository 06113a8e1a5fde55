import { AppError } from '../../core/errors.ts';
import type { Box } from '../../core/geometry/shapes.ts';
import type { RgbImage } from '../../models/image/rgb-image.ts';

/**
 * The pixels of a part of an image, under a key of its own.
 * @throws AppError `invalid-input` when the box is not made of whole pixels inside the image.
 */
export function cropImage(image: RgbImage, crop: Box): RgbImage {
  const [left, top, width, height] = crop;
  const isInside =
    left >= 0 && top >= 0 && left + width <= image.width && top + height <= image.height;
  if (!crop.every(Number.isInteger) || !isInside || width === 0 || height === 0) {
    throw new AppError(
      'invalid-input',
      `A crop must be a box of whole pixels inside the image of ${image.width} x ${image.height}, found ${crop.join(', ')}.`,
    );
  }
  const pixels = new Uint8Array(3 * width * height);
  for (let row = 0; row < height; row++) {
    const start = 3 * ((top + row) * image.width + left);
    pixels.set(image.pixels.subarray(start, start + 3 * width), 3 * row * width);
  }
  return { key: `${image.key} ${crop.join(',')}`, width, height, pixels };
}
