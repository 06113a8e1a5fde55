import { createHash, hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../../core/errors.ts';
import { refuseFileOfOpenProject } from '../../../db/project-files.ts';
import { openPlainFile } from '../../../models/plain-file.ts';
import { openImage, unreadable, type OpenedImage } from '../../../models/image/open-image.ts';
import { toFileError } from '../../files/file-error.ts';
import { EndMark, isWholeContainer } from './image-end.ts';

/** Facts from reading an image file. */
export interface ImageFacts {
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
  readonly sha256: string;
  /** Pages of a TIFF, frames of an animation; the first one is the image. */
  readonly pages: number;
}

/** Larger files are read in pieces. */
const heldWhole = 32 * 2 ** 20;
const pieceBytes = 2 ** 20;

/**
 * Reads an image file once: its size as shown, from its header, and its hash. Pixels are not
 * decoded, for that takes ten times as long: a file that was cut off is known by its missing end,
 * and damage in the middle when its thumbnail is made, which waits until it is seen (see
 * thumbnails.ts). TIFF and GIF have no end of their own and are decoded.
 * @throws AppError `image-unreadable` or `image-too-large`; `not-found`, `permission-denied`, and
 *   `invalid-input` for a pipe, socket or device.
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
  const opened = await openImage(bytes, path);
  const isWhole = isWholeContainer(opened.metadata.format, bytes) ?? (await isWholeDecoded(opened));
  if (!isWhole) throw cutOff(path);
  return { ...sizeOf(opened), sha256: hash('sha256', bytes, 'hex') };
}

async function readInPieces(path: string, handle: FileHandle, size: number): Promise<ImageFacts> {
  const opened = await openImage(path, path);
  const sha256 = createHash('sha256');
  let mark: EndMark | null = null;
  const piece = Buffer.alloc(pieceBytes);
  for (let position = 0; position < size;) {
    const { bytesRead } = await handle.read(piece, 0, pieceBytes, position);
    if (bytesRead === 0) break;
    const bytes = piece.subarray(0, bytesRead);
    if (position === 0) mark = EndMark.of(opened.metadata.format, bytes);
    sha256.update(bytes);
    mark?.push(bytes);
    position += bytesRead;
  }
  if (!(mark ? mark.isFound : await isWholeDecoded(opened))) throw cutOff(path);
  return { ...sizeOf(opened), sha256: sha256.digest('hex') };
}

function sizeOf({ metadata }: OpenedImage): Omit<ImageFacts, 'sha256'> {
  const { width, height } = metadata.autoOrient;
  return { width, height, orientation: metadata.orientation ?? 1, pages: metadata.pages ?? 1 };
}

/** Decodes all pixels. @throws AppError `image-unreadable`. */
async function isWholeDecoded({ decode }: OpenedImage): Promise<true> {
  await decode((pixels) =>
    pixels.resize(16, 16, { fit: 'fill', fastShrinkOnLoad: false }).raw().toBuffer(),
  );
  return true;
}

function cutOff(path: string): AppError {
  return unreadable(path, 'its end is missing; the file was cut off');
}
