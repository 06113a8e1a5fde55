import type { Metadata } from 'sharp';
import { imageFailure } from './sentences.ts';

/** Longest side that is decoded, in pixels. */
export const maximumImageSide = 30_000;
/**
 * Decoded a few rows at a time, more take longer than 5 s of a processor until a person sees the
 * first tile.
 */
export const maximumImagePixels = 400e6;
/**
 * The same for forms that are decoded as a whole. Measured: progressive JPEG, WebP and GIF of
 * 200 megapixels take 1 to 4 s.
 */
const maximumHeldPixels = 200e6;
/** The same for HEIF and AVIF: 200 megapixels take 9 s. */
const maximumHeifPixels = 100e6;
/** The same for interlaced PNG, in bytes of pixels: 480 MB (160 megapixels of RGB) take 4.4 s. */
const maximumInterlacedBytes = 480e6;
/** An SVG has no pixels of its own; it is drawn at the size that it asks for, up to this side. */
const maximumDrawingSide = 2048;
/**
 * Bytes that decoders and their results may hold at a time in one process. Node, sharp and the
 * results of earlier work hold about 0.2 GB beside it, and a model 0.3 GB more, so that a
 * process stays under 1.5 GB.
 */
export const maximumDecodeBytes = 1e9;

/** Facts in the header of an image file, read before decoding. */
export type ImageHeader = Pick<
  Metadata,
  | 'format'
  | 'width'
  | 'height'
  | 'pageHeight'
  | 'channels'
  | 'depth'
  | 'isProgressive'
  | 'chromaSubsampling'
  | 'orientation'
>;

const bytesOfDepth: Readonly<Record<string, number>> = {
  ushort: 2,
  short: 2,
  uint: 4,
  int: 4,
  float: 4,
  complex: 8,
  double: 8,
  dpcomplex: 16,
};

/**
 * Peak memory of decoding an image, by its header. A few rows of it suffice for most; interlaced
 * PNG, progressive JPEG and the formats that compress a frame as a whole have to be held whole, and
 * so does what must be turned.
 * @param resultBytes for each pixel of the result that stays in memory: 3 for raw RGB, 0 where it
 * goes to a file
 */
export function bytesToDecode(header: ImageHeader, resultBytes: number): number {
  const { width, orientation = 1 } = header;
  const height = header.pageHeight ?? header.height;
  const turnedBytes = orientation > 1 ? 4 : 0;
  return width * height * (heldBytes(header) + turnedBytes + resultBytes);
}

/** Bytes for each pixel that the decoder itself holds. */
function heldBytes({
  format,
  channels,
  depth,
  isProgressive,
  chromaSubsampling,
}: ImageHeader): number {
  switch (format) {
    case 'png':
      return isProgressive ? channels * (bytesOfDepth[depth] ?? 1) : 0;
    case 'jpeg': {
      // Coefficients of two bytes; the colours of 4:2:0 have a quarter of them each.
      if (!isProgressive) return 0;
      return chromaSubsampling === '4:2:0' ? 3 : 2 * channels;
    }
    case 'webp':
    case 'gif':
    case 'heif':
    case 'svg':
      return 8;
    default:
      return 0;
  }
}

/** The most pixels that an image of a form decoded as a whole may have. */
function maximumHeldPixelsOf(header: ImageHeader): number {
  if (header.format === 'heif') return maximumHeifPixels;
  return header.format === 'png'
    ? Math.floor(maximumInterlacedBytes / heldBytes(header))
    : maximumHeldPixels;
}

/** @throws AppError `image-too-large`, before anything is decoded. */
export function requireDecodable(header: ImageHeader, path: string, resultBytes: number): void {
  const { width, format } = header;
  const height = header.pageHeight ?? header.height;
  const size = { path, width, height };
  const maximumSide = format === 'svg' ? maximumDrawingSide : maximumImageSide;
  if (Math.max(width, height) > maximumSide) {
    throw imageFailure('image-too-large', 'imageTooLarge', { ...size, maximumSide });
  }
  if (width * height > maximumImagePixels) {
    const parts = { ...size, maximumPixels: maximumImagePixels };
    throw imageFailure('image-too-large', 'imageTooManyPixels', parts);
  }
  const isHeld = format !== 'svg' && heldBytes(header) > 0;
  const maximumPixels = maximumHeldPixelsOf(header);
  if (isHeld && width * height > maximumPixels) {
    const parts = { ...size, maximumPixels, maximumInRows: maximumImagePixels };
    throw imageFailure('image-too-large', 'imageTooManyHeldPixels', parts);
  }
  const neededBytes = bytesToDecode(header, resultBytes);
  if (neededBytes > maximumDecodeBytes && bytesToDecode(header, 0) === 0) {
    const maximumPixels = maximumDecodeBytes / resultBytes;
    throw imageFailure('image-too-large', 'imageTooLargeForModel', { ...size, maximumPixels });
  }
  if (neededBytes > maximumDecodeBytes) {
    const parts = { ...size, neededBytes, maximumBytes: maximumDecodeBytes };
    throw imageFailure('image-too-large', 'imageHeldWhole', parts);
  }
  const availableBytes = process.availableMemory();
  if (neededBytes > availableBytes) {
    throw imageFailure('image-too-large', 'imageNeedsMemory', {
      ...size,
      neededBytes,
      availableBytes,
    });
  }
}

const waiting: { bytes: number; start: () => void }[] = [];
let heldNow = 0;

/**
 * Does work that holds so many bytes as soon as, together with what goes on, they fit into
 * {@link maximumDecodeBytes}.
 */
export async function whenMemoryAllows<Result>(
  bytes: number,
  work: () => Promise<Result>,
): Promise<Result> {
  if (waiting.length > 0 || !fits(bytes)) {
    await new Promise<void>((start) => waiting.push({ bytes, start }));
  } else heldNow += bytes;
  try {
    return await work();
  } finally {
    heldNow -= bytes;
    while (waiting.length > 0 && fits(waiting[0]!.bytes)) {
      const next = waiting.shift()!;
      heldNow += next.bytes;
      next.start();
    }
  }
}

function fits(bytes: number): boolean {
  return heldNow === 0 || heldNow + bytes <= maximumDecodeBytes;
}
