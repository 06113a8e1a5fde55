import { difference, intersection, union, xor, type Geom } from 'polyclip-ts';
import type { Part, Ring } from './shapes.ts';

/** Set operations on regions. */
export const partOperations = ['union', 'subtract', 'intersect', 'exclude'] as const;
export type PartOperation = (typeof partOperations)[number];

/**
 * A set operation on two regions given as vectors; the result is exact vectors too, and does not
 * overlap itself. Parts that meet along an edge become one. Empty when nothing is left.
 */
export function combineParts(
  a: readonly Part[],
  b: readonly Part[],
  operation: PartOperation,
): Part[] {
  return apply(operation, toMultiPolygon(a), toMultiPolygon(b)).map(([outer, ...holes]) => ({
    outer: toRing(outer!),
    holes: holes.map(toRing),
  }));
}

type Pair = [number, number];
type MultiPolygon = Pair[][][];

function apply(operation: PartOperation, a: Geom, b: Geom): MultiPolygon {
  switch (operation) {
    case 'union':
      return union(a, b);
    case 'subtract':
      return difference(a, b);
    case 'intersect':
      return intersection(a, b);
    case 'exclude':
      return xor(a, b);
  }
}

function toMultiPolygon(parts: readonly Part[]): MultiPolygon {
  return parts.map(({ outer, holes }) => [outer, ...holes].map(toPairs));
}

function toPairs(ring: Ring): Pair[] {
  return Array.from({ length: ring.length / 2 }, (_, index) => [
    ring[2 * index]!,
    ring[2 * index + 1]!,
  ]);
}

/** The library repeats the first vertex at the end; our rings do not. */
function toRing(pairs: readonly Pair[]): Ring {
  return pairs.slice(0, -1).flat();
}
