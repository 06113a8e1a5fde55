import { createHash, hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import sharp from 'sharp';
import { AppError, failure } from '../../core/errors.ts';
import { refuseFileOfOpenProject } from '../../db/project-files.ts';
import { openPlainFile } from '../../models/plain-file.ts';
import { maximumImageSide } from '../../models/processor/decode.ts';
import { toFileError } from './file-error.ts';
import { EndMark, isWholeContainer } from './image-end.ts';

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
  refuseFileOfOpenProject(path);
  const handle = await openPlainFile(path).catch((thrown: unknown) => {
    throw toFileError(thrown, 'read the image', path);
  });
  try {
    const { size } = await handle.stat();
    if (size === 0) throw unreadable(path, 'the file is empty (0 bytes)');
    return size <= heldWhole
      ? await readHeld(path, handle)
      : await readInPieces(path, handle, size);
  } catch (thrown) {
    if (thrown instanceof Error && 'syscall' in thrown) {
      throw toFileError(thrown, 'read the image', path);
    }
    throw thrown instanceof AppError ? thrown : unreadable(path, (thrown as Error).message, thrown);
  } finally {
    await handle.close();
  }
}

async function readHeld(path: string, handle: FileHandle): Promise<ImageFacts> {
  const bytes = await handle.readFile();
  const { format, ...size } = await readHeader(path, bytes);
  if (!(isWholeContainer(format, bytes) ?? (await isWholeDecoded(bytes)))) throw cutOff(path);
  return { ...size, sha256: hash('sha256', bytes, 'hex') };
}

async function readInPieces(path: string, handle: FileHandle, size: number): Promise<ImageFacts> {
  const { format, ...facts } = await readHeader(path, path);
  const sha256 = createHash('sha256');
  let mark: EndMark | null = null;
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
  if (!(mark ? mark.isFound : await isWholeDecoded(path))) throw cutOff(path);
  return { ...facts, sha256: sha256.digest('hex') };
}

async function readHeader(
  path: string,
  source: string | Buffer,
): Promise<Omit<ImageFacts, 'sha256'> & { format: string }> {
  const {
    autoOrient,
    format,
    orientation = 1,
  } = await sharp(source, {
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
