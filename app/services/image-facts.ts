import { createHash, hash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import sharp from 'sharp';
import { AppError, failure } from '../../core/errors.ts';
import { maximumImageSide } from '../../models/processor/decode.ts';
import { toFileError } from './file-error.ts';
import { EndMark, isWholeContainer } from './image-end.ts';
import { requirePlainFile } from './plain-file.ts';

/** What reading an image file tells about it. */
export interface ImageFacts {
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
  readonly sha256: string;
}

/** Larger files are read in pieces. */
const heldWhole = 32 * 2 ** 20;
const pieceBytes = 2 ** 20;

/**
 * Reads an image file once: its size as shown, from its header, and its hash. Pixels are not decoded, for that takes ten
 * times as long: a file that was cut off is known by its missing end, and damage in the middle when its thumbnail is
 * made, which waits until it is seen (see thumbnails.ts). TIFF and GIF have no end of their own and are decoded.
 * @throws AppError `image-unreadable` or `image-too-large`; `not-found`, `permission-denied`, and `invalid-input` for a
 *   pipe, socket or device.
 */
export async function readImageFacts(path: string): Promise<ImageFacts> {
  try {
    await requirePlainFile(path, 'read the image');
    const { size } = await stat(path);
    if (size === 0) throw unreadable(path, 'the file is empty (0 bytes)');
    return size <= heldWhole ? await readHeld(path) : await readInPieces(path, size);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).syscall) throw toFileError(thrown, 'read the image', path);
    throw thrown instanceof AppError ? thrown : unreadable(path, (thrown as Error).message, thrown);
  }
}

async function readHeld(path: string): Promise<ImageFacts> {
  const bytes = await readFile(path);
  const { format, ...size } = await readHeader(path, bytes);
  if (!(isWholeContainer(format, bytes) ?? (await isWholeDecoded(bytes)))) throw cutOff(path);
  return { ...size, sha256: hash('sha256', bytes, 'hex') };
}

async function readInPieces(path: string, size: number): Promise<ImageFacts> {
  const { format, ...facts } = await readHeader(path, path);
  const sha256 = createHash('sha256');
  const handle = await open(path);
  let mark: EndMark | null = null;
  try {
    const piece = Buffer.alloc(pieceBytes);
    for (let position = 0; position < size;) {
      const { bytesRead } = await handle.read(piece, 0, pieceBytes, position);
      if (bytesRead === 0) break;
      const bytes = piece.subarray(0, bytesRead);
      if (position === 0) mark = EndMark.of(format, bytes);
      sha256.update(bytes);
      mark?.push(bytes);
      position += bytesRead;
    }
  } finally {
    await handle.close();
  }
  if (!(mark ? mark.isFound : await isWholeDecoded(path))) throw cutOff(path);
  return { ...facts, sha256: sha256.digest('hex') };
}

async function readHeader(
  path: string,
  source: string | Buffer,
): Promise<Omit<ImageFacts, 'sha256'> & { format: string }> {
  const { autoOrient, format, orientation = 1 } = await sharp(source, {
    limitInputPixels: false,
  }).metadata();
  const { width, height } = autoOrient;
  if (Math.max(width, height) > maximumImageSide) {
    const parts = { path, width, height, maximumSide: maximumImageSide };
    throw failure('image-too-large', 'imageTooLarge', parts);
  }
  return { format, width, height, orientation };
}

/** Decodes all pixels; throws what the decoder says. */
async function isWholeDecoded(source: string | Buffer): Promise<true> {
  await sharp(source, { limitInputPixels: maximumImageSide ** 2, failOn: 'truncated' })
    .resize(16, 16, { fit: 'fill', fastShrinkOnLoad: false })
    .raw()
    .toBuffer();
  return true;
}

function cutOff(path: string): AppError {
  return unreadable(path, 'its end is missing; the file was cut off');
}

/** The error for a file that is no image that we can read. */
export function unreadable(path: string, reason: string, cause?: unknown): AppError {
  return failure('image-unreadable', 'imageUnreadable', { path, reason }, cause);
}
