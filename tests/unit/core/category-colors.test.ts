import { describe, expect, it } from 'vitest';
import { luminanceOf, nextCategoryColor, shadeOf } from '../../../core/category-colors.ts';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** How linear RGB looks: Machado, Oliveira and Fernandes 2009, severity 1. */
const sights: Readonly<Record<string, Matrix>> = {
  'all cones': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function times(matrix: Matrix, [x, y, z]: Triple): Triple {
  const [a, b, c] = matrix.map((row) => row[0] * x + row[1] * y + row[2] * z);
  return [a!, b!, c!];
}

function linear(color: string): Triple {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return [red!, green!, blue!];
}

/** Oklab, in which equal distances look equally far; here from 0 to 100. */
function oklab(rgb: Triple): Triple {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  );
  const [l, m, s] = cones.map(Math.cbrt);
  return times(
    [
      [21.04542553, 79.3617785, -0.40720468],
      [197.79984951, -242.8592205, 45.05937099],
      [2.59040371, 78.27717662, -80.8675766],
    ],
    [l!, m!, s!],
  );
}

/** How a colour looks, as a place in Oklab. */
function seen(color: string, sight: Matrix): Triple {
  const [red, green, blue] = times(sight, linear(color));
  const clamp = (part: number) => Math.min(1, Math.max(0, part));
  return oklab([clamp(red), clamp(green), clamp(blue)]);
}

function distance(a: Triple, b: Triple): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** The smallest distance between any two of the first colours. */
function closest(count: number, sight: Matrix): number {
  const places = Array.from({ length: count }, (_, index) => seen(nextCategoryColor(index), sight));
  const distances = places.flatMap((a, index) =>
    places.slice(index + 1).map((b) => distance(a, b)),
  );
  return Math.min(...distances);
}

describe.each(Object.entries(sights))('the colours of categories, seen with %s', (_, sight) => {
  it('are far apart while there are few', () => {
    expect(closest(8, sight)).toBeGreaterThan(12);
  });

  it('can be told apart when all twelve are used', () => {
    expect(closest(12, sight)).toBeGreaterThan(7.5);
  });

  it('are never alike for two that come one after the other, among 6,000', () => {
    const places = Array.from({ length: 6000 }, (_, index) =>
      seen(nextCategoryColor(index), sight),
    );
    const steps = places.slice(1).map((place, index) => distance(place, places[index]!));
    expect(Math.min(...steps)).toBeGreaterThan(7.5);
  });

  it('shade five regions of a category apart', () => {
    for (let category = 0; category < 200; category++) {
      const shades = Array.from({ length: 5 }, (_, index) =>
        seen(shadeOf(nextCategoryColor(category), index), sight),
      );
      const distances = shades.flatMap((a, index) =>
        shades.slice(index + 1).map((b) => distance(a, b)),
      );
      expect(Math.min(...distances), nextCategoryColor(category)).toBeGreaterThan(2.5);
    }
  });
});

describe('generated colours', () => {
  it('come only once among 6,000', () => {
    const colors = Array.from({ length: 6000 }, (_, index) => nextCategoryColor(index));
    expect(colors.every((color) => /^#[0-9a-f]{6}$/.test(color))).toBe(true);
    expect(6000 - new Set(colors).size).toBe(0);
  });

  it('keep the hue of the category in its regions, and the first region its very colour', () => {
    expect(shadeOf('#b91431', 0)).toBe('#b91431');
    expect(shadeOf('#b91431', 5)).toBe('#b91431');
    expect(luminanceOf(shadeOf('#b91431', 1))).toBeGreaterThan(luminanceOf('#b91431'));
    expect(luminanceOf(shadeOf('#b91431', 2))).toBeLessThan(luminanceOf('#b91431'));
    for (const index of [1, 2, 3, 4]) {
      const [red, green, blue] = linear(shadeOf('#b91431', index));
      expect(red).toBeGreaterThan(Math.max(green, blue));
    }
  });
});
