import Waypoints from '@lucide/svelte/icons/waypoints';
import type { Point } from '../../../core/geometry/shapes.ts';
import { distance } from './bounds.ts';
import { PlacedPoints } from './placed-points.ts';
import { snapped } from './snapped.ts';
import type { Tool, ToolContext, ToolDefinition } from './tool.ts';

/**
 * Clicks set vertices of an open line; Enter or a double click ends it. Undo and Backspace take a
 * vertex back, redo puts it again.
 */
export const polylineTool = {
  id: 'polyline',
  icon: Waypoints,
  key: 'Shift+P',
  words: {
    en: {
      label: 'Draw a polyline',
      hint: 'Click vertices of an open line. Enter or a double click ends it.',
    },
    'zh-CN': { label: '绘制折线', hint: '单击放置折线的顶点。按 Enter 或双击结束。' },
  },
  options: ['snap'],
  make: makePolylineTool,
} as const satisfies ToolDefinition;

function makePolylineTool(): Tool {
  const vertices = new PlacedPoints<Point>((context) => show(context));

  const show = (context: ToolContext, next?: Point): void =>
    context.draw({
      kind: 'polygon',
      points: next ? [...vertices.placed, next] : vertices.placed,
      isClosing: false,
    });

  const add = (vertex: Point, context: ToolContext): string => {
    const before = vertices.placed.at(-1);
    // The second click of a double click lies on the first one.
    const isRepeat = before && distance(before, vertex) === 0;
    vertices.set(isRepeat ? vertices.placed : [...vertices.placed, vertex]);
    show(context);
    return 'drawing';
  };

  const end = (context: ToolContext): string => {
    const points = vertices.placed.flat();
    vertices.drop(context);
    if (points.length >= 4) context.addShape({ kind: 'polyline', points }, 'new');
    return 'idle';
  };

  return {
    id: 'polyline',
    cursor: 'crosshair',
    dragStates: [],
    states: {
      idle: {
        pointerDown: (pointer, context) =>
          pointer.button === 'left' ? add(snapped(pointer, context), context) : undefined,
      },
      drawing: {
        pointerMove(pointer, context) {
          show(context, snapped(pointer, context));
          return undefined;
        },
        pointerDown: (pointer, context) =>
          pointer.button === 'left' ? add(snapped(pointer, context), context) : end(context),
        finish: end,
        ...vertices.handlers,
      },
    },
  };
}
