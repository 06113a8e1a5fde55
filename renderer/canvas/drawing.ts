import type { Box, Point } from '../../core/geometry/shapes.ts';
import type { PromptMark } from '../../core/prompt.ts';
import type { Draft } from '../editor/tools/tool.ts';

/** Draws in image coordinates; `screenPixel` is the size of one screen pixel in them. */
export interface Pen {
  readonly context: CanvasRenderingContext2D;
  readonly screenPixel: number;
}

const positiveColor = '#37c871';
const negativeColor = '#ff5d5d';
const draftColor = '#4da3ff';
const haloColor = 'rgb(0 0 0 / 65%)';

/** A coloured line on a dark halo, to be seen on any photo. */
export function drawOutline(path: Path2D, color: string, isStrong: boolean, pen: Pen): void {
  const { context, screenPixel } = pen;
  const width = isStrong ? 2 : 1.25;
  context.lineJoin = 'round';
  context.lineCap = 'square';
  context.strokeStyle = haloColor;
  context.lineWidth = (width + 2) * screenPixel;
  context.stroke(path);
  context.strokeStyle = color;
  context.lineWidth = width * screenPixel;
  context.stroke(path);
}

export function drawMark(mark: PromptMark, pen: Pen): void {
  switch (mark.kind) {
    case 'point':
      return drawPoint(mark.at, mark.positive, pen);
    case 'box':
      return drawBox(mark.box, pen);
    case 'scribble':
      return drawStroke(mark.points, mark.width, mark.positive, pen);
    case 'polygon':
    case 'mask':
      // Regions become marks only for descriptions; their own outline is on the canvas already.
      return undefined;
  }
}

export function drawDraft(draft: Draft, pen: Pen): void {
  switch (draft.kind) {
    case 'box':
      return drawBox(draft.box, pen);
    case 'scribble':
      return drawStroke(draft.points, draft.width, draft.positive, pen);
    case 'polygon':
      return drawPolygon(draft.points, draft.isClosing, pen);
  }
}

/** A disc with a plus or a minus, so that colour is not the only difference. */
function drawPoint([x, y]: Point, isPositive: boolean, { context, screenPixel }: Pen): void {
  const radius = 7 * screenPixel;
  const arm = 3.5 * screenPixel;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = isPositive ? positiveColor : negativeColor;
  context.fill();
  context.lineWidth = 1.5 * screenPixel;
  context.strokeStyle = '#ffffff';
  context.stroke();
  context.beginPath();
  context.moveTo(x - arm, y);
  context.lineTo(x + arm, y);
  if (isPositive) {
    context.moveTo(x, y - arm);
    context.lineTo(x, y + arm);
  }
  context.strokeStyle = '#10141a';
  context.lineWidth = 2 * screenPixel;
  context.lineCap = 'round';
  context.stroke();
}

function drawBox([x, y, width, height]: Box, pen: Pen): void {
  const path = new Path2D();
  path.rect(x, y, width, height);
  const { context, screenPixel } = pen;
  context.save();
  context.setLineDash([6 * screenPixel, 4 * screenPixel]);
  drawOutline(path, draftColor, false, pen);
  context.restore();
}

function drawStroke(
  points: readonly Point[],
  width: number,
  isPositive: boolean,
  { context }: Pen,
): void {
  context.save();
  context.globalAlpha *= 0.6;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.lineWidth = width;
  context.strokeStyle = isPositive ? positiveColor : negativeColor;
  context.beginPath();
  const [first, ...rest] = points;
  context.moveTo(first![0], first![1]);
  for (const [x, y] of rest.length > 0 ? rest : [first!]) context.lineTo(x, y);
  context.stroke();
  context.restore();
}

function drawPolygon(points: readonly Point[], isClosing: boolean, pen: Pen): void {
  const path = new Path2D();
  points.forEach(([x, y], index) => (index === 0 ? path.moveTo(x, y) : path.lineTo(x, y)));
  if (isClosing) path.closePath();
  drawOutline(path, draftColor, true, pen);
  const { context, screenPixel } = pen;
  points.forEach(([x, y], index) => {
    const radius = (index === 0 && isClosing ? 7 : 3.5) * screenPixel;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = index === 0 && isClosing ? draftColor : '#ffffff';
    context.fill();
    context.strokeStyle = haloColor;
    context.lineWidth = screenPixel;
    context.stroke();
  });
}
