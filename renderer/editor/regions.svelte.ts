import { geometryMeasures, pointInGeometry } from '../../core/geometry/region.ts';
import { isNearLine } from '../../core/geometry/vertices.ts';
import type { Box, Point } from '../../core/geometry/shapes.ts';
import type { Annotation, Geometry, RecordId } from '../../core/records.ts';
import type { Document } from './document.svelte.ts';
import type { ProjectSettingsState } from './project-settings.svelte.ts';
import { RegionLook } from './region-look.svelte.ts';
import { noIds, withIds, type IdSet } from './id-set.ts';
import { maskHas, maskRuns } from './mask-runs.ts';
import { SpatialIndex } from './spatial-index.ts';

/**
 * How the shown annotations are looked at: which are selected, hidden, locked or under a point,
 * and their colours. All of it is a matter of the view; no record knows of it. Locks alone are
 * kept, in the project's settings.
 */
export class Regions {
  /** In the order in which they were selected; the last one is the one that is shown in full. */
  selectedIds = $state.raw<readonly RecordId[]>([]);
  hoveredId = $state<RecordId | null>(null);
  hiddenIds = $state.raw<IdSet>(noIds);
  /**
   * Regions that are shown as the photo has them, while all else is darkened; null while nothing
   * is.
   */
  litIds = $state.raw<readonly RecordId[] | null>(null);
  /** Kept with the project: a lock holds until a person opens it. */
  readonly lockedIds: IdSet = $derived.by(() =>
    withIds(noIds, this.#settings.current.lockedIds, true),
  );
  readonly look: RegionLook;

  /** The selected annotations in drawing order. */
  readonly selection = $derived.by(() => {
    const ids = withIds(noIds, this.selectedIds, true);
    return this.#document.annotations.filter(({ id }) => ids.has(id));
  });
  readonly selected = $derived.by(
    () => this.selection.find(({ id }) => id === this.selectedId) ?? null,
  );
  /** The shape shown in place of a region, for comparison. */
  shownInstead = $state.raw<Annotation | null>(null);
  readonly visible = $derived.by(() => {
    const { shownInstead } = this;
    const shown = this.#document.annotations.filter(({ id }) => !this.hiddenIds.has(id));
    return shownInstead
      ? shown.map((one) => (one.id === shownInstead.id ? shownInstead : one))
      : shown;
  });

  readonly #document: Document;
  readonly #settings: ProjectSettingsState;
  readonly #index = new SpatialIndex<Annotation>();
  #indexed: readonly Annotation[] = [];

  constructor(document: Document, settings: ProjectSettingsState) {
    this.#document = document;
    this.#settings = settings;
    this.look = new RegionLook(document);
  }

  /** Shows another shape in place of a region of the shown image, for comparison. */
  showInstead(annotation: Annotation, geometry: Geometry): void {
    const { image } = this.#document;
    if (!image) return;
    const measures = geometryMeasures(geometry, image.width, image.height);
    this.shownInstead = { ...annotation, geometry, ...measures };
  }

  /** Forgets what was selected and hidden on another image. */
  reset(): void {
    this.selectedIds = [];
    this.hoveredId = null;
    this.hiddenIds = noIds;
    if (this.litIds) this.litIds = [];
  }

  /** The region that was selected last. */
  get selectedId(): RecordId | null {
    return this.selectedIds.at(-1) ?? null;
  }

  /** Selects one region alone, or none. */
  select(id: RecordId | null): void {
    this.selectedIds = id ? [id] : [];
  }

  /** Adds a region to the selection, or takes it out. */
  toggle(id: RecordId): void {
    this.selectedIds = this.selectedIds.includes(id)
      ? this.selectedIds.filter((known) => known !== id)
      : [...this.selectedIds, id];
  }

  /** Selects everything in drawing order from the region selected first to this one. */
  selectTo(id: RecordId): void {
    const ids = this.#document.annotations.map((annotation) => annotation.id);
    const from = ids.indexOf(this.selectedIds[0] ?? id);
    const to = ids.indexOf(id);
    const range = ids.slice(Math.min(from, to), Math.max(from, to) + 1);
    this.selectedIds = from <= to ? range : range.reverse();
  }

  selectAll(): void {
    this.selectedIds = this.visible.map(({ id }) => id);
  }

  /** Takes regions that are gone out of the selection. */
  followDocument(): void {
    if (this.selection.length < this.selectedIds.length) {
      const there = this.selection.map(({ id }) => id);
      this.selectedIds = this.selectedIds.filter((id) => there.includes(id));
    }
  }

  hover(id: RecordId | null): void {
    this.hoveredId = id;
  }

  /**
   * Visible annotations under an image point, the smallest first, so that nested ones can be
   * reached.
   * @param reach how near a line must be, in image pixels
   */
  at([x, y]: Point, reach = 0): readonly RecordId[] {
    return this.inBox([x - reach, y - reach, 2 * reach, 2 * reach])
      .filter(({ geometry }) => holds(geometry, [x, y], reach))
      .sort((a, b) => a.area - b.area)
      .map(({ id }) => id);
  }

  /** Visible annotations whose boxes overlap or touch a box, in no order. */
  inBox(box: Box): Annotation[] {
    if (this.#indexed !== this.visible) this.#index.update(this.visible);
    this.#indexed = this.visible;
    return this.#index.inBox(box);
  }

  /** Visible annotations whose boxes lie in a box with all of theirs, in no order. */
  within([x, y, width, height]: Box): Annotation[] {
    return this.inBox([x, y, width, height]).filter(
      ({ bbox }) =>
        bbox[0] >= x &&
        bbox[1] >= y &&
        bbox[0] + bbox[2] <= x + width &&
        bbox[1] + bbox[3] <= y + height,
    );
  }

  setHidden(ids: readonly RecordId[], isHidden: boolean): void {
    this.hiddenIds = withIds(this.hiddenIds, ids, isHidden);
  }

  /** Hides the selected regions, or shows them when none of them is visible. */
  toggleSelected(): void {
    this.setHidden(
      this.selectedIds,
      this.selectedIds.some((id) => !this.hiddenIds.has(id)),
    );
  }

  toggleAll(): void {
    const ids = this.#document.annotations.map(({ id }) => id);
    this.setHidden(ids, this.visible.length > 0);
  }

  setLocked(ids: readonly RecordId[], isLocked: boolean): void {
    this.#settings.change({ lockedIds: [...withIds(this.lockedIds, ids, isLocked)] });
  }

  /** Locks the selected regions, or unlocks them when all of them are locked. */
  toggleLocked(): void {
    this.setLocked(
      this.selectedIds,
      this.selectedIds.some((id) => !this.lockedIds.has(id)),
    );
  }
}

/**
 * Masks keep their parsed runs, so that hovering a large one does not read all of it at each move.
 */
function holds(geometry: Geometry, point: Point, reach: number): boolean {
  if (geometry.kind === 'polyline') return isNearLine(geometry.points, point, reach);
  return geometry.kind === 'mask'
    ? maskHas(maskRuns(geometry.rle), point)
    : pointInGeometry(geometry, point);
}
