import { keypointsBox, keypointsOf, skeletonOf } from '../../core/project/keypoints.ts';
import { stepLabel } from '../../core/project/step-labels.ts';
import { rleOfStroke } from '../../core/geometry/placed-rle.ts';
import { enclosesPixels } from '../../core/geometry/region.ts';
import { rleArea } from '../../core/geometry/rle.ts';
import type { Box, Point } from '../../core/geometry/shapes.ts';
import type { PromptMark } from '../../core/prompt.ts';
import type { Annotation, Geometry, Keypoint, RecordId, Skeleton } from '../../core/records.ts';
import { text } from '../i18n/text.svelte.ts';
import { chooseCategory } from './changes.ts';
import { Crosshair } from './crosshair.svelte.ts';
import type { Document } from './document.svelte.ts';
import type { OutlineEdits } from './outline-edits.svelte.ts';
import type { Proposals } from './proposals.svelte.ts';
import type { RegionEdits } from './region-edits.ts';
import type { Regions } from './regions.svelte.ts';
import type { Remedy } from './remedy.ts';
import { snapPoint } from './snapping.ts';
import { Toolbelt } from './toolbelt.svelte.ts';
import { isMarkInside, type Size } from './tools/bounds.ts';
import { reshapableOutline } from './tools/grips.ts';
import { toolOf, type ToolId } from './tools/registry.ts';
import type { DrawMode, ToolOptions } from './tools/tool-options.svelte.ts';
import { pickTool } from './tools/pick.ts';
import {
  ToolMachine,
  type Draft,
  type ToolContext,
  type ToolDefinition,
  type VectorGeometry,
} from './tools/tool.ts';
import type { View } from './view.svelte.ts';

/** How near the pointer takes hold of a line, on the screen. */
const lineReachPx = 5;

/** The state that tools read and change; an editor. */
export interface ToolTarget {
  readonly document: Document;
  readonly regions: Regions;
  readonly edits: RegionEdits;
  readonly outline: OutlineEdits;
  readonly proposals: Proposals;
  readonly view: View;
  addShape(geometry: Geometry, keypoints?: readonly Keypoint[]): void;
  reportFailure(message: string, remedy?: Remedy): void;
}

/**
 * The tools of an editor: which one is in hand, what it may do, and what the canvas shows of its
 * work.
 */
export class ToolHost implements ToolContext {
  readonly crosshair: Crosshair;
  readonly #target: ToolTarget;
  readonly #belt = new Toolbelt(this);
  readonly #picker = new ToolMachine(pickTool(), this);
  /** Whether regions are only looked at: a press selects one, and nothing changes any. */
  isPicking = $state(false);

