import { createHash } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import { readPlainFile } from '../plain-file.ts';
import type { RgbImage } from './rgb-image.ts';
import { openImage, unreadable } from './open-image.ts';
import { imageFailure } from './sentences.ts';

/** A decoded image, and what its file said about it. */
export interface DecodedImage extends RgbImage {
  /** EXIF orientation, 1 to 8, already applied to the pixels. */
  readonly orientation: number;
  /** More than 1 for an animation, of which this is the first frame. */
  readonly frames: number;
  /** For instance `jpeg`. */
  readonly format: string;
}

/**
 * Decodes a file or its bytes to 8-bit sRGB, as a person sees it: EXIF orientation applied,
 * 16-bit, CMYK and greyscale converted, the first frame of an animation, clear pixels and drawings
 * (SVG) on white (the reference takes the colours that hide behind clear pixels).
 * @throws AppError `not-found`, `permission-denied`, `image-unreadable` or `image-too-large`.
 */
export async function decodeImage(source: string | Uint8Array): Promise<DecodedImage> {
  const name = typeof source === 'string' ? source : 'the image';
  const bytes = typeof source === 'string' ? await readImageFile(source) : source;
  const { metadata, decode } = await openImage(bytes, name, { resultBytes: 3 });
  const { data, info } = await decode((pixels) =>
    pixels
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true }),
  );
  return {
    key: createHash('sha256').update(bytes).digest('hex'),
    width: info.width,
    height: info.height,
    pixels: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    orientation: metadata.orientation ?? 1,
    frames: metadata.pages ?? 1,
    format: metadata.format,
  };
}

async function readImageFile(path: string): Promise<Uint8Array> {
  try {
    return await readPlainFile(path);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = (cause as NodeJS.ErrnoException).code;
    if (reason === 'ENOENT') {
      throw imageFailure('not-found', 'imageFileMissing', { path }, cause);
    }
    if (reason === 'EACCES' || reason === 'EPERM') {
      throw imageFailure('permission-denied', 'imageFileRefused', { path }, cause);
    }
    throw unreadable(path, (cause as Error).message, cause);
  }
}
