import { deepestInsidePoint } from '../../core/geometry/region.ts';
import { decodeRle, rleBox } from '../../core/geometry/rle.ts';
import type { Bitmap, Point } from '../../core/geometry/shapes.ts';
import type { ModelRequest, PromptMark } from '../../core/prompt.ts';
import type { Target } from './targets.ts';

export const maskPrompts = ['box', 'point', 'clicks', 'scribble', 'text'] as const;
export type MaskPrompt = (typeof maskPrompts)[number];

/** Stroke width of a scribble in pixels. */
const scribbleWidth = 3;
const scribbleDirections = 32;
/** Share of the way to the object's border that a scribble goes. */
const scribbleReach = 0.7;

/**
 * The request that a perfect annotator would make for a target: its tight box, its deepest inside
 * point, a stroke inside it, or its category's name.
 */
export function promptFor(
  kind: Exclude<MaskPrompt, 'clicks'>,
  { rle, category }: Target,
): ModelRequest {
  if (kind === 'text') return { task: 'segment', text: category, regions: [] };
  return { task: 'segment', text: null, regions: [{ marks: [markFor(kind, rle)] }] };
}

function markFor(kind: Exclude<MaskPrompt, 'text' | 'clicks'>, rle: Target['rle']): PromptMark {
  switch (kind) {
    case 'box':
      return { kind: 'box', box: rleBox(rle) };
    case 'point':
      return { kind: 'point', at: deepestInsidePoint(decodeRle(rle)), positive: true };
    case 'scribble': {
      const points = scribbleInside(decodeRle(rle));
      return { kind: 'scribble', points, width: scribbleWidth, positive: true };
    }
  }
}

/**
 * A straight stroke through the deepest point along the object's longest way, without touching its
 * border.
 */
export function scribbleInside(bitmap: Bitmap): Point[] {
  const [x, y] = deepestInsidePoint(bitmap);
  const reach = (angle: number) => {
    let steps = 0;
    while (isInside(bitmap, x + (steps + 1) * Math.cos(angle), y + (steps + 1) * Math.sin(angle))) {
      steps++;
    }
    return Math.floor(steps * scribbleReach);
  };
  const strokes = Array.from({ length: scribbleDirections }, (_, index) => {
    const angle = (index / scribbleDirections) * Math.PI;
    return { angle, ahead: reach(angle), behind: reach(angle + Math.PI) };
  });
  const longest = strokes.reduce((best, stroke) =>
    stroke.ahead + stroke.behind > best.ahead + best.behind ? stroke : best,
  );
  const { angle, ahead, behind } = longest;
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  return [
    [x - behind * dx, y - behind * dy],
    [x, y],
    [x + ahead * dx, y + ahead * dy],
  ];
}

function isInside({ width, height, data }: Bitmap, x: number, y: number): boolean {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  if (column < 0 || row < 0 || column >= width || row >= height) return false;
  return data[row * width + column] === 1;
}
