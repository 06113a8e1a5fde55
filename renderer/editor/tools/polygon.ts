import Pentagon from '@lucide/svelte/icons/pentagon';
import type { Point } from '../../../core/geometry/shapes.ts';
import { clampPoint, distance } from './bounds.ts';
import { PlacedPoints } from './placed-points.ts';
import { snapped } from './snapped.ts';
import type { DrawMode } from './tool-options.svelte.ts';
import type { Tool, ToolDefinition, ToolContext, ToolPointer } from './tool.ts';

/** The first vertex catches the pointer within this distance on the screen. */
const closingDistancePx = 10;
/** A press that moves further than this on the screen draws freely. */
const freehandFromPx = 12;
const freehandSpacingPx = 4;

/**
 * Clicks set vertices, a held button draws freely; the first vertex, Enter or a double click
 * closes. Undo and Backspace take a vertex back, redo puts it again. Alt at the first vertex cuts
 * the shape out of the selection.
 */
export const polygonTool = {
  id: 'polygon',
  icon: Pentagon,
  key: 'P',
  words: {
    en: {
      label: 'Draw a polygon',
      hint: 'Click vertices, or draw freely. Enter or the first vertex closes the polygon.',
    },
    'zh-CN': {
      label: '绘制多边形',
      hint: '单击放置顶点，或按住自由绘制。按 Enter 或单击第一个顶点即闭合多边形。',
    },
  },
  options: ['draw-mode', 'snap'],
  make: makePolygonTool,
} as const satisfies ToolDefinition;

function makePolygonTool(): Tool {
  const vertices = new PlacedPoints<Point>((context) => show(context));
  let mode: DrawMode = 'new';
  let isFreehand = false;
  /** How many vertices there were before the press. */
  let pressedFrom = 0;

  const isClosing = (pointer: ToolPointer): boolean =>
    vertices.placed.length >= 3 &&
    distance(vertices.placed[0]!, pointer.at) <= closingDistancePx * pointer.screenPixel;

  const show = (context: ToolContext, next?: Point, isClosed = false): void => {
    const points = next ? [...vertices.placed, next] : vertices.placed;
    context.draw({ kind: 'polygon', points, isClosing: isClosed });
  };

  const add = (vertex: Point, context: ToolContext): void => {
    vertices.set([...vertices.placed, vertex]);
    show(context);
  };

  const press = (pointer: ToolPointer, context: ToolContext): string => {
    isFreehand = false;
    pressedFrom = vertices.placed.length;
    add(snapped(pointer, context), context);
    return 'pressing';
  };

  /**
   * Takes back what the press that is held down has drawn, and nothing that was there before it.
   */
  const releasePress = (context: ToolContext): string => {
    vertices.set(vertices.placed.slice(0, pressedFrom));
    if (pressedFrom === 0) return vertices.drop(context);
    show(context);
    return 'drawing';
  };

  const close = (context: ToolContext): string => {
    const outer = withoutRepeats(vertices.placed).flat();
    vertices.drop(context);
    if (outer.length >= 6)
      context.addShape({ kind: 'polygon', parts: [{ outer, holes: [] }] }, mode);
    return 'idle';
  };

  return {
    id: 'polygon',
    cursor: 'crosshair',
    dragStates: [],
    states: {
      idle: {
        pointerDown(pointer, context) {
          if (pointer.button !== 'left') return undefined;
          mode = pointer.alt ? 'subtract' : context.options.drawMode;
          return press(pointer, context);
        },
      },
      /** The button is held down on the vertex that was just set. */
      pressing: {
        pointerMove(pointer, context) {
          const next = clampPoint(pointer.at, context.imageSize);
          const way = distance(vertices.placed.at(-1)!, next) / pointer.screenPixel;
          isFreehand ||= way > freehandFromPx;
          if (isFreehand && way >= freehandSpacingPx) add(next, context);
          return undefined;
        },
        pointerUp: (pointer, context) =>
          isFreehand && isClosing(pointer) ? close(context) : 'drawing',
        cancel: releasePress,
      },
      drawing: {
        pointerMove(pointer, context) {
          show(context, snapped(pointer, context), isClosing(pointer));
          return undefined;
        },
        pointerDown(pointer, context) {
          if (isClosing(pointer)) return close(context);
          return press(pointer, context);
        },
        finish: close,
        ...vertices.handlers,
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
