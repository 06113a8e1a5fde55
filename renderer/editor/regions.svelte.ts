import type { Point } from '../../core/geometry/shapes.ts';
import type { Annotation, RecordId } from '../../core/records.ts';
import type { Document } from './document.svelte.ts';
import { SpatialIndex } from './spatial-index.ts';
import { nothingHidden, withHidden, type HiddenIds } from './visibility.ts';

/** How the shown annotations are looked at: which one is selected, which are hidden, which lie under a point. */
export class Regions {
  selectedId = $state<RecordId | null>(null);
  hoveredId = $state<RecordId | null>(null);
  hiddenIds = $state.raw<HiddenIds>(nothingHidden);

  readonly selected = $derived.by(
    () => this.#document.annotations.find(({ id }) => id === this.selectedId) ?? null,
  );
  readonly visible = $derived.by(() =>
    this.#document.annotations.filter(({ id }) => !this.hiddenIds.has(id)),
  );

  readonly #document: Document;
  readonly #index = new SpatialIndex();
  #indexed: readonly Annotation[] = [];

  constructor(document: Document) {
    this.#document = document;
  }

  /** Forgets what was selected and hidden on another image. */
  reset(): void {
    this.selectedId = null;
    this.hoveredId = null;
    this.hiddenIds = nothingHidden;
  }

  select(id: RecordId | null): void {
    this.selectedId = id;
  }

  hover(id: RecordId | null): void {
    this.hoveredId = id;
  }

  /** Visible annotations under an image point, the smallest first. */
  at(point: Point): readonly RecordId[] {
    if (this.#indexed !== this.visible) this.#index.load(this.visible);
    this.#indexed = this.visible;
    return this.#index.at(point);
  }

  setHidden(ids: readonly RecordId[], isHidden: boolean): void {
    this.hiddenIds = withHidden(this.hiddenIds, ids, isHidden);
  }

  toggleSelected(): void {
    const id = this.selectedId;
    if (id) this.setHidden([id], !this.hiddenIds.has(id));
  }

  toggleAll(): void {
    const ids = this.#document.annotations.map(({ id }) => id);
    this.setHidden(ids, this.visible.length > 0);
  }
}
