import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pointInGeometry } from '../../../core/geometry/region.ts';
import type { Box, Point, Ring } from '../../../core/geometry/shapes.ts';
import { polygonHandles } from '../../../renderer/canvas/polygon-handles.ts';
import { thinnedRing } from '../../../renderer/canvas/thinned-ring.ts';

/**
 * A ring around the middle of 1000 x 1000 pixels, whose vertices leave its circle by up to `noise`
 * pixels.
 */
function wave(vertices: number, noise: number): Ring {
  const ring: number[] = [];
  for (let index = 0; index < vertices; index++) {
    const angle = (2 * Math.PI * index) / vertices;
    const reach = 300 + noise * Math.sin(index * 12.9898);
    ring.push(500 + reach * Math.cos(angle), 500 + reach * Math.sin(angle));
  }
  return ring;
}

const whole: Box = [0, 0, 1000, 1000];

describe('the vertices that the picture of a ring needs', () => {
  it('are all of a ring that is not long', () => {
    const ring = wave(20_000, 3);
    expect(thinnedRing(ring, { screenPixel: 10, view: whole })).toBe(ring);
  });

  it.each([0, 3, 200])('are few of a million, with %s pixels of noise', (noise) => {
    const thinned = thinnedRing(wave(1_000_000, noise), { screenPixel: 1, view: whole });
    expect(thinned.length / 2).toBeLessThanOrEqual(20_001);
    expect(thinned.length / 2).toBeGreaterThan(1000);
  });

  it('show what is in view as all of them do', () => {
    const ring = wave(21_000, 0.5);
    const inside = (outer: Ring, at: Point) =>
      pointInGeometry({ kind: 'polygon', parts: [{ outer: [...outer], holes: [] }] }, at);
    const place = fc.integer({ min: 0, max: 900 });
    const side = fc.integer({ min: 20, max: 1000 });
    fc.assert(
      fc.property(place, place, side, fc.double({ min: 0.05, max: 2, noNaN: true }), (...look) => {
        const [x, y, width, screenPixel] = look;
        const view: Box = [x, y, width, width];
        const thinned = thinnedRing(ring, { screenPixel, view });
        for (let index = 0; index < 12; index++) {
          const at: Point = [x + (width * (index % 4)) / 3, y + (width * (index % 3)) / 2];
          // Within a few screen pixels of the line itself both may be right.
          const reach = Math.hypot(at[0] - 500, at[1] - 500);
          if (Math.abs(reach - 300) < 2 + 4 * screenPixel) continue;
          expect(inside(thinned, at)).toBe(inside(ring, at));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('are some of its own, in their order', () => {
    const ring = wave(60_000, 5);
    const thinned = thinnedRing(ring, { screenPixel: 1, view: [700, 400, 200, 200] });
    const places = new Map<string, number>();
    for (let index = 0; index < ring.length; index += 2)
      places.set(`${ring[index]} ${ring[index + 1]}`, index);
    const found = Array.from({ length: thinned.length / 2 }, (_, index) =>
      places.get(`${thinned[2 * index]} ${thinned[2 * index + 1]}`),
    );
    expect(found).not.toContain(undefined);
    expect(found).toEqual(found.toSorted((a, b) => a! - b!));
    expect(found.length).toBeLessThan(12_000);
  });
});

describe('the handles of a polygon', () => {
  it('are on its vertices and the middles of its edges', () => {
    const outer = [10, 10, 110, 10, 110, 40, 10, 40];
    const handles = polygonHandles([{ outer, holes: [] }], { screenPixel: 1, view: whole });
    expect(handles.vertices).toEqual([
      [10, 10],
      [110, 10],
      [110, 40],
      [10, 40],
    ]);
    expect(handles.edges).toEqual([
      [60, 10],
      [60, 40],
    ]);
  });

  it('are not too many to see, and only where the image is in view', () => {
    const parts = [{ outer: wave(1_000_000, 250), holes: [] }];
    const { vertices } = polygonHandles(parts, { screenPixel: 1, view: whole });
    expect(vertices.length).toBeGreaterThan(100);
    expect(vertices.length).toBeLessThanOrEqual(5000);
    const view: Box = [700, 400, 200, 200];
    const near = polygonHandles(parts, { screenPixel: 1, view }).vertices;
    for (const [x, y] of near) {
      expect(Math.abs(x - 800)).toBeLessThanOrEqual(109);
      expect(Math.abs(y - 500)).toBeLessThanOrEqual(109);
    }
    expect(near.length).toBeGreaterThan(10);
  });
});
