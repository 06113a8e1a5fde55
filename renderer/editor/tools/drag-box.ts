import BoxPointer from '@lucide/svelte/icons/square-dashed-mouse-pointer';
import Crop from '@lucide/svelte/icons/crop';
import Square from '@lucide/svelte/icons/square';
import type { Box } from '../../../core/geometry/shapes.ts';
import { boxBetween, isInside } from './bounds.ts';
import type { Draft, Tool, ToolContext, ToolDefinition, ToolPointer } from './tool.ts';

/** A drag shorter than this on the screen is a click by accident, not a box. */
const shortestSidePx = 3;

interface DragBoxOptions {
  /** The effect of a drag that is too short for a box. */
  readonly click?: (context: ToolContext) => void;
  /** The effect of a press of the right button. */
  readonly rightClick?: (pointer: ToolPointer, context: ToolContext) => void;
  /** The draft during the drag of a box; the box itself by default. */
  readonly draft?: (box: Box) => Draft;
}

/** A tool that is dragged from one corner of a box to the other; Shift keeps it square. */
export function dragBoxTool(
  id: string,
  finish: (box: Box, context: ToolContext, begun: ToolPointer) => void,
  { click, rightClick, draft = (box) => ({ kind: 'box', box }) }: DragBoxOptions = {},
): Tool {
  let begun: ToolPointer;
  const boxTo = (pointer: ToolPointer, context: ToolContext) =>
    boxBetween(begun.at, pointer.at, context.imageSize, pointer.shift);

  return {
    id,
    cursor: 'crosshair',
    dragStates: ['dragging'],
    states: {
      idle: {
        pointerDown(pointer, context) {
          if (pointer.button === 'right') rightClick?.(pointer, context);
          if (pointer.button !== 'left') return undefined;
          begun = pointer;
          return 'dragging';
        },
      },
      dragging: {
        pointerMove(pointer, context) {
          context.draw(draft(boxTo(pointer, context)));
          return undefined;
        },
        pointerUp(pointer, context) {
          const box = boxTo(pointer, context);
          context.draw(null);
          if (Math.min(box[2], box[3]) >= shortestSidePx * pointer.screenPixel)
            finish(box, context, begun);
          else click?.(context);
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

/**
 * A dragged box asks the model for the object in it; Shift keeps it square. Right click: this does
 * not belong to it.
 */
export const boxPromptTool = {
  id: 'box',
  icon: BoxPointer,
  key: 'R',
  words: {
    en: {
      label: 'Box prompt',
      hint: 'Drag a box around the object. Right click what does not belong to it.',
    },
    'zh-CN': { label: '框提示', hint: '在目标周围拉一个框；右键单击不属于目标的地方。' },
  },
  options: ['crop'],
  make: () =>
    dragBoxTool('box', (box, context) => context.addMark({ kind: 'box', box }, 'new'), {
      rightClick({ at }, context) {
        if (!isInside(at, context.imageSize)) return;
        context.addMark({ kind: 'point', at, positive: false }, 'same');
      },
    }),
} as const satisfies ToolDefinition;

/**
 * A dragged box becomes a region as it is, or changes the selected one; Shift keeps it square. Alt
 * at its first corner cuts it out of the selection.
 */
export const rectangleTool = {
  id: 'rectangle',
  icon: Square,
  key: 'Shift+R',
  words: {
    en: { label: 'Draw a box', hint: 'Drag a box. It becomes a region as it is.' },
    'zh-CN': { label: '绘制矩形框', hint: '拉一个框，它直接成为区域。' },
  },
  options: ['draw-mode'],
  make: () =>
    dragBoxTool('rectangle', (box, context, { alt }) => {
      const [x, y, width, height] = box.map(Math.round) as [number, number, number, number];
      const mode = alt ? 'subtract' : context.options.drawMode;
      if (width > 0 && height > 0)
        context.addShape({ kind: 'box', box: [x, y, width, height] }, mode);
    }),
} as const satisfies ToolDefinition;

/**
 * A dragged box is all that the model is shown from then on; a click shows it the whole image
 * again.
 */
export const cropTool = {
  id: 'crop',
  icon: Crop,
  key: 'C',
  words: {
    en: {
      label: 'Show the model a part of the image',
      hint: 'Drag what the model may see; small things become large for it. Click for all.',
    },
    'zh-CN': {
      label: '只让模型看图像的一部分',
      hint: '拖出模型可见的范围，小目标对它会变大。单击恢复整张图像。',
    },
  },
  options: ['crop'],
  make: () =>
    dragBoxTool(
      'crop',
      ([x, y, width, height], context) => {
        const [left, top] = [Math.floor(x), Math.floor(y)];
        const [right, bottom] = [Math.ceil(x + width), Math.ceil(y + height)];
        context.showModel([left, top, right - left, bottom - top]);
      },
      { click: (context) => context.showModel(null) },
    ),
} as const satisfies ToolDefinition;
