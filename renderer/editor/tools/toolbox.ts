import { brushTool, eraserTool } from './brush.ts';
import { boxPromptTool, cropTool, rectangleTool } from './drag-box.ts';
import { pointPromptTool } from './point-prompt.ts';
import { polygonTool } from './polygon.ts';
import { scribblePromptTool } from './scribble-prompt.ts';
import { selectTool } from './select.ts';
import type { Tool, ToolId } from './tool.ts';

/** A fresh tool: drafts of an earlier use are gone. */
export const makeTool: Readonly<Record<ToolId, () => Tool>> = {
  select: selectTool,
  point: pointPromptTool,
  box: boxPromptTool,
  scribble: scribblePromptTool,
  polygon: polygonTool,
  rectangle: rectangleTool,
  brush: brushTool,
  eraser: eraserTool,
  crop: cropTool,
};
