import type { Box, Point } from '../../../core/geometry/shapes.ts';
import { boxBetween } from './bounds.ts';
import type { Tool, ToolContext, ToolId, ToolPointer } from './tool.ts';

/** A drag shorter than this on the screen is a click by accident, not a box. */
const shortestSidePx = 3;

function dragBoxTool(id: ToolId, finish: (box: Box, context: ToolContext) => void): Tool {
  let start: Point = [0, 0];
  const boxTo = (pointer: ToolPointer, context: ToolContext) =>
    boxBetween(start, pointer.at, context.imageSize, pointer.shift);

  return {
    id,
    cursor: 'crosshair',
    states: {
      idle: {
        pointerDown(pointer) {
          if (pointer.button !== 'left') return undefined;
          start = pointer.at;
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
            finish(box, context);
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

/** A dragged box becomes an annotation as it is; Shift keeps it square. */
export function rectangleTool(): Tool {
  return dragBoxTool('rectangle', (box, context) => {
    const [x, y, width, height] = box.map(Math.round) as [number, number, number, number];
    if (width > 0 && height > 0) context.addShape({ kind: 'box', box: [x, y, width, height] });
  });
}
