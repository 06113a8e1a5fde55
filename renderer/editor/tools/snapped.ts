import type { Point } from '../../../core/geometry/shapes.ts';
import type { RecordId } from '../../../core/records.ts';
import { clampPoint } from './bounds.ts';
import type { ToolContext, ToolPointer } from './tool.ts';

/** Vertices and borders catch the pointer within this distance on the screen. */
const snapReachPx = 8;

/**
 * Where a vertex comes to lie: in the image, and on a neighbour's outline when that is near; Ctrl
 * lets go of it.
 * @param own the region whose vertex it is
 */
export function snapped(
  pointer: ToolPointer,
  context: ToolContext,
  own: RecordId | null = null,
): Point {
  const at = clampPoint(pointer.at, context.imageSize);
  if (!context.options.isSnapping || pointer.ctrl) return at;
  return context.snap(at, snapReachPx * pointer.screenPixel, own);
}
