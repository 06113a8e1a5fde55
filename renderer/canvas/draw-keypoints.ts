import type { Point } from '../../core/geometry/shapes.ts';
import { isLabelled } from '../../core/project/keypoints.ts';
import type { Keypoint, Skeleton } from '../../core/records.ts';
import type { Sight } from './thinned-ring.ts';

/** Draws in image coordinates. */
interface Pen extends Sight {
  readonly context: CanvasRenderingContext2D;
}

const haloColor = 'rgb(0 0 0 / 65%)';
const radiusPx = 4.5;

/**
 * Labelled keypoints: discs for visible ones, rings for hidden ones, and the lines of the skeleton
 * between them.
 * @param skeleton null where none fits
 */
export function drawKeypoints(
  keypoints: readonly Keypoint[],
  skeleton: Skeleton | null,
  color: string,
  { context, screenPixel }: Pen,
): void {
  const lines = new Path2D();
  for (const [from, to] of skeleton?.edges ?? []) {
    const [a, b] = [keypoints[from], keypoints[to]];
    if (!a || !b || !isLabelled(a) || !isLabelled(b)) continue;
    lines.moveTo(a[0], a[1]);
    lines.lineTo(b[0], b[1]);
  }
  context.save();
  context.lineCap = 'round';
  for (const [width, style] of [
    [4, haloColor],
    [2, color],
  ] as const) {
    context.lineWidth = width * screenPixel;
    context.strokeStyle = style;
    context.stroke(lines);
  }
  for (const [x, y, visibility] of keypoints.filter(isLabelled)) {
    context.beginPath();
    context.arc(x, y, radiusPx * screenPixel, 0, 2 * Math.PI);
    context.fillStyle = visibility === 2 ? color : '#ffffff';
    context.fill();
    context.lineWidth = (visibility === 2 ? 1.5 : 2.5) * screenPixel;
    context.strokeStyle = visibility === 2 ? '#ffffff' : color;
    context.stroke();
    context.beginPath();
    context.arc(x, y, (radiusPx + 1.5) * screenPixel, 0, 2 * Math.PI);
    context.lineWidth = screenPixel;
    context.strokeStyle = haloColor;
    context.stroke();
  }
  context.restore();
}

/** The name of what is to be set, beside the pointer. */
export function drawName(name: string, [x, y]: Point, { context, screenPixel }: Pen): void {
  context.save();
  context.translate(x, y);
  context.scale(screenPixel, screenPixel);
  context.font = '12px system-ui, sans-serif';
  const width = context.measureText(name).width + 12;
  context.fillStyle = 'rgb(16 20 26 / 85%)';
  context.beginPath();
  context.roundRect(14, -10, width, 20, 4);
  context.fill();
  context.fillStyle = '#ffffff';
  context.textBaseline = 'middle';
  context.fillText(name, 20, 0);
  context.restore();
}
