import { encode } from 'fast-png';
import type { Bitmap } from '../geometry/shapes.ts';
import { decodePng } from './bounded-png.ts';
import { regionProblem } from './region-sentences.ts';

/** A PNG as it was written: one whole number a channel, palettes as their indices. */
export interface PngPixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Row-major, `channels` values a pixel. */
  readonly data: Uint8Array | Uint8ClampedArray | Uint16Array;
}

/**
 * Reads a PNG.
 * @throws AppError `invalid-input` whose message is a clause, for what is no whole PNG.
 */
export function readPng(bytes: Uint8Array): PngPixels {
  try {
    const { width, height, data, depth, channels } = decodePng(bytes);
    return {
      width,
      height,
      channels,
      data: depth < 8 ? unpacked(data, width, height, depth) : data,
    };
  } catch (thrown) {
    throw regionProblem('regionMaskUnreadable', { reason: (thrown as Error).message });
  }
}

/** The mask of the pixels that are not zero in any channel. @throws AppError as {@link readPng}. */
export function maskOfPng(bytes: Uint8Array): Bitmap {
  const { width, height, channels, data } = readPng(bytes);
  const mask = new Uint8Array(width * height);
  for (let index = 0; index < data.length; index++) {
    if (data[index] !== 0) mask[Math.floor(index / channels)] = 1;
  }
  return { width, height, data: mask };
}

/** A grey PNG of 8 bits, 255 where the mask is. */
export function pngOfMask({ width, height, data }: Bitmap): Uint8Array {
  const grey = data.map((value) => value * 255);
  return encode({ width, height, data: grey, depth: 8, channels: 1 });
}

/** Rows of pixels of 1, 2 or 4 bits begin at whole bytes. */
function unpacked(
  packed: PngPixels['data'],
  width: number,
  height: number,
  depth: number,
): Uint8Array {
  const stride = Math.ceil((width * depth) / 8);
  const perByte = 8 / depth;
  const data = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const byte = packed[row * stride + Math.floor(column / perByte)]!;
      const shift = 8 - depth * ((column % perByte) + 1);
      data[row * width + column] = (byte >> shift) & (2 ** depth - 1);
    }
  }
  return data;
}
