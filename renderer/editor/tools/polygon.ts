import type { Point } from '../../../core/geometry/shapes.ts';
import { clampPoint, distance } from './bounds.ts';
import type { Tool, ToolContext, ToolPointer } from './tool.ts';

/** The first vertex catches the pointer within this distance on the screen. */
const closingDistancePx = 10;

/** Clicks set vertices; the first vertex, Enter or a double click closes; Backspace takes one back. */
export function polygonTool(): Tool {
  let vertices: Point[] = [];

  const isClosing = (pointer: ToolPointer): boolean =>
    vertices.length >= 3 &&
    distance(vertices[0]!, pointer.at) <= closingDistancePx * pointer.screenPixel;

  const close = (context: ToolContext): string => {
    context.draw(null);
    const outer = withoutRepeats(vertices).flat();
    vertices = [];
    if (outer.length >= 6) context.addShape({ kind: 'polygon', parts: [{ outer, holes: [] }] });
    return 'idle';
  };

  const drop = (context: ToolContext): string => {
    context.draw(null);
    vertices = [];
    return 'idle';
  };

  return {
    id: 'polygon',
    cursor: 'crosshair',
    states: {
      idle: {
        pointerDown(pointer, context) {
          if (pointer.button !== 'left') return undefined;
          vertices = [clampPoint(pointer.at, context.imageSize)];
          context.draw({ kind: 'polygon', points: vertices, isClosing: false });
          return 'drawing';
        },
      },
      drawing: {
        pointerMove(pointer, context) {
          const points = [...vertices, clampPoint(pointer.at, context.imageSize)];
          context.draw({ kind: 'polygon', points, isClosing: isClosing(pointer) });
          return undefined;
        },
        pointerDown(pointer, context) {
          if (isClosing(pointer)) return close(context);
          vertices = [...vertices, clampPoint(pointer.at, context.imageSize)];
          context.draw({ kind: 'polygon', points: vertices, isClosing: false });
          return undefined;
        },
        finish: close,
        stepBack(context) {
          if (vertices.length <= 1) return drop(context);
          vertices = vertices.slice(0, -1);
          context.draw({ kind: 'polygon', points: vertices, isClosing: false });
          return undefined;
        },
        cancel: drop,
      },
    },
  };
}

/** The second click of a double click sets a vertex on top of the last one. */
function withoutRepeats(vertices: readonly Point[]): Point[] {
  return vertices.filter((vertex, index) => {
    const before = vertices[index - 1];
    return !before || distance(before, vertex) > 0;
  });
}
