import { stepLabel } from '../../core/project/step-labels.ts';
import { geometryRle } from '../../core/geometry/region.ts';
import type { RecordId } from '../../core/records.ts';
import type { HostBridge } from '../../app/api/contract.ts';
import { edgeRadius, refineInWorker, type EdgeRefiner } from './edge-refiner.ts';
import type { EditedImage, RegionEdits } from './region-edits.ts';
import { Simplification } from './simplification.svelte.ts';

/** The state that changes of an outline need; an editor. */
interface Edited extends EditedImage {
  readonly bridge: HostBridge;
  readonly edits: RegionEdits;
  attempt(work: () => Promise<void> | void): Promise<void>;
}

/**
 * Changes of the selected region's outline that take a while: a simpler one to choose, an edge to
 * fit.
 */
export class OutlineEdits {
  readonly #edited: Edited;
  #simplification = $state.raw<Simplification | null>(null);
  /** The region whose edge is being fitted to the image. */
  refiningId = $state<RecordId | null>(null);
  /** Fits edges to the image's pixels; a test puts its own in. */
  refiner: EdgeRefiner = refineInWorker;

  /** A simpler outline that is being chosen for the selected region. */
  readonly simplification = $derived.by(() =>
    this.#simplification?.annotation === this.#edited.regions.selected
      ? this.#simplification
      : null,
  );

  constructor(edited: Edited) {
    this.#edited = edited;
  }

  /** Begins to choose a simpler outline for the selected region. */
  simplify(): void {
    const { regions, document } = this.#edited;
    if (!regions.selected || !document.image) return;
    this.#simplification = new Simplification(regions.selected, document.image);
  }

  /** Ends it: the region takes the outline, or keeps its own. */
  endSimplify(isAccepted: boolean): void {
    const { simplification } = this;
    this.#simplification = null;
    if (!simplification || !isAccepted) return;
    const { annotation, geometry, result } = simplification;
    this.#edited.edits.reshape(
      annotation,
      geometry,
      stepLabel('simplify', { count: result.vertices }),
    );
  }

  /**
   * Fits the edge of the selected region to the image, as one step; a region changed meanwhile is
   * left alone.
   */
  async refineEdge(): Promise<void> {
    const { bridge, document, regions, edits } = this.#edited;
    const { selected } = regions;
    const { image } = document;
    if (!selected || !image || this.refiningId) return;
    this.refiningId = selected.id;
    await this.#edited.attempt(async () => {
      const rle = await this.refiner({
        imageUrl: bridge.imageUrl(image.id, 'full'),
        rle: geometryRle(selected.geometry, image.width, image.height),
        radius: edgeRadius(selected.area),
      });
      const isAsItWas = document.annotations.includes(selected);
      if (isAsItWas) edits.reshape(selected, { kind: 'mask', rle }, stepLabel('refineEdge'));
    });
    this.refiningId = null;
  }
}
