import type { Box, Part, Point } from '../../core/geometry/shapes.ts';
import { ringsOf } from '../../core/geometry/vertices.ts';
import type { PromptMark } from '../../core/prompt.ts';
import type { Annotation } from '../../core/records.ts';
import type { Size } from '../editor/tools/bounds.ts';
import { boxGrips, middleOf } from '../editor/tools/grips.ts';
import type { Draft, VectorGeometry } from '../editor/tools/tool.ts';
import { vectorPath } from './geometry-path.ts';
import { annotationShape } from './region-shapes.ts';

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

/** How regions look while they are dragged: as those that are not. */
export interface DraftFill {
  readonly colorOf: (annotation: Annotation) => string;
  readonly opacity: number;
  /** Device pixels along the side of an image pixel. */
  readonly scale: number;
}

export function drawDraft(draft: Draft, fill: DraftFill, pen: Pen): void {
  switch (draft.kind) {
    case 'box':
      return drawBox(draft.box, pen);
    case 'scribble':
      return drawStroke(draft.points, draft.width, draft.positive, pen);
    case 'polygon':
      return drawPolygon(draft.points, draft.isClosing, pen);
    case 'brush':
      if (draft.points.length > 0) drawStroke(draft.points, draft.width, !draft.erases, pen);
      return drawBrush(draft.at, draft.width, draft.erases, pen);
    case 'crop':
      return drawCrop(draft.box, draft.image, pen);
    case 'grip':
      return drawGrip(draft.at, pen);
    case 'moved':
      return drawMoved(draft.annotations, draft.by, fill, pen);
    case 'reshaped':
      return drawReshaped(draft.geometry, fill.colorOf(draft.annotation), fill, pen);
  }
}

/** Darkens what the model is not shown. */
function drawCrop(box: Box, { width, height }: Size, pen: Pen): void {
  const shade = new Path2D();
  shade.rect(0, 0, width, height);
  shade.rect(...box);
  pen.context.fillStyle = 'rgb(0 0 0 / 50%)';
  pen.context.fill(shade, 'evenodd');
  drawBox(box, pen);
}

/** The circle that a brush covers; dashed when it takes away. */
function drawBrush([x, y]: Point, width: number, erases: boolean, pen: Pen): void {
  const path = new Path2D();
  path.arc(x, y, width / 2, 0, 2 * Math.PI);
  const { context, screenPixel } = pen;
  context.save();
  if (erases) context.setLineDash([4 * screenPixel, 4 * screenPixel]);
  drawOutline(path, '#ffffff', false, pen);
  context.restore();
}

function drawGrip([x, y]: Point, { context, screenPixel }: Pen): void {
  context.beginPath();
  context.arc(x, y, 7 * screenPixel, 0, 2 * Math.PI);
  context.lineWidth = 2.5 * screenPixel;
  context.strokeStyle = draftColor;
  context.stroke();
}

function drawMoved(
  annotations: readonly Annotation[],
  [dx, dy]: Point,
  { colorOf, opacity, scale }: DraftFill,
  pen: Pen,
): void {
  const { context } = pen;
  context.save();
  context.translate(dx, dy);
  for (const annotation of annotations) {
    const color = colorOf(annotation);
    context.globalAlpha = opacity;
    annotationShape(annotation).fill(context, color, scale);
    context.globalAlpha = 1;
    drawOutline(annotationShape(annotation).outline, color, true, pen);
  }
  context.restore();
}

function drawReshaped(
  geometry: VectorGeometry,
  color: string,
  { opacity }: DraftFill,
  pen: Pen,
): void {
  const { context } = pen;
  const path = vectorPath(geometry);
  context.save();
  context.globalAlpha = opacity;
  context.fillStyle = color;
  context.fill(path, 'evenodd');
  context.restore();
  drawOutline(path, color, true, pen);
  drawHandles(geometry, pen);
}

/** Squares on vertices and corners, dots where a new vertex can be dragged out of an edge. */
export function drawHandles(geometry: VectorGeometry, pen: Pen): void {
  const handles = new Path2D();
  const middles = new Path2D();
  if (geometry.kind === 'box') {
    for (const { at } of boxGrips(geometry.box)) addSquare(handles, at, pen);
  } else {
    geometry.parts.forEach((part, index) =>
      addPartHandles(part, index, geometry, handles, middles, pen),
    );
  }
  const { context, screenPixel } = pen;
  context.lineWidth = screenPixel;
  context.strokeStyle = haloColor;
  for (const path of [middles, handles]) {
    context.fillStyle = path === handles ? '#ffffff' : draftColor;
    context.fill(path);
    context.stroke(path);
  }
}

/** Vertices nearer than this on the screen to the one drawn before get no handle of their own. */
const handleSpacingPx = 9;

function addPartHandles(
  outline: Part,
  part: number,
  { parts }: VectorGeometry & { kind: 'polygon' },
  handles: Path2D,
  middles: Path2D,
  pen: Pen,
): void {
  const spacing = handleSpacingPx * pen.screenPixel;
  ringsOf(outline).forEach((coordinates, ring) => {
    let before: Point = [Infinity, Infinity];
    for (let vertex = 0; vertex < coordinates.length / 2; vertex++) {
      const at: Point = [coordinates[2 * vertex]!, coordinates[2 * vertex + 1]!];
      const middle = middleOf(parts, { part, ring, vertex }, pen.screenPixel);
      if (middle) addDot(middles, middle, pen);
      if (Math.hypot(at[0] - before[0], at[1] - before[1]) < spacing) continue;
      addSquare(handles, at, pen);
      before = at;
    }
  });
}

function addSquare(path: Path2D, [x, y]: Point, { screenPixel }: Pen): void {
  const side = 7 * screenPixel;
  path.rect(x - side / 2, y - side / 2, side, side);
}

function addDot(path: Path2D, [x, y]: Point, { screenPixel }: Pen): void {
  const radius = 3 * screenPixel;
  path.moveTo(x + radius, y);
  path.arc(x, y, radius, 0, 2 * Math.PI);
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
