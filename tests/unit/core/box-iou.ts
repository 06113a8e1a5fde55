import type { Box } from '../../../core/geometry/shapes.ts';

/** IoU of two boxes, counted along each side. */
export function boxIou(a: Box, b: Box): number {
  const shared = (from: 0 | 1): number =>
    Math.max(
      0,
      Math.min(a[from] + a[from + 2]!, b[from] + b[from + 2]!) - Math.max(a[from], b[from]),
    );
  const both = shared(0) * shared(1);
  return both / (a[2] * a[3] + b[2] * b[3] - both);
}
