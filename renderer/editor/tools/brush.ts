import Brush from '@lucide/svelte/icons/brush';
import Eraser from '@lucide/svelte/icons/eraser';
import type { Point } from '../../../core/geometry/shapes.ts';
import { distance } from './bounds.ts';
import type { Draft, Tool, ToolContext, ToolDefinition, ToolPointer } from './tool.ts';

/** Points closer than this share of the brush, or this many screen pixels, add nothing. */
const spacingShare = 0.1;
const spacingPx = 2;

/**
 * Strokes add pixels to the selected region or begin one; the right button or Alt takes pixels
 * away.
 */
export const brushTool = {
  id: 'brush',
  icon: Brush,
  key: 'B',
  words: {
    en: { label: 'Brush', hint: 'Paint the selected region, or a new one. Right button erases.' },
    'zh-CN': { label: '画笔', hint: '涂画选中的区域，或新建一个。右键擦除。' },
  },
  options: ['brush-size'],
  make: () => strokeTool('brush', false),
} as const satisfies ToolDefinition;

/** Strokes take pixels away from the selected region; the right button or Alt adds. */
export const eraserTool = {
  id: 'eraser',
  icon: Eraser,
  key: 'E',
  words: {
    en: { label: 'Eraser', hint: 'Erase from the selected region. Right button paints.' },
    'zh-CN': { label: '橡皮擦', hint: '擦除选中的区域。右键涂画。' },
  },
  options: ['brush-size'],
  make: () => strokeTool('eraser', true),
} as const satisfies ToolDefinition;

function strokeTool(id: string, erasesByDefault: boolean): Tool {
  let stroke: Draft & { kind: 'brush' };

  const erases = ({ alt, button }: ToolPointer) => erasesByDefault !== (alt || button === 'right');

  const drop = (context: ToolContext) => {
    context.draw(null);
    return 'idle';
  };

  return {
    id,
    cursor: 'none',
    dragStates: ['painting'],
    states: {
      idle: {
        pointerMove(pointer, context) {
          const { at } = pointer;
          const width = context.options.brushSize;
          context.draw({ kind: 'brush', points: [], at, width, erases: erases(pointer) });
          return undefined;
        },
        pointerLeave: drop,
        leave: drop,
        pointerDown(pointer, context) {
          const { at } = pointer;
          const width = context.options.brushSize;
          stroke = { kind: 'brush', points: [at], at, width, erases: erases(pointer) };
          context.draw(stroke);
          return 'painting';
        },
      },
      painting: {
        pointerMove(pointer, context) {
          const spacing = Math.max(spacingShare * stroke.width, spacingPx * pointer.screenPixel);
          const isFar = distance(stroke.points.at(-1)!, pointer.at) >= spacing;
          const points: readonly Point[] = isFar ? [...stroke.points, pointer.at] : stroke.points;
          stroke = { ...stroke, points, at: pointer.at };
          context.draw(stroke);
          return undefined;
        },
        pointerUp(pointer, context) {
          context.draw({ ...stroke, points: [] });
          const last = stroke.points.at(-1)!;
          const isFar = distance(last, pointer.at) > 0;
          const points = isFar ? [...stroke.points, pointer.at] : stroke.points;
          context.paint(points, stroke.width, stroke.erases);
          return 'idle';
        },
        cancel: drop,
      },
    },
  };
}
