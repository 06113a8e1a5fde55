import type { HostBridge, ImageRow } from '../../app/api/contract.ts';
import { imageStates, type ImageState, type RecordId } from '../../core/records.ts';

const pageSize = 200;

export interface ImageFilter {
  readonly text: string;
  /** Null shows every state. */
  readonly state: ImageState | null;
}

type StateCounts = Readonly<Record<ImageState, number>>;

/** The project's images as a list that loads only the pages that are looked at. */
export class ImageList {
  filter = $state.raw<ImageFilter>({ text: '', state: null });
  /** Number of images that pass the filter. */
  total = $state(0);
  /** Images of the whole project by state. */
  counts = $state.raw<StateCounts>({ untouched: 0, 'reviewed-empty': 0, done: 0 });
  readonly #bridge: HostBridge;
  /** Sparse: only the pages that were looked at. */
  #pages = $state.raw<readonly (readonly ImageRow[] | undefined)[]>([]);
  #loading: (Promise<void> | undefined)[] = [];
  /** Counts reloads, so that a page asked for under an older filter is dropped. */
  #generation = 0;

  constructor(bridge: HostBridge) {
    this.#bridge = bridge;
  }

  get projectTotal(): number {
    return imageStates.reduce((sum, state) => sum + this.counts[state], 0);
  }

  /** The row at a place of the filtered list, when its page is loaded. */
  row(index: number): ImageRow | undefined {
    return this.#pages[Math.floor(index / pageSize)]?.[index % pageSize];
  }

  /** The place of an image among the loaded rows, or -1. */
  indexOf(imageId: RecordId): number {
    for (const [page, rows] of this.#pages.entries()) {
      const index = rows?.findIndex(({ id }) => id === imageId) ?? -1;
      if (index >= 0) return page * pageSize + index;
    }
    return -1;
  }

  async setFilter(filter: ImageFilter): Promise<void> {
    this.filter = filter;
    await this.reload();
  }

  /** Forgets what is loaded and reads the first page and the counts again. */
  async reload(): Promise<void> {
    this.#generation += 1;
    this.#loading = [];
    const counts = imageStates.map(async (state): Promise<[ImageState, number]> => {
      const page = await this.#bridge.call('images.list', { states: [state], offset: 0, limit: 1 });
      return [state, page.total];
    });
    await this.#loadPage(0, true);
    this.counts = Object.fromEntries(await Promise.all(counts)) as StateCounts;
  }

  /** Makes sure that the rows of a range are loaded. */
  async ensure(first: number, last: number): Promise<void> {
    const pages: Promise<void>[] = [];
    for (let page = Math.floor(first / pageSize); page <= Math.floor(last / pageSize); page++) {
      if (page >= 0 && page * pageSize < this.total && !this.#pages[page]) {
        pages.push(this.#loadPage(page, false));
      }
    }
    await Promise.all(pages);
  }

  /** The first untouched image after a place of the list, around its end. */
  async nextUntouched(after: number): Promise<ImageRow | null> {
    for (let step = 1; step <= this.total; step++) {
      const index = (after + step) % this.total;
      await this.ensure(index, index);
      const row = this.row(index);
      if (row?.state === 'untouched') return row;
    }
    return null;
  }

  /** Shows a changed state or number of annotations without asking again. */
  patch(imageId: RecordId, state: ImageState, annotations: number): void {
    const index = this.indexOf(imageId);
    const row = this.row(index);
    if (!row || (row.state === state && row.annotations === annotations)) return;
    const page = Math.floor(index / pageSize);
    const rows = this.#pages[page]!.with(index % pageSize, { ...row, state, annotations });
    this.#pages = Object.assign([...this.#pages], { [page]: rows });
    if (row.state !== state) {
      this.counts = {
        ...this.counts,
        [row.state]: this.counts[row.state] - 1,
        [state]: this.counts[state] + 1,
      };
    }
  }

  #loadPage(page: number, isFirstOfFilter: boolean): Promise<void> {
    const known = this.#loading[page];
    if (known) return known;
    const generation = this.#generation;
    const load = async () => {
      const { text, state } = this.filter;
      const result = await this.#bridge.call('images.list', {
        ...(text.trim() === '' ? {} : { text: text.trim() }),
        ...(state === null ? {} : { states: [state] }),
        offset: page * pageSize,
        limit: pageSize,
      });
      if (generation !== this.#generation) return;
      this.total = result.total;
      const before = isFirstOfFilter ? [] : this.#pages;
      this.#pages = Object.assign([...before], { [page]: result.rows });
    };
    const loading = load().finally(() => (this.#loading[page] = undefined));
    this.#loading[page] = loading;
    return loading;
  }
}
