import Konva from 'konva';
import { boxesOverlap } from '../../core/geometry/box.ts';
import type { MaskCandidate, PromptMark } from '../../core/prompt.ts';
import { keypointsOf } from '../../core/project/keypoints.ts';
import type { Annotation, RecordId, Skeleton } from '../../core/records.ts';
import type { Camera } from '../editor/camera.ts';
import type { Prompt, PromptSeat, Proposal } from '../editor/proposal.ts';
import type { Size } from '../editor/tools/bounds.ts';
import type { Draft, VectorGeometry } from '../editor/tools/tool.ts';
import { drawDraft, drawGrid, drawHandles, drawMark, drawOutline, type Pen } from './drawing.ts';
import { drawKeypoints } from './draw-keypoints.ts';
import { drawNameTags } from './draw-name-tags.ts';
import { drawTiles } from './draw-tiles.ts';
import type { ImagePicture } from './image-picture.ts';
import { proposalLines, strokeLines } from './outline-look.ts';
import type { FillLook } from './painted-shape.ts';
import { annotationShape, proposalShape } from './region-shapes.ts';
import { shadeAround } from './shade-around.ts';
import { RegionTiles } from './region-tiles.ts';
import { deviceScale, type Screen } from './screen.ts';
import { boxInView, levelFor } from './tile-grid.ts';
import { WorkerPainter } from './worker-painter.ts';

/** More new regions than these are not drawn live; they appear with their tiles. */
const mostDrawnLive = 64;
/** Pixels of masks that are tinted within a frame. */
const mostLiveCells = 1_000_000;
/** Skeletons of more regions in view hide the image, and take long. */
const mostDrawnKeypoints = 200;
const noSize: Size = { width: 0, height: 0 };

export interface OverlayLook {
  readonly annotations: readonly Annotation[];
  readonly colorOf: (annotation: Annotation) => string;
  /** The lines between the keypoints of a region; null where it has none, or none that fit. */
  readonly skeletonOf: (annotation: Annotation) => Skeleton | null;
  readonly selectedIds: readonly RecordId[];
  readonly hoveredId: RecordId | null;
  /** Regions that stay bright while all else is darkened; null where nothing is. */
  readonly litIds: readonly RecordId[] | null;
  readonly prompts: readonly Prompt[];
  readonly activeProposal: Proposal | null;
  /** Of the proposals of each model. */
  readonly proposalColors: Readonly<Record<PromptSeat, string>>;
  /** The name that is written beside a region; null where none are. */
  readonly nameOf: ((annotation: Annotation) => string) | null;
}

/** The draft, and the region with handles. */
export interface DraftLook {
  readonly drafts: readonly Draft[];
  readonly reshapable: VectorGeometry | null;
  readonly colorOf: (annotation: Annotation) => string;
  readonly skeletonOf: (annotation: Annotation) => Skeleton | null;
}

/**
 * The Konva stage. Its lower layer puts finished bitmaps together, the image and the tiles of the
 * committed regions, so that panning and zooming cost the same however many regions there are. Its
 * upper layer is drawn live, in image coordinates: outlines of what is selected and hovered,
 * proposals, marks and the draft.
 */
export class CanvasView {
  readonly #stage: Konva.Stage;
  readonly #pictureLayer = new Konva.Layer({ listening: false });
  readonly #overlayLayer = new Konva.Layer({ listening: false });
  readonly #painter = new WorkerPainter();
  readonly #tiles = new RegionTiles(this.#painter, () => this.#tilePainted());
  #image: ImagePicture | null = null;
  #imageSize: Size = noSize;
  #camera: Camera = { scale: 1, x: 0, y: 0 };
  #overlay: OverlayLook | null = null;
  #drafts: DraftLook | null = null;
  /** Regions that are drawn live until the tiles have them. */
  #fresh: readonly Annotation[] = [];
  /** Whether all regions are drawn live, because tiles of this resolution are not painted yet. */
  #isLive = false;
  #look: FillLook | null = null;
  #filter: string | null = null;
  #gridPx: number | null = null;

  constructor(container: HTMLDivElement) {
    this.#stage = new Konva.Stage({ container, width: 1, height: 1, listening: false });
    this.#pictureLayer.add(paintedNode((context) => this.#drawPicture(context)));
    this.#overlayLayer.add(paintedNode((context) => this.#drawOverlay(context)));
    this.#stage.add(this.#pictureLayer, this.#overlayLayer);
  }

  destroy(): void {
    this.#tiles.dispose();
    this.#painter.dispose();
    this.#stage.destroy();
  }

  resize({ width, height }: Size): void {
    this.#stage.size({ width, height });
  }

