import type { Bitmap } from './shapes.ts';

/**
 * Moves the border of a mask to where the colours of the image change. Around the border, each
 * pixel is compared with the colours found inside and outside of the mask nearby (one Gaussian
 * each); a guided filter (He, Sun and Tang, Guided Image Filtering, 2010) lets neighbours of like
 * colour agree. Only pixels within the band change, and only where the colours tell inside from
 * outside, so where they do not the mask stays as it is.
 */

/** Colours are looked up in a window so many times the band's half width. */
const modelRadiusFactor = 3;
/**
 * Of the filter, against the range of colours from 0 to 1: smaller differences are smoothed over.
 */
const guidedEpsilon = 1e-3;
/** Variance of a colour channel (0 to 1) that noise and compression cause at least. */
const leastVariance = 4e-4;
/**
 * Colours must speak for a change at least so clearly, as a probability's distance from one half.
 */
const leastEvidence = 0.3;
/** A changed pixel stays changed when so many of its eight neighbours are like it. */
const leastNeighbours = 4;
const clearLikelihood = 6;
const tileSide = 512;

/**
 * @param mask pixels of the mask and its surroundings, at least `radius` wide where the image goes
 * on
 * @param rgba the image's pixels of the same size, 0 to 255, four bytes each
 * @param radius how far, in pixels, the border may move
 */
export function refineEdge(mask: Bitmap, rgba: Uint8ClampedArray, radius: number): Bitmap {
  const { width, height } = mask;
  const result = mask.data.slice();
  const guidedRadius = Math.max(1, Math.round(radius / 2));
  const halo = radius * (1 + modelRadiusFactor) + 2 * guidedRadius;
  for (let top = 0; top < height; top += tileSide) {
    for (let left = 0; left < width; left += tileSide) {
      const inner = {
        left,
        top,
        right: Math.min(left + tileSide, width),
        bottom: Math.min(top + tileSide, height),
      };
      const outer = {
        left: Math.max(0, inner.left - halo),
        top: Math.max(0, inner.top - halo),
        right: Math.min(width, inner.right + halo),
        bottom: Math.min(height, inner.bottom + halo),
      };
      refineTile(mask, rgba, radius, guidedRadius, inner, outer, result);
    }
  }
  return { width, height, data: withoutIslands(mask, withoutLoneChanges(mask, result)) };
}

interface Span {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function refineTile(
  mask: Bitmap,
  rgba: Uint8ClampedArray,
  radius: number,
  guidedRadius: number,
  inner: Span,
  outer: Span,
  result: Uint8Array,
): void {
  const tile = new Tile(outer.right - outer.left, outer.bottom - outer.top);
  const inside = tile.plane(
    (column, row) => mask.data[(outer.top + row) * mask.width + outer.left + column]!,
  );
  const share = tile.mean(inside, radius);
  if (!share.some((value) => value > 0 && value < 1)) return;

  const channels = [0, 1, 2].map((channel) =>
    tile.plane(
      (column, row) =>
        rgba[4 * ((outer.top + row) * mask.width + outer.left + column) + channel]! / 255,
    ),
  );
  // Deep pixels say more about their side's colours than those at the border that is in doubt.
  const insideWeights = tile.map((index) => inside[index]! * share[index]! ** 4);
  const outsideWeights = tile.map((index) => (1 - inside[index]!) * (1 - share[index]!) ** 4);
  const models = [
    colourModel(tile, insideWeights, channels, radius),
    colourModel(tile, outsideWeights, channels, radius),
  ] as const;
  const probability = tile.map((index) => {
    const likelihood = models[0](index) - models[1](index);
    const bounded = Math.min(Math.max(likelihood, -clearLikelihood), clearLikelihood);
    return Number.isNaN(bounded) ? 0.5 : 1 / (1 + Math.exp(-bounded));
  });
  const smooth = guidedFilter(
    tile,
    guideOf(tile, insideWeights, outsideWeights, channels),
    probability,
    guidedRadius,
  );

  for (let row = inner.top; row < inner.bottom; row++) {
    for (let column = inner.left; column < inner.right; column++) {
      const index = (row - outer.top) * tile.width + column - outer.left;
      const isInBand = share[index]! > 0 && share[index]! < 1;
      if (!isInBand || Math.abs(smooth[index]! - 0.5) < leastEvidence) continue;
      result[row * mask.width + column] = Number(smooth[index]! > 0.5);
    }
  }
}

/**
 * The colours seen along the way from the mean outside to the mean inside, where the two differ
 * most.
 */
function guideOf(
  tile: Tile,
  insideWeights: Float32Array,
  outsideWeights: Float32Array,
  channels: readonly Float32Array[],
): Float32Array {
  const way = channels.map(
    (channel) => weightedMean(channel, insideWeights) - weightedMean(channel, outsideWeights),
  );
  const length = Math.hypot(...way);
  // Without a difference, brightness.
  const direction = length > 0 ? way.map((part) => part / length) : [1 / 3, 1 / 3, 1 / 3];
  return tile.map((index) =>
    channels.reduce((sum, channel, place) => sum + direction[place]! * channel[index]!, 0),
  );
}

/** 0 without weights. */
function weightedMean(values: Float32Array, weights: Float32Array): number {
  let [sum, total] = [0, 0];
  for (let index = 0; index < values.length; index++) {
    sum += weights[index]! * values[index]!;
    total += weights[index]!;
  }
  return total > 0 ? sum / total : 0;
}

/**
 * The log-likelihood of each pixel's colour under a Gaussian of the weighted colours around it;
 * NaN where there are none.
 */
function colourModel(
  tile: Tile,
  weights: Float32Array,
  channels: readonly Float32Array[],
  radius: number,
): (index: number) => number {
  const window = radius * modelRadiusFactor;
  const total = tile.mean(weights, window);
  const means = channels.map((channel) =>
    tile.mean(
      tile.map((index) => weights[index]! * channel[index]!),
      window,
    ),
  );
  const squares = tile.mean(
    tile.map(
      (index) => weights[index]! * channels.reduce((sum, channel) => sum + channel[index]! ** 2, 0),
    ),
    window,
  );
  return (index) => {
    const weight = total[index]!;
    if (weight < 1e-6) return NaN;
    let squaredMean = 0;
    let squaredDistance = 0;
    channels.forEach((channel, place) => {
      const mean = means[place]![index]! / weight;
      squaredMean += mean * mean;
      squaredDistance += (channel[index]! - mean) ** 2;
    });
    const variance = Math.max((squares[index]! / weight - squaredMean) / 3, 0) + leastVariance;
    return -squaredDistance / (2 * variance) - 1.5 * Math.log(variance);
  };
}

function guidedFilter(
  tile: Tile,
  guide: Float32Array,
  input: Float32Array,
  radius: number,
): Float32Array {
  const meanGuide = tile.mean(guide, radius);
  const meanInput = tile.mean(input, radius);
  const meanProduct = tile.mean(
    tile.map((index) => guide[index]! * input[index]!),
    radius,
  );
  const meanSquare = tile.mean(
    tile.map((index) => guide[index]! ** 2),
    radius,
  );
  const slope = tile.map((index) => {
    const covariance = meanProduct[index]! - meanGuide[index]! * meanInput[index]!;
    const variance = meanSquare[index]! - meanGuide[index]! ** 2;
    return covariance / (variance + guidedEpsilon);
  });
  const offset = tile.map((index) => meanInput[index]! - slope[index]! * meanGuide[index]!);
  const meanSlope = tile.mean(slope, radius);
  const meanOffset = tile.mean(offset, radius);
  return tile.map((index) => meanSlope[index]! * guide[index]! + meanOffset[index]!);
}

/** Planes of numbers of one size, row by row. */
class Tile {
  readonly width: number;
  readonly height: number;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
  }

