import type { Box, Point } from '../../core/geometry/shapes.ts';
import type { PromptMark } from '../../core/prompt.ts';
import { keypointsOf } from '../../core/project/keypoints.ts';
import type { Annotation, Skeleton } from '../../core/records.ts';
import type { Size } from '../editor/tools/bounds.ts';
import { boxGrips, partsOf } from '../editor/tools/grips.ts';
import type { Draft, VectorGeometry } from '../editor/tools/tool.ts';
import { drawKeypoints, drawName } from './draw-keypoints.ts';
import { vectorPath } from './geometry-path.ts';
import { outlineLines, strokeLines } from './outline-look.ts';
import { polygonHandles } from './polygon-handles.ts';
import { annotationShape } from './region-shapes.ts';
import type { Sight } from './thinned-ring.ts';

/** Draws in image coordinates. */
export interface Pen extends Sight {
  readonly context: CanvasRenderingContext2D;
}

const positiveColor = '#37c871';
const negativeColor = '#ff5d5d';
const draftColor = '#4da3ff';
const haloColor = 'rgb(0 0 0 / 65%)';

/** A coloured line in a frame, to be seen on any photo. */
export function drawOutline(path: Path2D, color: string, isStrong: boolean, pen: Pen): void {
  strokeLines(pen.context, path, outlineLines(color, isStrong), pen.screenPixel);
}

/** Lines nearer than this on the screen would hide the image. */
const smallestGridPx = 6;

/** A grid over the part of the image that is in view. */
export function drawGrid(step: number, image: Size, { context, screenPixel, view }: Pen): void {
  if (step < smallestGridPx * screenPixel) return;
  const right = Math.min(view[0] + view[2], image.width);
  const bottom = Math.min(view[1] + view[3], image.height);
  const left = Math.max(view[0], 0);
  const top = Math.max(view[1], 0);
  const path = new Path2D();
  for (let x = Math.ceil(left / step) * step; x <= right; x += step) {
    path.moveTo(x, top);
    path.lineTo(x, bottom);
  }
  for (let y = Math.ceil(top / step) * step; y <= bottom; y += step) {
    path.moveTo(left, y);
    path.lineTo(right, y);
  }
  context.lineWidth = screenPixel;
  context.strokeStyle = 'rgb(0 0 0 / 45%)';
  context.stroke(path);
  context.lineWidth = screenPixel / 2;
  context.strokeStyle = 'rgb(255 255 255 / 60%)';
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
  readonly skeletonOf: (annotation: Annotation) => Skeleton | null;
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
    case 'keypoints':
      drawKeypoints(draft.keypoints, draft.skeleton, draftColor, pen);
      if (draft.next) drawName(draft.next.name, draft.next.at, pen);
      return undefined;
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
  { colorOf, skeletonOf, opacity, scale }: DraftFill,
  pen: Pen,
): void {
  const { context } = pen;
  const [x, y, width, height] = pen.view;
  const moved: Pen = { ...pen, view: [x - dx, y - dy, width, height] };
  context.save();
  context.translate(dx, dy);
  for (const annotation of annotations) {
    const color = colorOf(annotation);
    context.globalAlpha = opacity;
    annotationShape(annotation).fill(context, color, scale, moved);
    context.globalAlpha = 1;
    drawOutline(annotationShape(annotation).outline(moved), color, true, moved);
    const keypoints = keypointsOf(annotation);
    if (keypoints) drawKeypoints(keypoints, skeletonOf(annotation), color, moved);
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
  const path = vectorPath(geometry, pen);
  if (geometry.kind !== 'polyline') {
    context.save();
    context.globalAlpha = opacity;
    context.fillStyle = color;
    context.fill(path, 'evenodd');
    context.restore();
  }
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
    const isOpen = geometry.kind === 'polyline';
    const { vertices, edges } = polygonHandles(partsOf(geometry), pen, isOpen);
    for (const at of vertices) addSquare(handles, at, pen);
    for (const at of edges) addDot(middles, at, pen);
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
