import { createHash } from 'node:crypto';
import sharp, { type Metadata, type OutputInfo } from 'sharp';
import { AppError, failure } from '../../core/errors.ts';
import { readPlainFile } from '../plain-file.ts';
import type { RgbImage } from '../runtime/pixel-sail.ts';

/** A decoded image, and what its file said about it. */
export interface DecodedImage extends RgbImage {
  /** EXIF orientation, 1 to 8, already applied to the pixels. */
  readonly orientation: number;
  /** More than 1 for an animation, of which this is the first frame. */
  readonly frames: number;
  /** For instance `jpeg`. */
  readonly format: string;
}

/** Longest side that is decoded, in pixels. */
export const maximumImageSide = 30_000;
/** Decoded pixels and the copies that are made on the way to the model, in bytes a pixel. */
const bytesPerPixel = 8;

/**
 * Decodes a file or its bytes to 8-bit sRGB, as a person sees it: EXIF orientation applied, 16-bit, CMYK and greyscale
 * converted, transparency dropped (as the reference does), the first frame of an animation.
 * @throws AppError `not-found`, `permission-denied`, `image-unreadable` or `image-too-large`.
 */
export async function decodeImage(source: string | Uint8Array): Promise<DecodedImage> {
  const name = typeof source === 'string' ? source : 'the image';
  const bytes = typeof source === 'string' ? await readImageFile(source) : source;
  if (bytes.length === 0) {
    throw unreadable(name, 'the file is empty (0 bytes)');
  }
  const metadata = await readMetadata(bytes, name);
  const frames = metadata.pages ?? 1;
  const height = metadata.pageHeight ?? metadata.height;
  requireDecodable(metadata.width, height, name);
  const { data, info } = await decodePixels(bytes, name);
  return {
    key: createHash('sha256').update(bytes).digest('hex'),
    width: info.width,
    height: info.height,
    pixels: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    orientation: metadata.orientation ?? 1,
    frames,
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
      throw failure('not-found', 'imageFileMissing', { path }, cause);
    }
    if (reason === 'EACCES' || reason === 'EPERM') {
      throw failure('permission-denied', 'imageFileRefused', { path }, cause);
    }
    throw unreadable(path, (cause as Error).message, cause);
  }
}

async function readMetadata(bytes: Uint8Array, name: string): Promise<Metadata> {
  try {
    return await sharp(bytes, { limitInputPixels: false }).metadata();
  } catch (cause) {
    throw unreadable(name, (cause as Error).message, cause);
  }
}

function requireDecodable(width: number, height: number, name: string): void {
  if (Math.max(width, height) > maximumImageSide) {
    throw failure('image-too-large', 'imageTooLarge', {
      path: name,
      width,
      height,
      maximumSide: maximumImageSide,
    });
  }
  const neededBytes = width * height * bytesPerPixel;
  const availableBytes = process.availableMemory();
  if (neededBytes > availableBytes) {
    const parts = { path: name, width, height, neededBytes, availableBytes };
    throw failure('image-too-large', 'imageNeedsMemory', parts);
  }
}

async function decodePixels(
  bytes: Uint8Array,
  name: string,
): Promise<{ data: Buffer; info: OutputInfo }> {
  try {
    return await sharp(bytes, { limitInputPixels: maximumImageSide ** 2, failOn: 'truncated' })
      .autoOrient()
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
  } catch (cause) {
    throw unreadable(name, (cause as Error).message, cause);
  }
}

function unreadable(name: string, reason: string, cause?: unknown): AppError {
  return failure('image-unreadable', 'imageUnreadable', { path: name, reason }, cause);
}
