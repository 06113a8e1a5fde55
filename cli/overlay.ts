import { dirname, resolve } from 'node:path';
import sharp from 'sharp';
import { writeOutput } from '../app/files/new-file.ts';
import { readHead, type OutputRequest } from '../app/files/output-file.ts';
import { makeFolder } from '../app/files/folders.ts';
import { decodeRle } from '../core/geometry/rle.ts';
import type { Bitmap, Rle } from '../core/geometry/shapes.ts';
import type { RgbImage } from '../models/image/rgb-image.ts';

type Color = readonly [red: number, green: number, blue: number];

/** Colours that differ for most kinds of colour blindness (Okabe and Ito). */
const palette: readonly Color[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [0, 114, 178],
  [213, 94, 0],
  [204, 121, 167],
];

const opacity = 0.5;
const outlineColor: Color = [255, 255, 255];

/** The colour of the mask at `index`, for a legend, as #rrggbb. */
export function maskColor(index: number): string {
  const color = palette[index % palette.length]!;
  return `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** The image with its masks tinted, each with a white outline, the first mask lowest. */
export function drawOverlay(image: RgbImage, masks: readonly Rle[]): Uint8Array {
  const pixels = Uint8Array.from(image.pixels);
  masks.forEach((rle, index) => {
    const bitmap = decodeRle(rle);
    const color = palette[index % palette.length]!;
    for (let pixel = 0; pixel < bitmap.data.length; pixel++) {
      if (bitmap.data[pixel] === 0) continue;
      if (isOnOutline(bitmap, pixel)) paint(pixels, pixel, outlineColor, 1);
      else paint(pixels, pixel, color, opacity);
    }
  });
  return pixels;
}

/** Whether a pixel of the mask touches a pixel outside it; the image border does not count. */
function isOnOutline({ width, height, data }: Bitmap, pixel: number): boolean {
  const column = pixel % width;
  return (
    (column > 0 && data[pixel - 1] === 0) ||
    (column < width - 1 && data[pixel + 1] === 0) ||
    (pixel >= width && data[pixel - width] === 0) ||
    (pixel < width * (height - 1) && data[pixel + width] === 0)
  );
}

function paint(pixels: Uint8Array, pixel: number, color: Color, share: number): void {
  for (let channel = 0; channel < 3; channel++) {
    const at = 3 * pixel + channel;
    pixels[at] = pixels[at]! * (1 - share) + color[channel]! * share;
  }
}

/**
 * Output of an overlay: a new file, or the replacement of an earlier overlay. If overwriting is
 * allowed, it also replaces a file that is not an image.
 */
export function overlayOutput(path: string, photo: string, overwrite: boolean): OutputRequest {
  return { path, ending: '.png', inputs: [photo], isOurs: isOverlay, overwrite };
}

/** Writes {@link drawOverlay} as a PNG marked as an overlay, and creates its folder. */
export async function writeOverlay(
  output: OutputRequest,
  image: RgbImage,
  masks: readonly Rle[],
): Promise<void> {
  const { width, height } = image;
  await makeFolder(dirname(resolve(output.path)));
  await writeOutput(output, (draft) =>
    sharp(drawOverlay(image, masks), { raw: { width, height, channels: 3 } })
      .withExif({ IFD0: { Software: overlayMark } })
      .png()
      .toFile(draft),
  );
}

/** EXIF entry that marks overlays of this program; photos do not have it. */
const overlayMark = 'Pixel-SAIL Studio overlay';

async function isOverlay(file: string): Promise<boolean> {
  const head = await readHead(file);
  return head.subarray(0, 4).toString('latin1') === '\x89PNG' && head.includes(overlayMark);
}
