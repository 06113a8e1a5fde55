import type { RgbPixels } from './resize.ts';
import type { Size } from './resize-rule.ts';

const channels = 3;

/**
 * Probabilities that follow the edges of the image beneath them: in every window of `radius`
 * pixels around a pixel they are fitted as a linear function of the colour, and each pixel gets
 * the mean of its windows' fits (He, Sun and Tang, Guided image filtering, 2013; with three
 * channels). Values may leave 0 to 1 by a little.
 * @param values one for each pixel of `guide`, row by row.
 * @param epsilon how much a colour's variance (of channels from 0 to 1) must be to count as an
 * edge.
 */
export function guidedFilter(
  guide: RgbPixels,
  values: Float32Array,
  { radius, epsilon }: { readonly radius: number; readonly epsilon: number },
): Float32Array {
  const mean = (plane: Float32Array) => boxMean(plane, guide, radius);
  const colors = [0, 1, 2].map((channel) =>
    values.map((_, index) => guide.pixels[channels * index + channel]! / 255),
  ) as Triple;
  const colorMeans = colors.map(mean) as Triple;
  const valueMean = mean(values);
  const covariance = (a: Float32Array, b: Float32Array, aMean: Float32Array, bMean: Float32Array) =>
    mean(a.map((value, index) => value * b[index]!)).map(
      (product, index) => product - aMean[index]! * bMean[index]!,
    );
  const withValues = colors.map((color, i) =>
    covariance(color, values, colorMeans[i]!, valueMean),
  ) as Triple;
  const among = colorPairs.map(([i, j]) =>
    covariance(colors[i], colors[j], colorMeans[i], colorMeans[j]),
  );

  const slopes = colors.map(() => new Float32Array(values.length)) as Triple;
  const offset = new Float32Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const [rr, rg, rb, gg, gb, bb] = among.map((plane) => plane[index]!) as Six;
    const right = withValues.map((plane) => plane[index]!) as [number, number, number];
    const symmetric: Six = [rr + epsilon, rg, rb, gg + epsilon, gb, bb + epsilon];
    const fit = solveSymmetric(symmetric, right);
    offset[index] = valueMean[index]!;
    for (let channel = 0; channel < channels; channel++) {
      slopes[channel]![index] = fit[channel]!;
      offset[index]! -= fit[channel]! * colorMeans[channel]![index]!;
    }
  }
  const [red, green, blue] = slopes.map(mean) as Triple;
  return mean(offset).map(
    (value, index) =>
      value +
      red[index]! * colors[0][index]! +
      green[index]! * colors[1][index]! +
      blue[index]! * colors[2][index]!,
  );
}

type Triple = [Float32Array, Float32Array, Float32Array];
/** The upper triangle of a symmetric 3 x 3 matrix, row by row. */
type Six = [number, number, number, number, number, number];
const colorPairs = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 1],
  [1, 2],
  [2, 2],
] as const;

/** The solution of a symmetric, positive definite system, by its adjugate. */
function solveSymmetric(
  [a, b, c, d, e, f]: Six,
  [x, y, z]: readonly [number, number, number],
): [number, number, number] {
  const [aa, ab, ac] = [d * f - e * e, c * e - b * f, b * e - c * d];
  const [bb, bc, cc] = [a * f - c * c, b * c - a * e, a * d - b * b];
  const determinant = a * aa + b * ab + c * ac;
  return [
    (aa * x + ab * y + ac * z) / determinant,
    (ab * x + bb * y + bc * z) / determinant,
    (ac * x + bc * y + cc * z) / determinant,
  ];
}

/**
 * The mean over the square of `radius` pixels around each pixel, as far as it lies in the plane.
 */
function boxMean(plane: Float32Array, { width, height }: Size, radius: number): Float32Array {
  const rows = new Float32Array(plane.length);
  for (let row = 0; row < height; row++) slideSum(plane, rows, row * width, 1, width, radius);
  const sums = new Float32Array(plane.length);
  for (let column = 0; column < width; column++) {
    slideSum(rows, sums, column, width, height, radius);
  }
  const across = windowLengths(width, radius);
  const down = windowLengths(height, radius);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      sums[row * width + column]! /= across[column]! * down[row]!;
    }
  }
  return sums;
}

/** Sums over windows of `radius` along a line of `count` values that are `step` apart. */
function slideSum(
  from: Float32Array,
  to: Float32Array,
  start: number,
  step: number,
  count: number,
  radius: number,
): void {
  let sum = 0;
  for (let at = 0; at < Math.min(radius, count); at++) sum += from[start + at * step]!;
  for (let at = 0; at < count; at++) {
    if (at + radius < count) sum += from[start + (at + radius) * step]!;
    if (at - radius > 0) sum -= from[start + (at - radius - 1) * step]!;
    to[start + at * step] = sum;
  }
}

function windowLengths(count: number, radius: number): Int32Array {
  return Int32Array.from({ length: count }, (_, at) => {
    return Math.min(at + radius, count - 1) - Math.max(at - radius, 0) + 1;
  });
}
