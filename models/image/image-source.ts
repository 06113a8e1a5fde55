import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { decodeImage, type DecodedImage } from './decode.ts';

/**
 * Where the pixels of an image are: plain data, so that it can go to another process or machine.
 */
export interface ImageSource {
  readonly kind: 'file';
  /** Absolute. */
  readonly path: string;
}

/** The image that a file holds. */
export function fileSource(path: string): ImageSource {
  return { kind: 'file', path };
}

/**
 * Reads the pixels of an image; see {@link decodeImage}.
 * @throws AppError `not-found`, `permission-denied`, `image-unreadable` or `image-too-large`.
 */
export function openPixels(source: ImageSource): Promise<DecodedImage> {
  return decodeImage(source.path);
}

/** The image as shown to a person. */
export function sourceName(source: ImageSource): string {
  return basename(source.path);
}

/** Text that is another one once the image has changed. */
export async function sourceVersion(source: ImageSource): Promise<string> {
  const { mtimeMs, size } = await stat(source.path).catch(() => ({ mtimeMs: 0, size: 0 }));
  return `${source.path} ${mtimeMs} ${size}`;
}
