import { triangleShares, type RgbPixels, type Shares } from './resize.ts';
import type { Size } from './resize-rule.ts';

const channels = 3;

/**
 * Scales a whole image with the antialiased bilinear filter, without rounding to whole numbers:
 * bytes as floats, in rows, as torch's `interpolate(mode='bilinear', antialias=True)` gives them.
 */
export function resizeBilinearFloat(image: RgbPixels, size: Size): Float32Array {
  const rows = scaleRows(image, triangleShares(image.width, size.width), size.width);
  return scaleColumns(rows, size.width * channels, triangleShares(image.height, size.height), size);
}

function scaleRows(
  { pixels, width: inputWidth, height }: RgbPixels,
  { first, count, shares, stride }: Shares,
  width: number,
): Float32Array {
  const output = new Float32Array(width * height * channels);
  let to = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let [red, green, blue] = [0, 0, 0];
      let from = (row * inputWidth + first[column]!) * channels;
      const last = column * stride + count[column]!;
      for (let tap = column * stride; tap < last; tap++) {
        const share = shares[tap]!;
        red += pixels[from]! * share;
        green += pixels[from + 1]! * share;
        blue += pixels[from + 2]! * share;
        from += channels;
      }
      output[to] = red;
      output[to + 1] = green;
      output[to + 2] = blue;
      to += channels;
    }
  }
  return output;
}

function scaleColumns(
  input: Float32Array,
  rowLength: number,
  { first, count, shares, stride }: Shares,
  { height }: Size,
): Float32Array {
  const output = new Float32Array(rowLength * height);
  for (let row = 0; row < height; row++) {
    const sums = output.subarray(row * rowLength, (row + 1) * rowLength);
    for (let tap = 0; tap < count[row]!; tap++) {
      const share = shares[row * stride + tap]!;
      const from = (first[row]! + tap) * rowLength;
      for (let index = 0; index < rowLength; index++) sums[index]! += input[from + index]! * share;
    }
  }
  return output;
}
