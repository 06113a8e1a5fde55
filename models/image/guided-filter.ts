import { triangleShares, type RgbPixels } from './resize.ts';
import type { Size } from './resize-rule.ts';

const channels = 3;

export interface GuidedFilterOptions {
  /** Half the side of a window, in pixels of the guide, without the middle. */
  readonly radius: number;
  /** How much a colour's variance (of channels from 0 to 1) must be to count as an edge. */
  readonly epsilon: number;
  /**
   * Side, in pixels of the guide, of the squares whose mean colours the fits are computed with;
   * absent = 1. It divides both sides of the guide.
   */
  readonly step?: number;
}

/**
 * Probabilities that follow the edges of the image beneath them: in every window of `radius`
 * pixels around a pixel they are fitted as a linear function of the colour, and each pixel gets
 * the mean of its windows' fits (He, Sun and Tang, Guided image filtering, 2013; with three
 * channels). With a `step` the fits are computed on a smaller image, and their means, which change
 * slowly, are enlarged (He and Sun, Fast guided filter, arXiv 1505.00996). The terms of the image
 * alone are computed once, for any number of masks.
 */
export class GuidedFilter {
  /** The size of the values that it takes: that of the guide, divided by the step. */
  readonly grid: Size;
  readonly #guide: RgbPixels;
  readonly #epsilon: number;
  readonly #mean: BoxMean;
  readonly #colors: Triple;
  readonly #colorMeans: Triple;
  /** Covariances of the channels, pair by pair as in `colorPairs`. */
  readonly #among: readonly Float32Array[];

