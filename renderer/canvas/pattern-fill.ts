import type { FillPattern } from '../editor/fill-pattern.ts';

/**
 * Side of the repeated square, in pixels of a tile; divides the side of a tile, so that tiles
 * join.
 */
const side = 16;
/** How strong the ground between the lines is, beside the lines. */
const groundAlpha = 0.45;

/**
 * The fill of a pattern in a colour; lines keep their distance on the screen.
 * @param step image pixels along the side of a pixel of the tile
 */
export function patternFill(
  context: OffscreenCanvasRenderingContext2D,
  pattern: Exclude<FillPattern, 'plain'>,
  color: string,
  step: number,
): CanvasPattern {
  const canvas = new OffscreenCanvas(side, side);
  const pen = canvas.getContext('2d')!;
  pen.fillStyle = color;
  pen.globalAlpha = groundAlpha;
  pen.fillRect(0, 0, side, side);
  pen.globalAlpha = 1;
  pen.strokeStyle = color;
  pen.lineWidth = 3;
  draw[pattern](pen);
  const fill = context.createPattern(canvas, 'repeat')!;
  fill.setTransform(new DOMMatrix([step, 0, 0, step, 0, 0]));
  return fill;
}

const draw: Record<
  Exclude<FillPattern, 'plain'>,
  (pen: OffscreenCanvasRenderingContext2D) => void
> = {
  stripes(pen) {
    for (const start of [-side, 0, side]) {
      line(pen, [start - 2, side + 2], [start + side + 2, -2]);
    }
  },
  dots(pen) {
    for (const [x, y] of [
      [4, 4],
      [12, 12],
    ] as const) {
      pen.beginPath();
      pen.arc(x, y, 2.6, 0, 2 * Math.PI);
      pen.fill();
    }
  },
  grid(pen) {
    line(pen, [0, side / 2], [side, side / 2]);
    line(pen, [side / 2, 0], [side / 2, side]);
  },
  waves(pen) {
    pen.beginPath();
    pen.moveTo(0, 8);
    pen.bezierCurveTo(4, 0, 12, 16, 16, 8);
    pen.stroke();
  },
};

function line(
  pen: OffscreenCanvasRenderingContext2D,
  from: readonly [number, number],
  to: readonly [number, number],
): void {
  pen.beginPath();
  pen.moveTo(...from);
  pen.lineTo(...to);
  pen.stroke();
}
