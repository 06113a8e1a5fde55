import { luminanceOf } from '../../core/category-colors.ts';

/** One of the lines that an outline is made of, the widest first. */
export interface OutlineLine {
  /** As CSS takes it. */
  readonly color: string;
  /** In pixels of the screen, or of a tile. */
  readonly width: number;
  /** Lengths of a dash and of the gap after it, in the same unit; absent for a whole line. */
  readonly dash?: readonly [number, number];
}

const dash = [5, 9] as const;

/** At this luminance black and white contrast equally with a colour. */
const middleLuminance = 0.179;
const dark = 'rgb(0 0 0 / 75%)';
const light = 'rgb(255 255 255 / 85%)';
/**
 * Outlines, half of the widest one, reach so many pixels over the exact region, with smoothed
 * edges.
 */
export const outlineReachPx = 3;

/**
 * A coloured line in a frame of black or white, whichever differs from it: one of the two is seen
 * on any ground.
 */
export function outlineLines(color: string, isStrong: boolean): readonly OutlineLine[] {
  const frame = luminanceOf(color) > middleLuminance ? dark : light;
  const width = isStrong ? 2.5 : 2;
  return [
    { color: frame, width: width + 2 },
    { color, width },
  ];
}

/**
 * The outline of a proposal: in black and white as well as in colour, to differ from regions. The
 * colour of a dashed one is interrupted, to differ from that of another model.
 */
export function proposalLines(
  color: string,
  isActive: boolean,
  isDashed = false,
): readonly OutlineLine[] {
  const colored = (width: number) => ({ color, width, ...(isDashed && { dash }) });
  return isActive
    ? [{ color: '#000000', width: 6 }, { color: '#ffffff', width: 4.5 }, colored(2.5)]
    : [{ color: dark, width: 4 }, { color: light, width: 3 }, colored(1.5)];
}

/**
 * Strokes a path with lines one upon the other. `pixel` is the length of their unit in the path's
 * own.
 */
export function strokeLines(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  path: Path2D,
  lines: readonly OutlineLine[],
  pixel: number,
): void {
  context.lineJoin = 'round';
  context.lineCap = 'square';
  for (const { color, width, dash } of lines) {
    context.save();
    // Without one of its own, a line keeps the dashes of the context.
    if (dash) context.setLineDash(dash.map((length) => length * pixel));
    context.strokeStyle = color;
    context.lineWidth = width * pixel;
    context.stroke(path);
    context.restore();
  }
}