  constructor(guide: RgbPixels, { radius, epsilon, step = 1 }: GuidedFilterOptions) {
    this.grid = { width: guide.width / step, height: guide.height / step };
    this.#guide = guide;
    this.#epsilon = epsilon;
    this.#mean = new BoxMean(this.grid, Math.round(radius / step));
    this.#colors = meanColors(guide, this.grid, step);
    this.#colorMeans = this.#colors.map((color) => this.#mean.of(color)) as Triple;
    this.#among = colorPairs.map(([i, j]) =>
      this.#covariance(this.#colors[i], this.#colors[j], this.#colorMeans[i], this.#colorMeans[j]),
    );
  }

  /** Bytes that it holds. */
  get bytes(): number {
    const planes = [...this.#colors, ...this.#colorMeans, ...this.#among];
    const fixed = this.#mean.bytes + this.#guide.pixels.byteLength;
    return planes.reduce((sum, { byteLength }) => sum + byteLength, fixed);
  }

  /**
   * @param values one for each cell of `grid`, row by row
   * @returns one for each pixel of the guide, which may leave 0 to 1 by a little
   */
  apply(values: Float32Array): Float32Array {
    const valueMean = this.#mean.of(values);
    const withValues = this.#colors.map((color, channel) =>
      this.#covariance(color, values, this.#colorMeans[channel]!, valueMean),
    ) as Triple;
    const fits = this.#fit(withValues, valueMean);
    return this.#evaluate(fits.map((plane) => this.#mean.of(plane)));
  }

  /** The values of the grid's linear functions, interpolated, for the colours of the guide. */
  #evaluate(fits: readonly Float32Array[]): Float32Array {
    const { width, height, pixels } = this.#guide;
    const columns = neighbours(this.grid.width, width);
    const rows = neighbours(this.grid.height, height);
    const [offsets, reds, greens, blues] = fits.map((plane) => widen(plane, columns)) as [
      ...Triple,
      Float32Array,
    ];
    const filtered = new Float32Array(width * height);
    let to = 0;
    for (let y = 0; y < height; y++) {
      const weight = rows.weight[y]!;
      let above = rows.low[y]! * width;
      let below = rows.high[y]! * width;
      for (let x = 0; x < width; x++) {
        const offset = offsets[above]! + (offsets[below]! - offsets[above]!) * weight;
        const red = reds[above]! + (reds[below]! - reds[above]!) * weight;
        const green = greens[above]! + (greens[below]! - greens[above]!) * weight;
        const blue = blues[above]! + (blues[below]! - blues[above]!) * weight;
        const from = channels * to;
        const colored = red * pixels[from]! + green * pixels[from + 1]! + blue * pixels[from + 2]!;
        filtered[to] = offset + colored / 255;
        above++;
        below++;
        to++;
      }
    }
    return filtered;
  }

  /** Of each pixel's window: the offset of its linear function, and the slope for each channel. */
  #fit([withReds, withGreens, withBlues]: Triple, valueMean: Float32Array): Float32Array[] {
    const [amongRR, amongRG, amongRB, amongGG, amongGB, amongBB] = this.#among;
    const [redMean, greenMean, blueMean] = this.#colorMeans;
    const epsilon = this.#epsilon;
    const count = valueMean.length;
    const offset = new Float32Array(count);
    const [red, green, blue] = [1, 2, 3].map(() => new Float32Array(count)) as Triple;
    for (let index = 0; index < count; index++) {
      // The solution of a symmetric, positive definite system, by its adjugate.
      const a = amongRR![index]! + epsilon;
      const b = amongRG![index]!;
      const c = amongRB![index]!;
      const d = amongGG![index]! + epsilon;
      const e = amongGB![index]!;
      const f = amongBB![index]! + epsilon;
      const aa = d * f - e * e;
      const ab = c * e - b * f;
      const ac = b * e - c * d;
      const bc = b * c - a * e;
      const determinant = a * aa + b * ab + c * ac;
      const x = withReds[index]!;
      const y = withGreens[index]!;
      const z = withBlues[index]!;
      const redSlope = (aa * x + ab * y + ac * z) / determinant;
      const greenSlope = (ab * x + (a * f - c * c) * y + bc * z) / determinant;
      const blueSlope = (ac * x + bc * y + (a * d - b * b) * z) / determinant;
      red[index] = redSlope;
      green[index] = greenSlope;
      blue[index] = blueSlope;
      const withoutRed = Math.fround(valueMean[index]! - redSlope * redMean[index]!);
      const withoutGreen = Math.fround(withoutRed - greenSlope * greenMean[index]!);
      offset[index] = withoutGreen - blueSlope * blueMean[index]!;
    }
    return [offset, red, green, blue];
  }

  #covariance(
    a: Float32Array,
    b: Float32Array,
    aMean: Float32Array,
    bMean: Float32Array,
  ): Float32Array {
    const products = new Float32Array(a.length);
    for (let index = 0; index < products.length; index++) products[index] = a[index]! * b[index]!;
    const covariance = this.#mean.of(products);
    for (let index = 0; index < covariance.length; index++) {
      covariance[index]! -= aMean[index]! * bMean[index]!;
    }
    return covariance;
  }
}

type Triple = [Float32Array, Float32Array, Float32Array];
const colorIndices = [0, 1, 2] as const;
/** The upper triangle of a symmetric 3 x 3 matrix, row by row. */
const colorPairs = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 1],
  [1, 2],
  [2, 2],
] as const;

/** The mean of each channel, 0 to 1, over the square of each cell. */
function meanColors({ pixels, width }: RgbPixels, grid: Size, step: number): Triple {
  const planes = colorIndices.map(() => new Float32Array(grid.width * grid.height)) as Triple;
  const [reds, greens, blues] = planes;
  const whole = 255 * step * step;
  for (let row = 0, cell = 0; row < grid.height; row++) {
    for (let column = 0; column < grid.width; column++, cell++) {
      let [red, green, blue] = [0, 0, 0];
      for (let y = row * step; y < (row + 1) * step; y++) {
        const start = channels * (y * width + column * step);
        for (let from = start; from < start + channels * step; from += channels) {
          red += pixels[from]!;
          green += pixels[from + 1]!;
          blue += pixels[from + 2]!;
        }
      }
      reds[cell] = red / whole;
      greens[cell] = green / whole;
      blues[cell] = blue / whole;
    }
  }
  return planes;
}

