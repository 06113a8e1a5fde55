import type { Box } from '../geometry/shapes.ts';

/** Distance of two boxes in pixels, between their nearest points; 0 where they touch or overlap. */
export function boxDistance(a: Box, b: Box): number {
  const gap = (axis: 0 | 1) => {
    const size = (axis + 2) as 2 | 3;
    return Math.max(a[axis] - (b[axis] + b[size]), b[axis] - (a[axis] + a[size]), 0);
  };
  return Math.hypot(gap(0), gap(1));
}
