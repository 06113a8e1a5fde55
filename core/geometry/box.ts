import type { Box } from './shapes.ts';

/** Whether two boxes share pixels; boxes that only touch do not. */
export function boxesOverlap(a: Box, b: Box): boolean {
  return a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];
}

/** Intersection over union of two boxes; 0 where both are empty. */
export function boxIou(a: Box, b: Box): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  const common = Math.max(width, 0) * Math.max(height, 0);
  const union = a[2] * a[3] + b[2] * b[3] - common;
  return union > 0 ? common / union : 0;
}
