import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GuidedFilter } from '../../../../models/image/guided-filter.ts';

const size = { width: 16, height: 5 };
const area = size.width * size.height;

/**
 * The definition, window by window: ridge regression of values on colours, and the mean of the
 * fits over a pixel.
 */
function asDefined(
  pixels: Uint8Array,
  values: Float32Array,
  radius: number,
  epsilon: number,
): number[] {
  const color = (i: number) => [0, 1, 2].map((c) => pixels[3 * i + c]! / 255);
  const windowOf = (i: number) => {
    const [x, y] = [i % size.width, Math.floor(i / size.width)];
    return Array.from({ length: area }, (_, j) => j).filter((j) => {
      const [u, v] = [j % size.width, Math.floor(j / size.width)];
      return Math.abs(u - x) <= radius && Math.abs(v - y) <= radius;
    });
  };
  const mean = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const fits = Array.from({ length: area }, (_, i) => {
    const members = windowOf(i);
    const center = [0, 1, 2].map((c) => mean(members.map((j) => color(j)[c]!)));
    const valueMean = mean(members.map((j) => values[j]!));
    // Descent on the ridge problem, in closed steps along each channel until it stands still.
    const slope = [0, 0, 0];
    for (let round = 0; round < 100; round++) {
      for (let c = 0; c < 3; c++) {
        const centred = members.map((j) => color(j).map((value, k) => value - center[k]!));
        const rest = members.map(
          (j, at) =>
            values[j]! -
            valueMean -
            slope.reduce((sum, a, k) => sum + (k === c ? 0 : a * centred[at]![k]!), 0),
        );
        const own = mean(centred.map((value) => value[c]! ** 2)) + epsilon;
        slope[c] = mean(centred.map((value, at) => value[c]! * rest[at]!)) / own;
      }
    }
    return { slope, offset: valueMean - slope.reduce((sum, a, k) => sum + a * center[k]!, 0) };
  });
  return Array.from({ length: area }, (_, i) => {
    const around = windowOf(i).map((j) => fits[j]!);
    return mean(
      around.map(
        ({ slope, offset }) => offset + slope.reduce((sum, a, k) => sum + a * color(i)[k]!, 0),
      ),
    );
  });
}

describe('the guided filter', () => {
  it('is the mean of linear fits, as defined', () => {
    const pixels = Uint8Array.from({ length: 3 * area }, (_, i) => (i * 7919) % 256);
    const values = Float32Array.from({ length: area }, (_, i) => ((i * 31) % 17) / 16);
    const filtered = new GuidedFilter({ ...size, pixels }, { radius: 2, epsilon: 0.01 }).apply(
      values,
    );
    const wanted = asDefined(pixels, values, 2, 0.01);
    filtered.forEach((value, index) => expect(value).toBeCloseTo(wanted[index]!, 3));
  });

  it('changes nothing where all values are equal, whatever the image', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 3 * area, maxLength: 3 * area }),
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (pixels, radius, value) => {
          const values = new Float32Array(area).fill(value);
          const filtered = new GuidedFilter({ ...size, pixels }, { radius, epsilon: 0.001 }).apply(
            values,
          );
          for (const found of filtered) expect(found).toBeCloseTo(value, 3);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('moves a border onto the edge of the image beside it', () => {
    const isRight = (index: number, from: number) => index % size.width >= from;
    const pixels = new Uint8Array(3 * area).map((_, i) =>
      isRight(Math.floor(i / 3), 8) ? 220 : 30,
    );
    const values = new Float32Array(area).map((_, i) => (isRight(i, 10) ? 1 : 0));
    const filtered = new GuidedFilter({ ...size, pixels }, { radius: 6, epsilon: 0.0001 }).apply(
      values,
    );
    const wrong = filtered.filter((value, index) => value > 0.5 !== isRight(index, 8));
    expect(wrong).toHaveLength(0);
  });

  it('finds an edge within its cells where it computes on fewer cells', () => {
    const [width, height, step, edge] = [64, 32, 4, 30];
    const pixels = new Uint8Array(3 * width * height).map((_, i) =>
      Math.floor(i / 3) % width >= edge ? 220 : 30,
    );
    const options = { radius: 16, epsilon: 0.0001, step };
    const filter = new GuidedFilter({ width, height, pixels }, options);
    expect(filter.grid).toEqual({ width: 16, height: 8 });
    const values = new Float32Array(16 * 8).map((_, i) => (i % 16 >= 9 ? 1 : 0));
    const filtered = filter.apply(values);
    expect(filtered).toHaveLength(width * height);
    const wrong = filtered.filter((value, i) => value > 0.5 !== i % width >= edge);
    expect(wrong).toHaveLength(0);
  });
});