/** For each sample, the two of a shorter row that it lies between, and the second's weight. */
interface Neighbours {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly weight: Float32Array;
}

function neighbours(length: number, count: number): Neighbours {
  const { first, count: taps, shares, stride } = triangleShares(length, count);
  const high = first.map((low, sample) => low + taps[sample]! - 1);
  const weight = Float32Array.from(first, (low, sample) =>
    high[sample] === low ? 0 : shares[sample * stride + 1]!,
  );
  return { low: first, high, weight };
}

/** A plane with its rows interpolated between their samples. */
function widen(plane: Float32Array, { low, high, weight }: Neighbours): Float32Array {
  const width = low.length;
  const length = high[width - 1]! + 1;
  const widened = new Float32Array((plane.length / length) * width);
  for (let start = 0, to = 0; start < plane.length; start += length) {
    for (let column = 0; column < width; column++, to++) {
      const value = plane[start + low[column]!]!;
      widened[to] = value + (plane[start + high[column]!]! - value) * weight[column]!;
    }
  }
  return widened;
}

/**
 * The mean over the square of `radius` pixels around each pixel, as far as it lies in the plane.
 */
class BoxMean {
  readonly #size: Size;
  readonly #radius: number;
  readonly #across: Int32Array;
  readonly #down: Int32Array;
  /** Sums along rows, one for each pixel. */
  readonly #rows: Float32Array;
  readonly #columnSums: Float64Array;

  constructor(size: Size, radius: number) {
    this.#size = size;
    this.#radius = radius;
    this.#across = windowLengths(size.width, radius);
    this.#down = windowLengths(size.height, radius);
    this.#rows = new Float32Array(size.width * size.height);
    this.#columnSums = new Float64Array(size.width);
  }

  get bytes(): number {
    return this.#rows.byteLength;
  }

  of(plane: Float32Array): Float32Array {
    const { width, height } = this.#size;
    const [radius, rows, sums] = [this.#radius, this.#rows, this.#columnSums];
    for (let row = 0; row < height; row++) slideSum(plane, rows, row * width, width, radius);
    sums.fill(0);
    for (let row = 0; row < Math.min(radius, height); row++) addRow(sums, rows, row * width, 1);
    const means = new Float32Array(plane.length);
    for (let row = 0; row < height; row++) {
      if (row + radius < height) addRow(sums, rows, (row + radius) * width, 1);
      if (row - radius > 0) addRow(sums, rows, (row - radius - 1) * width, -1);
      const start = row * width;
      const down = this.#down[row]!;
      for (let column = 0; column < width; column++) {
        means[start + column] = Math.fround(sums[column]!) / (this.#across[column]! * down);
      }
    }
    return means;
  }
}

function addRow(sums: Float64Array, from: Float32Array, start: number, sign: 1 | -1): void {
  for (let column = 0; column < sums.length; column++) {
    sums[column]! += sign * from[start + column]!;
  }
}

/** Sums over windows of `radius` along `count` values of a row. */
function slideSum(
  from: Float32Array,
  to: Float32Array,
  start: number,
  count: number,
  radius: number,
): void {
  let sum = 0;
  for (let at = 0; at < Math.min(radius, count); at++) sum += from[start + at]!;
  for (let at = 0; at < count; at++) {
    if (at + radius < count) sum += from[start + at + radius]!;
    if (at - radius > 0) sum -= from[start + at - radius - 1]!;
    to[start + at] = sum;
  }
}

function windowLengths(count: number, radius: number): Int32Array {
  return Int32Array.from({ length: count }, (_, at) => {
    return Math.min(at + radius, count - 1) - Math.max(at - radius, 0) + 1;
  });
}
