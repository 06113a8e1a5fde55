import { open, readFile } from 'node:fs/promises';
import sharp, { type Metadata, type Sharp } from 'sharp';
import { AppError } from '../../core/errors.ts';
import {
  bytesToDecode,
  maximumImagePixels,
  requireDecodable,
  whenMemoryAllows,
} from './decode-limits.ts';
import { isTooMuchToPaint, looksLikeMarkup, whyNotDrawn } from './svg.ts';
import { imageFailure } from './sentences.ts';

/** An image file whose header was read and found within the limits. */
export interface OpenedImage {
  readonly metadata: Metadata;
  /**
   * Hands its pixels to `work`, turned upright and on white where they are clear, once there is
   * memory for them.
   * @throws AppError `image-unreadable` when they do not decode
   */
  decode<Result>(work: (pixels: Sharp) => Promise<Result>): Promise<Result>;
}

export interface OpenOptions {
  /**
   * For each pixel of the result that stays in memory. Default 0: it goes to a file, or is small.
   */
  readonly resultBytes?: number;
}

// Formats that nobody takes for photos are not even looked into: each has a parser that strangers
// could feed.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Tiff', 'Nsgif', 'Heif', 'Svg'].map(
    (format) => `VipsForeignLoad${format}`,
  ),
});

// The cache of libvips holds whole decoded images, does not count them, and is stale after a file
// has changed.
sharp.cache(false);

const sniffedBytes = 1024;

/**
 * The only way in which image files of strangers are opened. The photo of a window, a
 * thumbnail and the input of a model come through here, so that all see the same.
 * @param source a file, or the bytes of one
 * @param path what to call it; its ending decides whether it may be a drawing (SVG)
 * @throws AppError `image-unreadable` or `image-too-large`, before a pixel is decoded; the file
 * system's error when the file cannot be read
 */
export async function openImage(
  source: string | Uint8Array,
  path: string,
  { resultBytes = 0 }: OpenOptions = {},
): Promise<OpenedImage> {
  const start =
    typeof source === 'string' ? await readStart(source) : source.subarray(0, sniffedBytes);
  if (start.length === 0) throw unreadable(path, 'the file is empty (0 bytes)');
  const isMarkup = looksLikeMarkup(start);
  const isDrawing = /\.svg$/i.test(path);
  if (isMarkup && !isDrawing) throw unreadable(path, 'it holds markup, and only .svg files may');
  // From a file, references to its neighbours would be followed.
  const input = isDrawing && typeof source === 'string' ? await readFile(source) : source;
  if (isDrawing) {
    const reason = isMarkup ? whyNotDrawn(input as Uint8Array) : 'it is not an SVG';
    if (reason !== null) throw unreadable(path, reason);
  }
  const metadata = await sharp(input, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw unreadable(path, (cause as Error).message, cause);
    });
  requireDecodable(metadata, path, resultBytes);
  if (isDrawing && isTooMuchToPaint(input as Uint8Array, metadata.width, metadata.height)) {
    throw unreadable(path, 'the drawing has too many shapes, or too long ones, for its size');
  }
  return {
    metadata,
    decode: (work) =>
      whenMemoryAllows(bytesToDecode(metadata, resultBytes), () => {
        const options = { limitInputPixels: maximumImagePixels, failOn: 'truncated' } as const;
        const pixels = sharp(input, options).autoOrient();
        // Paper is white, and both a person and a model look at what is drawn on it.
        const isClear = isDrawing || metadata.hasAlpha;
        return work(isClear ? pixels.flatten({ background: '#ffffff' }) : pixels);
      }).catch((thrown: unknown) => {
        if (thrown instanceof AppError) throw thrown;
        throw unreadable(path, (thrown as Error).message, thrown);
      }),
  };
}

async function readStart(file: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(sniffedBytes), 0, sniffedBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The error for a file that is no image that we can read. */
export function unreadable(path: string, reason: string, cause?: unknown): AppError {
  return imageFailure('image-unreadable', 'imageUnreadable', { path, reason }, cause);
}