  plane(value: (column: number, row: number) => number): Float32Array {
    const plane = new Float32Array(this.width * this.height);
    for (let row = 0; row < this.height; row++) {
      for (let column = 0; column < this.width; column++) {
        plane[row * this.width + column] = value(column, row);
      }
    }
    return plane;
  }

  map(value: (index: number) => number): Float32Array {
    const plane = new Float32Array(this.width * this.height);
    for (let index = 0; index < plane.length; index++) plane[index] = value(index);
    return plane;
  }

  /**
   * The mean over the square of side 2 radius + 1 around each pixel, as much of it as lies in the
   * tile.
   */
  mean(plane: Float32Array, radius: number): Float32Array {
    const { width, height } = this;
    const alongRows = new Float64Array(width * height);
    for (let row = 0; row < height; row++)
      slidingMean(plane, alongRows, row * width, 1, width, radius);
    const means = new Float64Array(width * height);
    for (let column = 0; column < width; column++) {
      slidingMean(alongRows, means, column, width, height, radius);
    }
    return Float32Array.from(means);
  }
}

function slidingMean(
  values: ArrayLike<number>,
  means: Float64Array,
  start: number,
  stride: number,
  length: number,
  radius: number,
): void {
  let sum = 0;
  for (let place = 0; place < Math.min(radius, length); place++)
    sum += values[start + place * stride]!;
  for (let place = 0; place < length; place++) {
    if (place + radius < length) sum += values[start + (place + radius) * stride]!;
    if (place - radius > 0) sum -= values[start + (place - radius - 1) * stride]!;
    const first = Math.max(0, place - radius);
    const last = Math.min(length - 1, place + radius);
    means[start + place * stride] = sum / (last - first + 1);
  }
}

/** Changes that few neighbours share are noise of the image. */
function withoutLoneChanges(before: Bitmap, after: Uint8Array): Uint8Array {
  const { width, height, data } = before;
  const result = after.slice();
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const index = row * width + column;
      const value = after[index]!;
      if (value === data[index]) continue;
      let alike = -1;
      for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
          if (after[y * width + x] === value) alike++;
        }
      }
      if (alike < leastNeighbours) result[index] = data[index]!;
    }
  }
  return result;
}

/**
 * Changed pixels must be connected with earlier pixels of the same kind, so that no specks or pits
 * appear.
 */
function withoutIslands({ width, height, data }: Bitmap, after: Uint8Array): Uint8Array {
  const result = data.slice();
  const neighbours = (index: number): number[] => {
    const column = index % width;
    const near: number[] = [];
    if (column > 0) near.push(index - 1);
    if (column < width - 1) near.push(index + 1);
    if (index >= width) near.push(index - width);
    if (index < width * (height - 1)) near.push(index + width);
    return near;
  };
  const isGrown = (index: number, value: number) => data[index] === value && after[index] === value;
  const reached: number[] = [];
  const reach = (index: number) => {
    result[index] = after[index]!;
    reached.push(index);
  };
  for (let index = 0; index < data.length; index++) {
    const value = after[index]!;
    if (value === data[index]) continue;
    if (neighbours(index).some((near) => isGrown(near, value))) reach(index);
  }
  for (let index = reached.pop(); index !== undefined; index = reached.pop()) {
    const value = after[index]!;
    for (const near of neighbours(index)) {
      if (after[near] === value && result[near] !== value) reach(near);
    }
  }
  return result;
}