  /** Shows the regions of another image, and its pixels when they come. */
  openImage(size: Size): void {
    this.#image = null;
    this.#imageSize = size;
    this.#tiles.reset(size);
    this.#pictureLayer.batchDraw();
  }

  showImage(image: ImagePicture): void {
    this.#image = image;
    this.#pictureLayer.batchDraw();
  }

  /** The picture of the image has changed, for instance because a tile of it came. */
  redrawImage(): void {
    this.#pictureLayer.batchDraw();
  }

  showCamera(camera: Camera): void {
    this.#camera = camera;
    this.#overlayLayer.position({ x: camera.x, y: camera.y });
    this.#overlayLayer.scale({ x: camera.scale, y: camera.scale });
    this.#pictureLayer.batchDraw();
    this.#overlayLayer.batchDraw();
  }

  /**
   * @param filter as CSS has it, for the photo alone; null shows its pixels as they are
   * @param gridPx distance of the lines of a grid in image pixels; null without one
   */
  showImageLook(filter: string | null, gridPx: number | null): void {
    this.#filter = filter;
    this.#gridPx = gridPx;
    this.#pictureLayer.batchDraw();
    this.#overlayLayer.batchDraw();
  }

  showRegions(look: FillLook): void {
    this.#look = look;
    const added = this.#tiles.show(look);
    const waiting = this.#fresh.filter((annotation) => look.annotations.includes(annotation));
    const fresh = [...waiting, ...added];
    this.#fresh = fresh.length <= mostDrawnLive ? fresh : [];
    this.#pictureLayer.batchDraw();
    this.#overlayLayer.batchDraw();
  }

  showOverlay(look: OverlayLook): void {
    this.#overlay = look;
    this.#overlayLayer.batchDraw();
  }

  showDrafts(drafts: DraftLook): void {
    this.#drafts = drafts;
    this.#overlayLayer.batchDraw();
  }

