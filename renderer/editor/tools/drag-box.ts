import type { Box } from '../../../core/geometry/shapes.ts';
import { boxBetween } from './bounds.ts';
import type { Tool, ToolContext, ToolId, ToolPointer } from './tool.ts';

/** A drag shorter than this on the screen is a click by accident, not a box. */
const shortestSidePx = 3;

function dragBoxTool(
  id: ToolId,
  finish: (box: Box, context: ToolContext, begun: ToolPointer) => void,
  click: (context: ToolContext) => void = () => undefined,
): Tool {
  let begun: ToolPointer;
  const boxTo = (pointer: ToolPointer, context: ToolContext) =>
    boxBetween(begun.at, pointer.at, context.imageSize, pointer.shift);

  return {
    id,
    cursor: 'crosshair',
    states: {
      idle: {
        pointerDown(pointer) {
          if (pointer.button !== 'left') return undefined;
          begun = pointer;
          return 'dragging';
        },
      },
      dragging: {
        pointerMove(pointer, context) {
          context.draw({ kind: 'box', box: boxTo(pointer, context) });
          return undefined;
        },
        pointerUp(pointer, context) {
          const box = boxTo(pointer, context);
          context.draw(null);
          if (Math.min(box[2], box[3]) >= shortestSidePx * pointer.screenPixel)
            finish(box, context, begun);
          else click(context);
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

/** A dragged box asks the model for the object in it; Shift keeps it square. */
export function boxPromptTool(): Tool {
  return dragBoxTool('box', (box, context) => context.addMark({ kind: 'box', box }, 'new'));
}

/**
 * A dragged box becomes a region as it is, or changes the selected one; Shift keeps it square. Alt at its first
 * corner cuts it out of the selection.
 */
export function rectangleTool(): Tool {
  return dragBoxTool('rectangle', (box, context, { alt }) => {
    const [x, y, width, height] = box.map(Math.round) as [number, number, number, number];
    const mode = alt ? 'subtract' : context.options.drawMode;
    if (width > 0 && height > 0)
      context.addShape({ kind: 'box', box: [x, y, width, height] }, mode);
  });
}

/** A dragged box is all that the model is shown from then on; a click shows it the whole image again. */
export function cropTool(): Tool {
  return dragBoxTool(
    'crop',
    ([x, y, width, height], context) => {
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [right, bottom] = [Math.ceil(x + width), Math.ceil(y + height)];
      context.showModel([left, top, right - left, bottom - top]);
    },
    (context) => context.showModel(null),
  );
}
