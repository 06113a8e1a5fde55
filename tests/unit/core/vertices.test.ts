import { describe, expect, test } from 'vitest';
import type { Part } from '../../../core/geometry/shapes.ts';
import {
  insertVertex,
  moveVertex,
  nearestEdge,
  nearestVertex,
  nextVertex,
  removeVertex,
  vertexAt,
} from '../../../core/geometry/vertices.ts';

const donut: Part = {
  outer: [0, 0, 30, 0, 30, 30, 0, 30],
  holes: [[10, 10, 10, 20, 20, 20]],
};
const island: Part = { outer: [40, 0, 50, 0, 45, 10], holes: [] };
const parts = [donut, island];
const inHole = { part: 0, ring: 1, vertex: 2 };

describe('vertices', () => {
  test('move, in holes too, and leave the rest alone', () => {
    const moved = moveVertex(parts, inHole, [21.5, 22]);
    expect(moved).toEqual([{ ...donut, holes: [[10, 10, 10, 20, 21.5, 22]] }, island]);
    expect(donut.holes[0]).toEqual([10, 10, 10, 20, 20, 20]);
  });

  test('are put in behind another, at the end of a ring too', () => {
    const last = { part: 1, ring: 0, vertex: 2 };
    expect(insertVertex(parts, last, [42, 5])[1]!.outer).toEqual([40, 0, 50, 0, 45, 10, 42, 5]);
    expect(vertexAt(parts, nextVertex(parts, last))).toEqual([40, 0]);
  });

  test('are taken out until a ring has no inside any more', () => {
    const place = { part: 0, ring: 0, vertex: 1 };
    expect(removeVertex(parts, place)[0]!.outer).toEqual([0, 0, 30, 30, 0, 30]);
    expect(removeVertex(parts, inHole)).toEqual([{ ...donut, holes: [] }, island]);
    expect(removeVertex(parts, { part: 1, ring: 0, vertex: 0 })).toEqual([donut]);
    expect(removeVertex([island], { part: 0, ring: 0, vertex: 0 })).toEqual([]);
  });

  test('are found near a point, the nearest first', () => {
    expect(nearestVertex(parts, [19, 18], 5)).toEqual(inHole);
    expect(nearestVertex(parts, [25, 15], 5)).toBeNull();
  });

  test('bound edges that are found near a point, the closing one too', () => {
    expect(nearestEdge(parts, [1, 14], 2)).toEqual({
      from: { part: 0, ring: 0, vertex: 3 },
      at: [0, 14],
    });
    expect(nearestEdge(parts, [5, 5], 2)).toBeNull();
  });
});
