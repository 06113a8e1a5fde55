import sharp from 'sharp';
import type { PhotoCrop } from '../../core/formats/dataset-files.ts';
import { decodeRleBox } from '../../core/geometry/rle.ts';
import type { Rle } from '../../core/geometry/shapes.ts';
import type { RgbImage } from './rgb-image.ts';

const jpegQuality = 95;

/** A part of an image as a file. The crop lies inside the image, in whole pixels. */
export async function encodeCrop(
  image: RgbImage,
  { box, file, mask }: PhotoCrop,
): Promise<Uint8Array> {
  const [left, top, width, height] = box;
  const source = { width: image.width, height: image.height, channels: 3 } as const;
  const part = sharp(image.pixels, { raw: source }).extract({ left, top, width, height });
  if (file === 'jpeg') {
    return part.jpeg({ quality: jpegQuality, chromaSubsampling: '4:4:4' }).toBuffer();
  }
  if (mask === null) return part.png().toBuffer();
  const colors = await part.raw().toBuffer();
  const alpha = alphaOf(mask, box);
  const pixels = new Uint8Array(width * height * 4);
  for (let index = 0; index < width * height; index++) {
    pixels.set(colors.subarray(index * 3, index * 3 + 3), index * 4);
    pixels[index * 4 + 3] = alpha[index]!;
  }
  return sharp(pixels, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}

/** 255 inside the mask, 0 outside, row by row. */
function alphaOf(mask: Rle, [left, top, width, height]: PhotoCrop['box']): Uint8Array {
  const alpha = new Uint8Array(width * height);
  const placed = decodeRleBox(mask);
  if (!placed) return alpha;
  const { bitmap } = placed;
  for (let row = 0; row < bitmap.height; row++) {
    for (let column = 0; column < bitmap.width; column++) {
      const [x, y] = [placed.left + column - left, placed.top + row - top];
      const isInside = x >= 0 && y >= 0 && x < width && y < height;
      if (isInside && bitmap.data[row * bitmap.width + column]) alpha[y * width + x] = 255;
    }
  }
  return alpha;
}
