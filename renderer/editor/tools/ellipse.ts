import Circle from '@lucide/svelte/icons/circle';
import type { Box, Point } from '../../../core/geometry/shapes.ts';
import { dragBoxTool } from './drag-box.ts';
import type { ToolDefinition } from './tool.ts';

/** Enough that even the polygon of a large ellipse lies a few pixels beside it at most. */
const vertexCount = 72;

/** The vertices of the ellipse that touches the sides of a box. */
export function ellipseIn([x, y, width, height]: Box): Point[] {
  return Array.from({ length: vertexCount }, (_, index): Point => {
    const angle = (index / vertexCount) * 2 * Math.PI;
    return [x + (width / 2) * (1 + Math.cos(angle)), y + (height / 2) * (1 + Math.sin(angle))];
  });
}

/**
 * A dragged ellipse becomes a polygon, or changes the selected region; Shift makes a circle, Alt
 * cuts it out.
 */
export const ellipseTool = {
  id: 'ellipse',
  icon: Circle,
  key: 'Shift+O',
  words: {
    en: {
      label: 'Draw an ellipse',
      hint: 'Drag the box around the ellipse. Shift makes a circle.',
    },
    'zh-CN': { label: '绘制椭圆', hint: '拉出椭圆的外接框。按住 Shift 绘制圆。' },
  },
  options: ['draw-mode'],
  make: () =>
    dragBoxTool(
      'ellipse',
      (box, context, { alt }) => {
        const parts = [{ outer: ellipseIn(box).flat(), holes: [] }];
        const mode = alt ? 'subtract' : context.options.drawMode;
        context.addShape({ kind: 'polygon', parts }, mode);
      },
      { draft: (box) => ({ kind: 'polygon', points: ellipseIn(box), isClosing: true }) },
    ),
} as const satisfies ToolDefinition;
