import { brushTool, eraserTool } from './brush.ts';
import { boxPromptTool, cropTool, rectangleTool } from './drag-box.ts';
import { ellipseTool } from './ellipse.ts';
import { imageTagTool } from './image-tag.ts';
import { keypointsTool } from './keypoints.ts';
import { pointPromptTool } from './point-prompt.ts';
import { polygonTool } from './polygon.ts';
import { polylineTool } from './polyline.ts';
import { rotatedBoxTool } from './rotated-box.ts';
import { scribblePromptTool } from './scribble-prompt.ts';
import { selectTool } from './select.ts';
import type { ToolDefinition } from './tool.ts';

/** Every tool, in the order of the toolbar. */
export const tools = [
  selectTool,
  pointPromptTool,
  boxPromptTool,
  scribblePromptTool,
  polygonTool,
  rectangleTool,
  rotatedBoxTool,
  ellipseTool,
  polylineTool,
  keypointsTool,
  imageTagTool,
  brushTool,
  eraserTool,
  cropTool,
] as const satisfies readonly ToolDefinition[];

export type ToolId = (typeof tools)[number]['id'];

/** The command that takes a tool in hand. */
export type ToolCommandId = `tool${Capitalize<ToolId>}`;

export function toolOf(id: ToolId): ToolDefinition {
  return tools.find((tool) => tool.id === id)!;
}

export function toolCommandId(id: ToolId): ToolCommandId {
  return `tool${id.charAt(0).toUpperCase()}${id.slice(1)}` as ToolCommandId;
}
