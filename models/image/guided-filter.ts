import type { RgbPixels } from './resize.ts';
import type { Size } from './resize-rule.ts';

const channels = 3;

export interface GuidedFilterOptions {
  /** Half the side of a window, in pixels of the guide, without the middle. */
  readonly radius: number;
  /** How much a colour's variance (of channels from 0 to 1) must be to count as an edge. */
  readonly epsilon: number;
}

/**
 * Probabilities that follow the edges of the image beneath them: in every window of `radius`
 * pixels around a pixel they are fitted as a linear function of the colour, and each pixel gets
 * the mean of its windows' fits (He, Sun and Tang, Guided image filtering, 2013; with three
 * channels). The terms of the image alone are computed once, for any number of masks.
 */
export class GuidedFilter {
  readonly #options: GuidedFilterOptions;
  readonly #mean: BoxMean;
  readonly #colors: Triple;
  readonly #colorMeans: Triple;
  /** Covariances of the channels, pair by pair as in `colorPairs`. */
  readonly #among: readonly Float32Array[];

  constructor(guide: RgbPixels, options: GuidedFilterOptions) {
    this.#options = options;
    this.#mean = new BoxMean(guide, options.radius);
    this.#colors = colorIndices.map((channel) => channelOf(guide, channel)) as Triple;
    this.#colorMeans = this.#colors.map((color) => this.#mean.of(color)) as Triple;
    this.#among = colorPairs.map(([i, j]) =>
      this.#covariance(this.#colors[i], this.#colors[j], this.#colorMeans[i], this.#colorMeans[j]),
    );
  }

  /** Bytes that it holds. */
  get bytes(): number {
    const planes = [...this.#colors, ...this.#colorMeans, ...this.#among];
    return planes.reduce((sum, { byteLength }) => sum + byteLength, this.#mean.bytes);
  }

  /**
   * @param values one for each pixel of the guide, row by row
   * @returns as many, which may leave 0 to 1 by a little
   */
  apply(values: Float32Array): Float32Array {
    const valueMean = this.#mean.of(values);
    const withValues = this.#colors.map((color, channel) =>
      this.#covariance(color, values, this.#colorMeans[channel]!, valueMean),
    ) as Triple;
    const fits = this.#fit(withValues, valueMean);
    const [offset, red, green, blue] = fits.map((plane) => this.#mean.of(plane));
    const [reds, greens, blues] = this.#colors;
    const filtered = new Float32Array(values.length);
    for (let index = 0; index < filtered.length; index++) {
      filtered[index] =
        offset![index]! +
        red![index]! * reds[index]! +
        green![index]! * greens[index]! +
        blue![index]! * blues[index]!;
    }
    return filtered;
  }

  /** Of each pixel's window: the offset of its linear function, and the slope for each channel. */
  #fit([withReds, withGreens, withBlues]: Triple, valueMean: Float32Array): Float32Array[] {
    const [amongRR, amongRG, amongRB, amongGG, amongGB, amongBB] = this.#among;
    const [redMean, greenMean, blueMean] = this.#colorMeans;
    const { epsilon } = this.#options;
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

function channelOf({ pixels, width, height }: RgbPixels, channel: number): Float32Array {
  const plane = new Float32Array(width * height);
  for (let index = 0; index < plane.length; index++) {
    plane[index] = pixels[channels * index + channel]! / 255;
  }
  return plane;
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
