import type { ImageFilter } from '../../core/project/image-filter.ts';
import type { RecordId } from '../../core/records.ts';
import { noIds, withIds, type IdSet } from './id-set.ts';
import { filterOf } from './image-criteria.ts';
import type { ImageList } from './image-list.svelte.ts';

/** The images of the list that are chosen to be changed together. */
export class ImageChoice {
  ids = $state.raw<IdSet>(noIds);
  /** The whole filtered list, also what of it is not loaded. */
  isWhole = $state(false);
  /** Where a range begins. */
  #from = 0;
  readonly #images: ImageList;

  constructor(images: ImageList) {
    this.#images = images;
  }

  get count(): number {
    return this.isWhole ? this.#images.total : this.ids.size;
  }

  has(id: RecordId): boolean {
    return this.isWhole || this.ids.has(id);
  }

  toggle(index: number): void {
    const row = this.#images.row(index);
    if (!row) return;
    this.isWhole = false;
    this.ids = withIds(this.ids, [row.id], !this.ids.has(row.id));
    this.#from = index;
  }

  /** Adds everything from where the last one was chosen. */
  async chooseTo(index: number): Promise<void> {
    const [first, last] = [Math.min(this.#from, index), Math.max(this.#from, index)];
    await this.#images.ensure(first, last);
    const rows = Array.from({ length: last - first + 1 }, (_, at) => this.#images.row(first + at));
    const ids = rows.flatMap((row) => (row ? [row.id] : []));
    this.ids = withIds(this.ids, ids, true);
  }

  chooseWhole(): void {
    this.isWhole = true;
    this.ids = noIds;
  }

  clear(): void {
    this.isWhole = false;
    this.ids = noIds;
  }

  /** Input of a change of the chosen images. */
  get filter(): ImageFilter {
    return this.isWhole ? filterOf(this.#images.filter) : { ids: [...this.ids] };
  }
}
