import { isEmptyDiff, removal, squashDiffs, emptyDiff, type Diff } from '../../core/diff.ts';
import type { PartOperation } from '../../core/geometry/boolean.ts';
import { combineGeometries, fillHoles, toMask, toPolygon } from '../../core/geometry/edit.ts';
import { geometryRle } from '../../core/geometry/region.ts';
import type { Point } from '../../core/geometry/shapes.ts';
import { isLabelled } from '../../core/project/keypoints.ts';
import { stepLabel, type StepLabel } from '../../core/project/step-labels.ts';
import type { Annotation, Geometry, ImageRecord, Keypoint } from '../../core/records.ts';
import { failureText } from '../i18n/failure-text.ts';
import { text } from '../i18n/text.svelte.ts';
import type { Document } from './document.svelte.ts';
import { pasteAnnotations, type CopiedRegions } from './changes.ts';
import {
  changeGeometries,
  changeKeypoints,
  combineAnnotations,
  moveAnnotations,
  splitAnnotation,
} from './geometry-changes.ts';
import { shiftInside } from './tools/bounds.ts';
import type { Regions } from './regions.svelte.ts';

/** The subject of edits. */
export interface EditedImage {
  readonly document: Document;
  readonly regions: Regions;
  commit(label: StepLabel, diff: Diff): void;
  reportFailure(message: string): void;
}

/** A copy on its own image is laid so many pixels beside the original. */
const besidePx = 10;

/** Edits of the selected regions; each is one undo step. */
export class RegionEdits {
  readonly #edited: EditedImage;
  /** The last copied regions. */
  #copied: CopiedRegions = { annotations: [], items: [] };

  constructor(edited: EditedImage) {
    this.#edited = edited;
  }

