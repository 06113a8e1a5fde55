import type { Bitmap } from './shapes.ts';

/**
 * For each pixel the squared Euclidean distance between its centre and the nearest pixel outside
 * the mask, 0 outside; exact. Row-major. The mask must have at least one pixel outside in each row
 * that it touches (a border of zeros will do). Felzenszwalb and Huttenlocher, Distance Transforms
 * of Sampled Functions: first along the rows, then the lower envelope of one parabola for each row
 * down the columns.
 */
export function squaredDistances({ width, height, data }: Bitmap): Float64Array {
  const alongRows = new Float64Array(width * height);
  for (let row = 0; row < height; row++) distancesInRow(data, row * width, width, alongRows);

  const result = new Float64Array(width * height);
  const vertices = new Int32Array(height);
  const borders = new Float64Array(height + 1);
  for (let column = 0; column < width; column++) {
    const squaredInRow = (row: number): number => alongRows[row * width + column]! ** 2;
    let last = 0;
    vertices[0] = 0;
    borders[0] = -Infinity;
    for (let row = 1; row < height; row++) {
      let border = meeting(vertices[last]!, row, squaredInRow);
      while (border <= borders[last]!) border = meeting(vertices[--last]!, row, squaredInRow);
      vertices[++last] = row;
      borders[last] = border;
    }
    borders[last + 1] = Infinity;
    let current = 0;
    for (let row = 0; row < height; row++) {
      while (borders[current + 1]! < row) current++;
      const vertex = vertices[current]!;
      result[row * width + column] = (row - vertex) ** 2 + squaredInRow(vertex);
    }
  }
  return result;
}

/** Where the parabolas that stand at two rows meet. */
function meeting(first: number, second: number, heightAt: (row: number) => number): number {
  return (
    (heightAt(second) + second * second - heightAt(first) - first * first) / (2 * (second - first))
  );
}

/** Distance of each pixel to the nearest zero in its own row. */
function distancesInRow(
  data: Uint8Array,
  start: number,
  width: number,
  distances: Float64Array,
): void {
  let distance = width;
  for (let index = start; index < start + width; index++) {
    distance = data[index] ? distance + 1 : 0;
    distances[index] = distance;
  }
  for (let index = start + width - 1; index >= start; index--) {
    distance = data[index] ? distance + 1 : 0;
    distances[index] = Math.min(distances[index]!, distance);
  }
}
