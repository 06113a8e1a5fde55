import type { HostBridge } from '../../app/api/contract.ts';
import type { ImageRow } from '../../app/api/contract/images.ts';
import { noImages, openStates } from '../../core/image-states.ts';
import { imageStates, type ImageState, type RecordId } from '../../core/records.ts';
import { everyImage, queryOf, type ImageCriteria } from './image-criteria.ts';

const pageSize = 200;
/** Neighbours of the shown image are wanted soon. */
const loadedAround = 2;

type StateCounts = Readonly<Record<ImageState, number>>;

/** The project's images as a list that loads only the pages that are looked at. */
export class ImageList {
  filter = $state.raw<ImageCriteria>(everyImage);
  /** Number of images that pass the filter. */
  total = $state(0);
  /** Images of the whole project by state. */
  counts = $state.raw<StateCounts>(noImages());
  readonly #bridge: HostBridge;
  /** Sparse: only the pages that were looked at. */
  #pages = $state.raw<readonly (readonly ImageRow[] | undefined)[]>([]);
  #loading: (Promise<void> | undefined)[] = [];
  /** Under way while a filter is set of which no row is loaded yet. */
  #starting: Promise<void> = Promise.resolve();
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

  /** Narrows or widens the list; what is not named stays as it was. */
  async setFilter(change: Partial<ImageCriteria>): Promise<void> {
    this.filter = { ...this.filter, ...change };
    await this.#startAnew();
  }

  /** Forgets what is loaded and reads the first page and the counts again. */
  async reload(): Promise<void> {
    const counts = imageStates.map(async (state): Promise<[ImageState, number]> => {
      const page = await this.#bridge.call('images.list', { states: [state], offset: 0, limit: 1 });
      return [state, page.total];
    });
    await this.#startAnew();
    this.counts = Object.fromEntries(await Promise.all(counts)) as StateCounts;
  }

  #startAnew(): Promise<void> {
    this.#generation += 1;
    this.#loading = [];
    this.#starting = this.#loadPage(0, true);
    return this.#starting;
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

  /**
   * Where an image is in the list, or would be if the filter let it pass. The rows around it are
   * loaded.
   * @throws AppError `not-found` when the project has no such image.
   */
  async find(imageId: RecordId): Promise<{ readonly place: number; readonly isIn: boolean }> {
    await this.#starting;
    const known = this.indexOf(imageId);
    const place =
      known >= 0
        ? known
        : await this.#bridge.call('images.place', { ...queryOf(this.filter), imageId });
    await this.ensure(place - loadedAround, place + loadedAround);
    return { place, isIn: this.row(place)?.id === imageId };
  }

  /**
   * The first image of the list after another one, around its end, that waits for a person; null
   * when there is none.
   */
  async nextOpen(imageId: RecordId): Promise<ImageRow | null> {
    const { state } = this.filter;
    const states = openStates.filter((open) => state === null || state === open);
    if (states.length === 0) return null;
    const query = { ...queryOf(this.filter), states };
    const place = await this.#bridge.call('images.place', { ...query, imageId });
    for (const offset of [place, 0]) {
      const { rows } = await this.#bridge.call('images.list', { ...query, offset, limit: 2 });
      const next = rows.find(({ id }) => id !== imageId);
      if (next) return next;
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
      const result = await this.#bridge.call('images.list', {
        ...queryOf(this.filter),
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
