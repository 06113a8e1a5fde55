import type { Size } from './resize-rule.ts';

/** Whole pixels [left, left + width) x [top, top + height) of an image. */
export interface PixelBox extends Size {
  readonly left: number;
  readonly top: number;
}

/** Pixels in rows, 3 bytes each. */
export interface RgbPixels extends Size {
  readonly pixels: Uint8Array;
}

const channels = 3;
/** Pillow's fixed point: 32 bits less 8 for the pixel and 2 for overshoot. */
const precisionBits = 22;

/**
 * Scales a part of an image with Pillow's antialiased bilinear filter, bit for bit: the same
 * triangle weights in 22-bit fixed point, horizontal pass first, each pass rounded to 8 bits
 * (Pillow's `Resample.c`). The part is cut out before it is scaled, so pixels outside it have no
 * influence.
 */
export function resizeBilinear(image: RgbPixels, part: PixelBox, size: Size): Uint8Array {
  const offset = (part.top * image.width + part.left) * channels;
  const rows = scaleRows(image.pixels, offset, image.width * channels, part, size.width);
  return scaleColumns(rows, size.width * channels, part.height, size.height);
}

/** Exchanges left and right. */
export function mirrorPixels(pixels: Uint8Array, { width }: Size): Uint8Array {
  const rowBytes = width * channels;
  const mirrored = new Uint8Array(pixels.length);
  for (let start = 0; start < pixels.length; start += channels) {
    const inRow = start % rowBytes;
    const to = start - inRow + rowBytes - channels - inRow;
    for (let channel = 0; channel < channels; channel++)
      mirrored[to + channel] = pixels[start + channel]!;
  }
  return mirrored;
}

/**
 * For each output sample the input samples it mixes: `first`, `count`, and `count` weights of a
 * row of `stride`.
 */
interface Filter {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Int32Array;
  readonly stride: number;
}

function triangleFilter(inputLength: number, outputLength: number): Filter {
  const { shares, ...taps } = triangleShares(inputLength, outputLength);
  const weights = Int32Array.from(shares, (share) => Math.trunc(0.5 + share * 2 ** precisionBits));
  return { ...taps, weights };
}

/**
 * For each output sample the input samples it mixes, as in a `Filter`, and the share of each,
 * which add up to 1.
 */
export interface Shares extends Omit<Filter, 'weights'> {
  readonly shares: Float64Array;
}

/**
 * The antialiased triangle filter: its support grows with the scale, so that no input sample is
 * passed over.
 */
export function triangleShares(inputLength: number, outputLength: number): Shares {
  const scale = inputLength / outputLength;
  const support = Math.max(scale, 1);
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outputLength);
  const count = new Int32Array(outputLength);
  const shares = new Float64Array(outputLength * stride);
  const inverseSupport = 1 / support;
  for (let output = 0; output < outputLength; output++) {
    const centre = (output + 0.5) * scale;
    const start = Math.max(Math.trunc(centre - support + 0.5), 0);
    const length = Math.min(Math.trunc(centre + support + 0.5), inputLength) - start;
    let sum = 0;
    for (let tap = 0; tap < length; tap++) {
      const distance = Math.abs((tap + start - centre + 0.5) * inverseSupport);
      const share = distance < 1 ? 1 - distance : 0;
      shares[output * stride + tap] = share;
      sum += share;
    }
    for (let tap = output * stride; tap < output * stride + length; tap++) shares[tap]! /= sum;
    first[output] = start;
    count[output] = length;
  }
  return { first, count, shares, stride };
}

/** The part's rows, scaled to `width` pixels, tightly packed. */
function scaleRows(
  input: Uint8Array,
  offset: number,
  rowBytes: number,
  part: PixelBox,
  width: number,
): Uint8Array {
  const output = new Uint8Array(width * part.height * channels);
  if (width === part.width) {
    for (let row = 0; row < part.height; row++) {
      const start = offset + row * rowBytes;
      output.set(input.subarray(start, start + width * channels), row * width * channels);
    }
    return output;
  }
  const { first, count, weights, stride } = triangleFilter(part.width, width);
  const half = 1 << (precisionBits - 1);
  let to = 0;
  for (let row = 0; row < part.height; row++) {
    const rowStart = offset + row * rowBytes;
    for (let column = 0; column < width; column++) {
      let red = half;
      let green = half;
      let blue = half;
      let from = rowStart + first[column]! * channels;
      const firstWeight = column * stride;
      const lastWeight = firstWeight + count[column]!;
      for (let tap = firstWeight; tap < lastWeight; tap++) {
        const weight = weights[tap]!;
        red += Math.imul(input[from]!, weight);
        green += Math.imul(input[from + 1]!, weight);
        blue += Math.imul(input[from + 2]!, weight);
        from += channels;
      }
      output[to] = red >> precisionBits;
      output[to + 1] = green >> precisionBits;
      output[to + 2] = blue >> precisionBits;
      to += channels;
    }
  }
  return output;
}

/**
 * Rows of `rowBytes` bytes, scaled to `height` rows. Row by row, so that memory is read in order.
 */
function scaleColumns(
  input: Uint8Array,
  rowBytes: number,
  inputHeight: number,
  height: number,
): Uint8Array {
  if (height === inputHeight) return input;
  const { first, count, weights, stride } = triangleFilter(inputHeight, height);
  const output = new Uint8Array(rowBytes * height);
  const sums = new Int32Array(rowBytes);
  for (let row = 0; row < height; row++) {
    sums.fill(1 << (precisionBits - 1));
    for (let tap = 0; tap < count[row]!; tap++) {
      const weight = weights[row * stride + tap]!;
      const from = (first[row]! + tap) * rowBytes;
      for (let byte = 0; byte < rowBytes; byte++) {
        sums[byte] = sums[byte]! + Math.imul(input[from + byte]!, weight);
      }
    }
    const to = row * rowBytes;
    for (let byte = 0; byte < rowBytes; byte++) output[to + byte] = sums[byte]! >> precisionBits;
  }
  return output;
}

/**
 * For each of `outputLength` samples, the input sample that Pillow's NEAREST picks: the one under
 * the output pixel's centre. Positions are summed up step by step, as Pillow does, so that
 * rounding errors are the same too.
 */
export function nearestSources(inputLength: number, outputLength: number): Int32Array {
  const step = inputLength / outputLength;
  const sources = new Int32Array(outputLength);
  let position = step * 0.5;
  for (let output = 0; output < outputLength; output++) {
    sources[output] = Math.min(Math.floor(position), inputLength - 1);
    position += step;
  }
  return sources;
}