  /** All that is being drawn. */
  readonly drafts = $derived.by((): readonly Draft[] => {
    const drafts = Array.from(this.#belt.drafts.values());
    const { crop } = this.#target.proposals;
    if (crop) drafts.unshift({ kind: 'crop', box: crop, image: this.imageSize });
    const { simplification } = this.#target.outline;
    if (!simplification) return drafts;
    const { annotation, geometry } = simplification;
    return [...drafts, { kind: 'reshaped', annotation, geometry }];
  });
  /** Regions that a draft shows in another place or form; not drawn where they are. */
  readonly #draftedIds = $derived.by(() => {
    const { draft } = this;
    const { simplification } = this.#target.outline;
    if (simplification) return simplification.annotation.id;
    if (draft?.kind === 'moved') return draft.annotations.map(({ id }) => id).join(' ');
    return draft?.kind === 'reshaped' ? draft.annotation.id : '';
  });
  /** The regions as drawn by the canvas. */
  readonly shownRegions = $derived.by(() => {
    const { visible } = this.#target.regions;
    if (this.#draftedIds === '') return visible;
    const drafted = this.#draftedIds.split(' ');
    return visible.filter(({ id }) => !drafted.includes(id));
  });
  /** The region whose vertices or sides can be taken hold of. */
  readonly reshapable = $derived.by((): VectorGeometry | null => {
    const [annotation] = this.selection;
    const isAlone = this.selection.length === 1 && this.#draftedIds === '';
    if (this.isPicking || this.toolId !== 'select' || !annotation || !isAlone) return null;
    return reshapableOutline(annotation);
  });

  constructor(target: ToolTarget) {
    this.#target = target;
    this.crosshair = new Crosshair(this, target.view);
  }

  // The tool in hand

  get toolId(): ToolId {
    return this.#belt.toolId;
  }

  get definition(): ToolDefinition {
    return toolOf(this.toolId);
  }

  get machine(): ToolMachine {
    return this.isPicking ? this.#picker : this.#belt.machine;
  }

  /** Of the tool in hand. */
  get draft(): Draft | null {
    return this.#belt.draft;
  }

  get options(): ToolOptions {
    return this.#belt.options;
  }

  take(id: ToolId): void {
    this.#belt.take(id);
    this.#target.regions.hover(null);
  }

  /** Drops the drafts that wait while another tool is in hand. Returns whether there were any. */
  dropWaiting(): boolean {
    return this.#belt.dropWaiting();
  }

  /** Another image is about to be shown: what is being drawn ends, or waits. */
  letGo(): void {
    this.machine.leave();
  }

  /** Another image is shown, with what was left unfinished on it. */
  showImage(imageId: RecordId): void {
    this.#belt.showImage(imageId);
    this.crosshair.hide();
  }

  /**
   * An arrow key, to the right and down: moves what is selected while no crosshair is shown, else
   * the crosshair.
   */
  arrow(direction: Point, isLarge: boolean): void {
    if (!this.#target.document.image) return;
    const isForSelection = this.toolId === 'select' && this.selection.length > 0;
    if (isForSelection && !this.crosshair.at) {
      const step = isLarge ? 10 : 1;
      this.machine.arrow([direction[0] * step, direction[1] * step]);
    } else {
      this.crosshair.move(direction, isLarge);
    }
  }

  // Access of the tools

  get imageSize(): Size {
    return this.#target.document.image ?? { width: 0, height: 0 };
  }

  hitTest(at: Point): readonly RecordId[] {
    return this.#target.regions.at(at, lineReachPx / this.#target.view.camera.scale);
  }

  within(box: Box): readonly RecordId[] {
    return this.#target.regions.within(box).map(({ id }) => id);
  }

  snap(at: Point, reach: number, own: RecordId | null): Point {
    const near = this.#target.regions
      .inBox([at[0] - reach, at[1] - reach, 2 * reach, 2 * reach])
      .filter(({ id }) => id !== own)
      .map(({ geometry }) => geometry);
    return snapPoint(near, at, reach) ?? at;
  }

  get selection(): readonly Annotation[] {
    return this.#target.regions.selection;
  }

  select(ids: readonly RecordId[]): void {
    this.#target.regions.selectedIds = ids;
  }

  hover(id: RecordId | null): void {
    this.#target.regions.hover(id);
  }

  draw(draft: Draft | null): void {
    this.#belt.draw(draft);
  }

  showModel(crop: Box | null): void {
    this.#target.proposals.crop = crop;
  }

  addMark(mark: PromptMark, prompt: 'same' | 'new'): void {
    const { document, proposals } = this.#target;
    const { crop } = proposals;
    if (crop && !isMarkInside(mark, crop)) {
      return this.#target.reportFailure(text.errors.outsideCrop, {
        kind: 'step',
        label: text.tools.wholeImage,
        run: () => this.showModel(null),
      });
    }
    if (document.image) proposals.prompts.addMark(document.image.id, mark, prompt, crop);
  }

  addShape(geometry: VectorGeometry, mode: DrawMode): void {
    const { selected } = this.#target.regions;
    if (mode === 'subtract' && !selected) {
      return this.#target.reportFailure(text.errors.nothingToCut);
    }
    if (mode === 'new' || !selected || !enclosesPixels(selected.geometry)) {
      return this.#target.addShape(geometry);
    }
    const label = mode === 'add' ? stepLabel('addToRegion') : stepLabel('cutOut');
    this.#target.edits.draw(selected, geometry, mode === 'add' ? 'union' : 'subtract', label);
  }

  paint(stroke: readonly Point[], width: number, erases: boolean): void {
    const { selected } = this.#target.regions;
    const { imageSize } = this;
    const rle = rleOfStroke(stroke, width, imageSize.width, imageSize.height);
    const geometry: Geometry = { kind: 'mask', rle };
    if (selected && enclosesPixels(selected.geometry)) {
      const label = erases ? stepLabel('erase') : stepLabel('paint');
      this.#target.edits.draw(selected, geometry, erases ? 'subtract' : 'union', label);
    } else if (erases) {
      this.#target.reportFailure(text.errors.nothingToErase);
    } else if (rleArea(rle) > 0) {
      this.#target.addShape(geometry);
    }
  }

  addTag(): undefined {
    this.#target.addShape({ kind: 'tag' });
  }

  takeSkeleton(): Skeleton | null {
    const { document, proposals, regions } = this.#target;
    const { selected } = regions;
    const own = selected && document.categoryOf(selected);
    const choice = chooseCategory(own?.name ?? proposals.lastName, document.categories);
    const category = choice.kind === 'none' ? null : choice.category;
    const skeleton = category && skeletonOf(category);
    if (!skeleton) {
      this.#target.reportFailure(text.keypoints.none(category?.name ?? null), {
        kind: 'skeleton',
        categoryId: category?.id ?? null,
      });
    }
    return skeleton;
  }

  skeletonOf(annotation: Annotation): Skeleton | null {
    const category = this.#target.document.categoryOf(annotation);
    const skeleton = category && skeletonOf(category);
    const count = keypointsOf(annotation)?.length;
    return skeleton?.keypoints.length === count ? skeleton : null;
  }

  addKeypoints(keypoints: readonly Keypoint[]): void {
    const { document, edits, regions } = this.#target;
    const { selected } = regions;
    const category = selected && document.categoryOf(selected);
    const isFree = selected && category && skeletonOf(category) && !keypointsOf(selected);
    if (isFree) edits.setKeypoints(selected, keypoints);
    else this.#target.addShape({ kind: 'box', box: keypointsBox(keypoints)! }, keypoints);
  }

  setKeypoints(annotation: Annotation, keypoints: readonly Keypoint[]): void {
    this.#target.edits.setKeypoints(annotation, keypoints);
  }

  moveSelection(by: Point): void {
    this.#target.edits.move(by);
  }

  reshape(annotation: Annotation, geometry: VectorGeometry): void {
    this.#target.edits.reshape(annotation, geometry);
  }
}
