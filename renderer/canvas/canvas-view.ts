import Konva from 'konva';
import type { Annotation, RecordId } from '../../core/records.ts';
import type { PromptMark } from '../../core/prompt.ts';
import type { Camera } from '../editor/camera.ts';
import type { Prompt, Proposal } from '../editor/proposals.ts';
import type { Size } from '../editor/tools/bounds.ts';
import type { Draft } from '../editor/tools/tool.ts';
import { drawDraft, drawMark, drawOutline, type Pen } from './drawing.ts';
import { annotationShape, proposalShape } from './region-shapes.ts';

/** Above this scale single pixels are what the person wants to see. */
const sharpAboveScale = 2;
/** Larger images get a smaller cache of their regions, so that no canvas limit of a browser is reached. */
const largestCacheSidePx = 4096;

export interface RegionLook {
  readonly annotations: readonly Annotation[];
  readonly colorOf: (annotation: Annotation) => string;
  /** Of the fills, 0 to 1. */
  readonly opacity: number;
}

export interface OverlayLook {
  readonly annotations: readonly Annotation[];
  readonly colorOf: (annotation: Annotation) => string;
  readonly selectedIds: readonly RecordId[];
  readonly hoveredId: RecordId | null;
  readonly prompts: readonly Prompt[];
  readonly activeProposal: Proposal | null;
}

/**
 * The Konva stage: the image, the committed regions (one cached bitmap for all of them, no node for each), the
 * overlay with outlines, proposals and marks, and the draft. Everything is drawn in image coordinates.
 */
export class CanvasView {
  readonly #stage: Konva.Stage;
  readonly #imageLayer = new Konva.Layer({ listening: false });
  readonly #regionLayer = new Konva.Layer({ listening: false });
  readonly #overlayLayer = new Konva.Layer({ listening: false });
  readonly #image = new Konva.Image({ image: undefined, listening: false });
  readonly #cache = document.createElement('canvas');
  #cacheScale = 1;
  #imageSize: Size = { width: 0, height: 0 };
  #camera: Camera = { scale: 1, x: 0, y: 0 };
  #overlay: OverlayLook | null = null;
  #draft: Draft | null = null;

  constructor(container: HTMLDivElement) {
    this.#stage = new Konva.Stage({ container, width: 1, height: 1, listening: false });
    this.#imageLayer.add(this.#image);
    this.#regionLayer.add(this.#paint((context) => this.#drawCache(context)));
    this.#overlayLayer.add(this.#paint((context) => this.#drawOverlay(context)));
    this.#stage.add(this.#imageLayer, this.#regionLayer, this.#overlayLayer);
  }

  destroy(): void {
    this.#stage.destroy();
  }

  resize({ width, height }: Size): void {
    this.#stage.size({ width, height });
  }

  /** Null while the pixels load; the regions can be seen before. */
  showImage(image: HTMLImageElement | null, size: Size): void {
    this.#imageSize = size;
    this.#image.image(image ?? undefined);
    this.#image.size({ width: size.width, height: size.height });
    this.#imageLayer.batchDraw();
  }

  showCamera(camera: Camera): void {
    this.#camera = camera;
    const isSmooth = camera.scale <= sharpAboveScale;
    for (const layer of [this.#imageLayer, this.#regionLayer, this.#overlayLayer]) {
      layer.position({ x: camera.x, y: camera.y });
      layer.scale({ x: camera.scale, y: camera.scale });
      layer.imageSmoothingEnabled(isSmooth);
      layer.batchDraw();
    }
  }

  /** Draws the committed regions into their cache. */
  showRegions({ annotations, colorOf, opacity }: RegionLook): void {
    const { width, height } = this.#imageSize;
    this.#cacheScale = Math.min(1, largestCacheSidePx / Math.max(width, height, 1));
    this.#cache.width = Math.max(1, Math.round(width * this.#cacheScale));
    this.#cache.height = Math.max(1, Math.round(height * this.#cacheScale));
    const context = this.#cache.getContext('2d')!;
    context.scale(this.#cacheScale, this.#cacheScale);
    context.globalAlpha = opacity;
    for (const annotation of annotations) {
      annotationShape(annotation).fill(context, colorOf(annotation));
    }
    this.#regionLayer.batchDraw();
  }

  showOverlay(look: OverlayLook): void {
    this.#overlay = look;
    this.#overlayLayer.batchDraw();
  }

  showDraft(draft: Draft | null): void {
    this.#draft = draft;
    this.#overlayLayer.batchDraw();
  }

  /** One node that paints with plain canvas calls. */
  #paint(draw: (context: CanvasRenderingContext2D) => void): Konva.Shape {
    return new Konva.Shape({
      listening: false,
      perfectDrawEnabled: false,
      sceneFunc: (context) => draw(context._context),
    });
  }

  #drawCache(context: CanvasRenderingContext2D): void {
    const { width, height } = this.#imageSize;
    if (width > 0) context.drawImage(this.#cache, 0, 0, width, height);
  }

  #drawOverlay(context: CanvasRenderingContext2D): void {
    const pen: Pen = { context, screenPixel: 1 / this.#camera.scale };
    if (this.#overlay) this.#drawLook(this.#overlay, pen);
    if (this.#draft) drawDraft(this.#draft, pen);
  }

  #drawLook(look: OverlayLook, pen: Pen): void {
    for (const annotation of look.annotations) {
      const isSelected = look.selectedIds.includes(annotation.id);
      if (!isSelected && annotation.id !== look.hoveredId) continue;
      drawOutline(annotationShape(annotation).outline, look.colorOf(annotation), isSelected, pen);
    }
    for (const prompt of look.prompts) {
      for (const proposal of prompt.proposals) {
        this.#drawProposal(proposal, proposal.id === look.activeProposal?.id, pen);
      }
      const isWaiting = prompt.status.kind === 'waiting';
      for (const mark of prompt.marks) this.#drawPromptMark(mark, isWaiting, pen);
    }
  }

  #drawProposal(proposal: Proposal, isActive: boolean, pen: Pen): void {
    const shape = proposalShape(proposal);
    pen.context.globalAlpha = isActive ? 0.4 : 0.2;
    shape.fill(pen.context, '#ffffff');
    pen.context.globalAlpha = 1;
    drawOutline(shape.outline, isActive ? '#ffffff' : '#c8d0da', isActive, pen);
  }

  #drawPromptMark(mark: PromptMark, isWaiting: boolean, pen: Pen): void {
    pen.context.globalAlpha = isWaiting ? 0.6 : 1;
    drawMark(mark, pen);
    pen.context.globalAlpha = 1;
  }
}