  /** Moves the selected regions by whole pixels. */
  move(by: Point): void {
    const { selection } = this.#edited.regions;
    this.#commit(stepLabel('move', { count: selection.length }), (image) =>
      moveAnnotations(selection, by, image),
    );
  }

  /** Gives a region other keypoints; null takes them away. */
  setKeypoints(annotation: Annotation, keypoints: readonly Keypoint[] | null): void {
    const count = keypoints?.filter(isLabelled).length ?? 0;
    this.#commit(stepLabel('keypoints', { count }), (image) =>
      changeKeypoints(annotation, keypoints, image),
    );
  }

  reshape(
    annotation: Annotation,
    geometry: Geometry,
    label: StepLabel = stepLabel('reshape'),
  ): void {
    this.#change(label, [annotation], () => geometry);
  }

  /** Adds a shape to a region or cuts it out; a region of which nothing is left is removed. */
  draw(
    annotation: Annotation,
    shape: Geometry,
    operation: 'union' | 'subtract',
    label: StepLabel,
  ): void {
    this.#commit(label, (image) => {
      const { width, height } = image;
      const { geometry } = annotation;
      const drawn = combineGeometries(geometry, [shape], operation, width, height);
      if (!drawn) return removal(annotation);
      const before = geometryRle(geometry, width, height);
      const isSame = geometryRle(drawn, width, height).counts === before.counts;
      return isSame ? emptyDiff() : changeGeometries([[annotation, drawn]], image);
    });
  }

  /** A set operation of the region selected first with the others. */
  combine(operation: PartOperation): void {
    const { selectedIds, selection } = this.#edited.regions;
    const kept = selection.find(({ id }) => id === selectedIds[0]);
    const others = selection.filter((annotation) => annotation !== kept);
    if (!kept || others.length === 0) {
      return this.#edited.reportFailure(text.errors.selectTwo);
    }
    this.#commit(stepLabel('combine', { operation }), (image) =>
      combineAnnotations(kept, others, operation, image, this.#edited.document.items),
    );
    this.#edited.regions.select(kept.id);
  }

  /** Makes a region of each part of the selected ones. */
  split(): void {
    const { document, regions } = this.#edited;
    this.#commit(
      stepLabel('splitRegion'),
      (image) => {
        let zOrder = document.nextZOrder();
        return regions.selection
          .map((annotation) => {
            const diff = splitAnnotation(annotation, image, zOrder);
            zOrder += Object.keys(diff.added).length;
            return diff;
          })
          .reduce(squashDiffs, emptyDiff());
      },
      text.errors.onePiece,
    );
  }

  fillHoles(): void {
    const { selection } = this.#edited.regions;
    this.#change(
      stepLabel('fillHoles'),
      selection,
      ({ geometry }, { width, height }) => fillHoles(geometry, width, height),
      text.errors.noHoles,
    );
  }

  /** Makes the selected regions masks, or polygons with the same pixels. */
  convert(to: 'mask' | 'polygon'): void {
    const others = this.#edited.regions.selection.filter(({ geometry }) => geometry.kind !== to);
    this.#change(stepLabel('convert', { to }), others, ({ geometry }, { width, height }) =>
      to === 'mask' ? toMask(geometry, width, height) : toPolygon(geometry),
    );
  }

  copy(): void {
    this.#copied = this.#selected();
  }

  /** Pastes what was copied: at the same place of another image, beside itself on its own. */
  paste(): void {
    this.#paste(stepLabel('paste'), this.#copied);
    const { image } = this.#edited.document;
    const isOwnImage = this.#copied.annotations.some(({ imageId }) => imageId === image?.id);
    // The next copy then lies beside this one and not on top of it.
    if (isOwnImage) this.copy();
  }

  duplicate(): void {
    this.#paste(stepLabel('duplicate'), this.#selected());
  }

  /** Pastes a region without copying it first. */
  pasteOne(annotation: Annotation): void {
    this.#paste(stepLabel('repeat'), this.withItems([annotation]));
  }

  /** The selected regions with the items about them. */
  #selected(): CopiedRegions {
    return this.withItems(this.#edited.regions.selection);
  }

  /** Annotations with what is written about them. */
  withItems(annotations: readonly Annotation[]): CopiedRegions {
    const { document } = this.#edited;
    const items = document.items.filter(({ segments }) =>
      segments.some((part) => annotations.some(({ id }) => id === part.annotationId)),
    );
    return { annotations, items };
  }

  #paste(label: StepLabel, copied: CopiedRegions): void {
    const { annotations } = copied;
    if (annotations.length === 0) return;
    const { document, regions } = this.#edited;
    const diff = this.#commit(
      label,
      (image) => {
        const isOwnImage = annotations.some(({ imageId }) => imageId === image.id);
        const by: Point = isOwnImage
          ? shiftInside(annotations, [besidePx, besidePx], image)
          : [0, 0];
        return pasteAnnotations(copied, by, image, document.nextZOrder());
      },
      text.errors.pastedOutside,
    );
    if (!diff) return;
    const added = Object.values(diff.added).filter(({ kind }) => kind === 'annotation');
    regions.selectedIds = added.map(({ id }) => id);
  }

  #change(
    label: StepLabel,
    annotations: readonly Annotation[],
    change: (annotation: Annotation, image: ImageRecord) => Geometry,
    whenNothing?: string,
  ): void {
    this.#commit(
      label,
      (image) =>
        changeGeometries(
          annotations.map((annotation) => [annotation, change(annotation, image)]),
          image,
        ),
      whenNothing,
    );
  }

  /**
   * Commits what `make` returns and returns it; what it throws is told to the person, and null
   * returned.
   */
  #commit(label: StepLabel, make: (image: ImageRecord) => Diff, whenNothing?: string): Diff | null {
    const { image } = this.#edited.document;
    if (!image) return null;
    try {
      const diff = make(image);
      if (!isEmptyDiff(diff)) {
        this.#edited.commit(label, diff);
        return diff;
      }
      if (whenNothing) this.#edited.reportFailure(whenNothing);
    } catch (thrown) {
      this.#edited.reportFailure(failureText(thrown));
    }
    return null;
  }
}
