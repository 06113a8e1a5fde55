import Diamond from '@lucide/svelte/icons/diamond';
import type { Point } from '../../../core/geometry/shapes.ts';
import { distance } from './bounds.ts';
import type { DrawMode } from './tool-options.svelte.ts';
import type { Tool, ToolContext, ToolDefinition, ToolPointer } from './tool.ts';

/** A side shorter than this on the screen is a double click by accident. */
const shortestSidePx = 3;

/** The corners of the box on a side, as wide as a point is away from it. */
export function boxOnSide(from: Point, to: Point, at: Point): Point[] {
  const [sideX, sideY] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(sideX, sideY);
  const [acrossX, acrossY] = [-sideY / length, sideX / length];
  const width = (at[0] - to[0]) * acrossX + (at[1] - to[1]) * acrossY;
  const across: Point = [acrossX * width, acrossY * width];
  return [
    from,
    to,
    [to[0] + across[0], to[1] + across[1]],
    [from[0] + across[0], from[1] + across[1]],
  ];
}

/**
 * Two clicks set a side, the third the width; the box becomes a polygon of four vertices. Alt at
 * the first cuts it out.
 */
export const rotatedBoxTool = {
  id: 'rotated-box',
  icon: Diamond,
  key: 'Alt+R',
  words: {
    en: {
      label: 'Draw a rotated box',
      hint: 'Click both ends of a side, then the side across from it.',
    },
    'zh-CN': { label: '绘制旋转框', hint: '单击一条边的两端，再单击对边。' },
  },
  options: ['draw-mode'],
  make: makeRotatedBoxTool,
} as const satisfies ToolDefinition;

function makeRotatedBoxTool(): Tool {
  let from: Point;
  let to: Point;
  let mode: DrawMode = 'new';
  const show = (points: readonly Point[], context: ToolContext) =>
    context.draw({ kind: 'polygon', points, isClosing: points.length === 4 });
  const drop = (context: ToolContext) => {
    context.draw(null);
    return 'idle';
  };
  const isApart = (at: Point, { screenPixel }: ToolPointer, other: Point) =>
    distance(at, other) >= shortestSidePx * screenPixel;

  return {
    id: 'rotated-box',
    cursor: 'crosshair',
    dragStates: [],
    states: {
      idle: {
        pointerDown(pointer, context) {
          if (pointer.button !== 'left') return undefined;
          mode = pointer.alt ? 'subtract' : context.options.drawMode;
          from = pointer.at;
          show([from], context);
          return 'side';
        },
      },
      side: {
        pointerMove(pointer, context) {
          show([from, pointer.at], context);
          return undefined;
        },
        pointerDown(pointer) {
          if (!isApart(pointer.at, pointer, from)) return undefined;
          to = pointer.at;
          return 'width';
        },
        stepBack: drop,
        cancel: drop,
      },
      width: {
        pointerMove(pointer, context) {
          show(boxOnSide(from, to, pointer.at), context);
          return undefined;
        },
        pointerDown(pointer, context) {
          const corners = boxOnSide(from, to, pointer.at);
          if (!isApart(corners[1]!, pointer, corners[2]!)) return undefined;
          context.draw(null);
          context.addShape(
            { kind: 'polygon', parts: [{ outer: corners.flat(), holes: [] }] },
            mode,
          );
          return 'idle';
        },
        stepBack(context) {
          show([from, to], context);
          return 'side';
        },
        cancel: drop,
      },
    },
  };
}
