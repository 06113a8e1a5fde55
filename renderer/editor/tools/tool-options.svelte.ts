/** The effect of a drawn shape or stroke: a new region, or a change of the selected one. */
export const drawModes = ['new', 'add', 'subtract'] as const;
export type DrawMode = (typeof drawModes)[number];

export const smallestBrushPx = 1;
export const largestBrushPx = 512;
const brushStep = 1.25;

/** How the tools work, as the person has set it; kept from one image to the next. */
export class ToolOptions {
  /** Diameter in image pixels. */
  brushSize = $state(24);
  drawMode = $state<DrawMode>('new');
  /** Whether drawn and dragged vertices stick to neighbouring vertices and borders. */
  isSnapping = $state(true);

  setBrushSize(size: number): void {
    this.brushSize = Math.min(Math.max(Math.round(size), smallestBrushPx), largestBrushPx);
  }

  /** One step larger or smaller; always by a pixel at least. */
  growBrush(by: 1 | -1): void {
    const next = this.brushSize * (by > 0 ? brushStep : 1 / brushStep);
    this.setBrushSize(by > 0 ? Math.ceil(next) : Math.floor(next));
  }
}
