import RBush from 'rbush';
import type { Box } from '../../core/geometry/shapes.ts';
import type { RecordId } from '../../core/records.ts';

/** Anything with a place; replaced, never changed. */
interface Placed {
  readonly id: RecordId;
  readonly bbox: Box;
}

interface Entry<Item> {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  readonly item: Item;
}

/** Adding this share of what is indexed one by one takes longer than building the tree anew. */
const rebuildFrom = 0.1;

/** Finds things by their boxes, in an R-tree that follows changes without being built again. */
export class SpatialIndex<Item extends Placed> {
  readonly #tree = new RBush<Entry<Item>>();
  #entries = new Map<RecordId, Entry<Item>>();

  get size(): number {
    return this.#entries.size;
  }

  /**
   * Makes `items` what is indexed; those that are the same objects as before cost next to nothing.
   */
  update(items: readonly Item[]): void {
    const put = items.filter((item) => this.#entries.get(item.id)?.item !== item);
    const ids = new Set(items.map(({ id }) => id));
    this.change(
      put,
      Array.from(this.#entries.keys()).filter((id) => !ids.has(id)),
    );
  }

  /** Puts items in, in place of those with the same ids, and takes others out. */
  change(put: readonly Item[], gone: readonly RecordId[]): void {
    const isLarge = put.length + gone.length > this.#entries.size * rebuildFrom;
    for (const id of [...gone, ...put.map((item) => item.id)]) {
      const entry = this.#entries.get(id);
      if (entry && !isLarge) this.#tree.remove(entry);
      this.#entries.delete(id);
    }
    for (const item of put) {
      const [x, y, width, height] = item.bbox;
      const entry = { minX: x, minY: y, maxX: x + width, maxY: y + height, item };
      this.#entries.set(item.id, entry);
      if (!isLarge) this.#tree.insert(entry);
    }
    if (isLarge) this.#tree.clear().load(Array.from(this.#entries.values()));
  }

  /** The items whose boxes overlap or touch a box. */
  inBox([x, y, width, height]: Box): Item[] {
    return this.#tree
      .search({ minX: x, minY: y, maxX: x + width, maxY: y + height })
      .map(({ item }) => item);
  }
}