  #tilePainted(): void {
    this.#pictureLayer.batchDraw();
    // The upper layer is drawn after this one, in the same frame.
    if (this.#isLive) this.#overlayLayer.batchDraw();
    if (this.#fresh.length === 0 || !this.#tiles.isSettled) return;
    this.#fresh = [];
    this.#overlayLayer.batchDraw();
  }

  #drawPicture(context: CanvasRenderingContext2D): void {
    if (this.#imageSize.width === 0) return;
    const screen = this.#screen(context);
    context.save();
    context.resetTransform();
    if (this.#filter) context.filter = this.#filter;
    this.#image?.draw(screen);
    context.filter = 'none';
    context.imageSmoothingEnabled = true;
    const inView = boxInView(screen.camera, screen.viewport);
    const tiles = this.#tiles.look(inView, levelFor(deviceScale(screen)));
    const isPainted = tiles.every((tile) => this.#tiles.picture(tile) !== undefined);
    this.#isLive = !isPainted && this.#look !== null && isDrawnLive(this.#look, screen);
    if (!this.#isLive) {
      drawTiles(screen, this.#imageSize, tiles, (tile) => this.#tiles.picture(tile));
    }
    context.restore();
  }

  #screen(context: CanvasRenderingContext2D): Screen {
    const viewport = this.#stage.size();
    const ratio = this.#pictureLayer.getCanvas().getPixelRatio();
    return { context, camera: this.#camera, viewport, ratio };
  }

  #drawOverlay(context: CanvasRenderingContext2D): void {
    const screen = this.#screen(context);
    const view = boxInView(screen.camera, screen.viewport);
    const pen: Pen = { context, screenPixel: 1 / this.#camera.scale, view };
    const scale = deviceScale(screen);
    context.imageSmoothingEnabled = false;
    if (this.#overlay) shadeAround(screen, this.#imageSize, this.#overlay);
    if (this.#gridPx) drawGrid(this.#gridPx, this.#imageSize, pen);
    const live = this.#isLive ? this.#look?.annotations : this.#fresh;
    if (this.#look && live && live.length > 0) this.#drawLive(live, this.#look, pen, scale);
    if (this.#overlay) {
      const { annotations, nameOf, colorOf } = this.#overlay;
      if (nameOf) drawNameTags(screen, annotations, nameOf, colorOf);
      this.#drawLook(this.#overlay, pen, scale);
      this.#drawKeypoints(this.#overlay, pen);
    }
    if (this.#drafts) this.#drawDrafts(this.#drafts, pen, scale);
  }

  #drawDrafts(
    { drafts, reshapable, colorOf, skeletonOf }: DraftLook,
    pen: Pen,
    scale: number,
  ): void {
    const opacity = this.#look?.opacity ?? 1;
    if (reshapable) drawHandles(reshapable, pen);
    for (const draft of drafts) drawDraft(draft, { colorOf, skeletonOf, opacity, scale }, pen);
  }

  #drawLive(live: readonly Annotation[], look: FillLook, pen: Pen, scale: number): void {
    const { context } = pen;
    context.globalAlpha = look.opacity;
    for (const annotation of live) {
      annotationShape(annotation).fill(context, look.colorOf(annotation), scale, pen);
    }
    context.globalAlpha = 1;
    for (const annotation of live) {
      drawOutline(annotationShape(annotation).outline(pen), look.colorOf(annotation), false, pen);
    }
  }

  #drawLook(look: OverlayLook, pen: Pen, scale: number): void {
    const selected = new Set(look.selectedIds);
    const lit = new Set(look.litIds);
    for (const annotation of look.annotations) {
      const isSelected = selected.has(annotation.id);
      const isPointedAt = annotation.id === look.hoveredId || lit.has(annotation.id);
      if (!isSelected && !isPointedAt) continue;
      drawOutline(
        annotationShape(annotation).outline(pen),
        look.colorOf(annotation),
        isSelected,
        pen,
      );
    }
    for (const prompt of look.prompts) {
      const { seat } = prompt;
      const color = look.proposalColors[seat];
      if (prompt.draft)
        this.#drawProposal(prompt.draft, color, { isActive: true, seat }, pen, scale);
      for (const proposal of prompt.draft ? [] : prompt.proposals) {
        const isActive = proposal.id === look.activeProposal?.id;
        this.#drawProposal(proposal, color, { isActive, seat }, pen, scale);
      }
      const isWaiting = prompt.status.kind === 'waiting';
      for (const mark of prompt.marks) this.#drawPromptMark(mark, isWaiting, pen);
    }
  }

  /** Those in view; of too many only those of the regions that are selected or pointed at. */
  #drawKeypoints({ annotations, colorOf, skeletonOf, ...look }: OverlayLook, pen: Pen): void {
    const drafted = this.#drafts?.drafts.map((draft) =>
      draft.kind === 'keypoints' ? draft.annotationId : null,
    );
    const shown = annotations.filter(
      (annotation) =>
        keypointsOf(annotation) !== null &&
        // Those of darkened regions would be the brightest of all.
        (look.litIds?.includes(annotation.id) ?? true) &&
        !drafted?.includes(annotation.id) &&
        boxesOverlap(annotation.bbox, pen.view),
    );
    const isPointedAt = ({ id }: Annotation) =>
      look.selectedIds.includes(id) || id === look.hoveredId;
    const drawn = shown.length > mostDrawnKeypoints ? shown.filter(isPointedAt) : shown;
    for (const annotation of drawn) {
      const color = colorOf(annotation);
      drawKeypoints(keypointsOf(annotation)!, skeletonOf(annotation), color, pen);
    }
  }

  #drawProposal(
    proposal: MaskCandidate,
    color: string,
    { isActive, seat }: { readonly isActive: boolean; readonly seat: PromptSeat },
    pen: Pen,
    scale: number,
  ): void {
    const shape = proposalShape(proposal);
    pen.context.globalAlpha = isActive ? 0.45 : 0.2;
    shape.fill(pen.context, color, scale, pen);
    pen.context.globalAlpha = 1;
    const lines = proposalLines(color, isActive, seat === 'other');
    strokeLines(pen.context, shape.outline(pen), lines, pen.screenPixel);
  }

  #drawPromptMark(mark: PromptMark, isWaiting: boolean, pen: Pen): void {
    pen.context.globalAlpha = isWaiting ? 0.6 : 1;
    drawMark(mark, pen);
    pen.context.globalAlpha = 1;
  }
}

/**
 * Whether regions are drawn live until their tiles are painted, instead of from coarser tiles: few
 * regions, with masks that are quickly tinted, and without patterns, which only tiles have.
 */
function isDrawnLive({ annotations, patternOf }: FillLook, screen: Screen): boolean {
  if (annotations.length > mostDrawnLive) return false;
  const cell = Math.max(2 ** levelFor(deviceScale(screen)), 1);
  const cells = annotations.reduce((sum, { geometry, bbox }) => {
    return geometry.kind === 'mask' ? sum + (bbox[2] * bbox[3]) / cell ** 2 : sum;
  }, 0);
  return cells <= mostLiveCells && annotations.every((one) => patternOf(one) === 'plain');
}

/** A node that paints with plain canvas calls. */
function paintedNode(draw: (context: CanvasRenderingContext2D) => void): Konva.Shape {
  return new Konva.Shape({
    listening: false,
    perfectDrawEnabled: false,
    sceneFunc: (context) => draw(context._context),
  });
}
