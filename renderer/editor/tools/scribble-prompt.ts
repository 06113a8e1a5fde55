import PencilLine from '@lucide/svelte/icons/pencil-line';
import type { Point } from '../../../core/geometry/shapes.ts';
import { clampPoint, distance, isInside } from './bounds.ts';
import type { Draft, Tool, ToolDefinition } from './tool.ts';

/** Stroke width on the screen. */
const strokePx = 12;
/** Points closer than this on the screen add nothing. */
const spacingPx = 3;

/**
 * A stroke over the object asks the model for it; a right or Alt stroke says what does not belong
 * to it.
 */
export const scribblePromptTool = {
  id: 'scribble',
  icon: PencilLine,
  key: 'S',
  words: {
    en: {
      label: 'Scribble prompt',
      hint: 'Draw a stroke over the object. The right button marks what does not belong to it.',
    },
    'zh-CN': { label: '涂画提示', hint: '在目标上涂一笔；用右键涂不属于目标的地方。' },
  },
  options: ['crop'],
  make: makeScribblePromptTool,
} as const satisfies ToolDefinition;

function makeScribblePromptTool(): Tool {
  let stroke: Draft & { kind: 'scribble' } = emptyStroke();

  return {
    id: 'scribble',
    cursor: 'crosshair',
    dragStates: ['drawing'],
    states: {
      idle: {
        pointerDown(pointer, context) {
          if (!isInside(pointer.at, context.imageSize)) return undefined;
          stroke = {
            kind: 'scribble',
            points: [pointer.at],
            width: strokePx * pointer.screenPixel,
            positive: pointer.button === 'left' && !pointer.alt,
          };
          context.draw(stroke);
          return 'drawing';
        },
      },
      drawing: {
        pointerMove(pointer, context) {
          const next: Point = clampPoint(pointer.at, context.imageSize);
          if (distance(stroke.points.at(-1)!, next) < spacingPx * pointer.screenPixel)
            return undefined;
          stroke = { ...stroke, points: [...stroke.points, next] };
          context.draw(stroke);
          return undefined;
        },
        pointerUp(pointer, context) {
          const { points, width, positive } = stroke;
          context.draw(null);
          context.addMark(
            { kind: 'scribble', points: [...points], width, positive },
            pointer.shift ? 'new' : 'same',
          );
          return 'idle';
        },
        cancel(context) {
          context.draw(null);
          return 'idle';
        },
      },
    },
  };
}

function emptyStroke(): Draft & { kind: 'scribble' } {
  return { kind: 'scribble', points: [], width: 1, positive: true };
}
