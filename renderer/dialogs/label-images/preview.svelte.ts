import type { HostBridge } from '../../../app/api/contract.ts';
import type { ImageRow } from '../../../app/api/contract/images.ts';
import type { ImageFilter } from '../../../core/project/image-filter.ts';
import { toErrorEnvelope, type ErrorEnvelope } from '../../../core/errors.ts';
import { newId } from '../../../core/ids.ts';
import { defaultPointsPerSide, type AnswerMask, type ModelRequest } from '../../../core/prompt.ts';

/** A mask that a batch would find, and the name that it was asked with. */
export type PreviewMask = AnswerMask & { readonly category: string | null };

/** The masks of the model in one image. */
export interface PreviewImage {
  readonly row: ImageRow;
  readonly masks: readonly PreviewMask[];
}

/** How many images are looked at. */
const previewed = 3;

/**
 * A preview of a batch on a few images of a filter, spread over its list, with the loaded model.
 */
export class Preview {
  images = $state.raw<readonly PreviewImage[]>([]);
  /** Questions that were answered, of how many; null while nothing is asked. */
  progress = $state.raw<{ readonly done: number; readonly total: number } | null>(null);
  error = $state.raw<ErrorEnvelope | null>(null);
  readonly #bridge: HostBridge;
  /** The run whose answers are shown; a newer one takes its place. */
  #run = 0;
  #requestId: string | null = null;

  constructor(bridge: HostBridge) {
    this.#bridge = bridge;
  }

  /**
   * @param names null looks for everything, without names
   * @param leastScore the lowest score to ask for, of a model that filters by score
   */
  async show(
    filter: ImageFilter,
    names: readonly string[] | null,
    leastScore?: number,
  ): Promise<void> {
    this.stop();
    const run = ++this.#run;
    this.images = [];
    this.error = null;
    this.progress = { done: 0, total: 0 };
    try {
      const rows = await this.#rows(filter);
      if (run !== this.#run) return;
      const questions = names ?? [null];
      const total = rows.length * questions.length;
      let done = 0;
      this.progress = { done, total };
      for (const [index, row] of rows.entries()) {
        this.images = [...this.images, { row, masks: [] }];
        for (const name of questions) {
          const found = await this.#ask(row, name, names ?? [], leastScore);
          if (run !== this.#run) return;
          const image = this.images[index]!;
          this.images = this.images.with(index, { row, masks: [...image.masks, ...found] });
          this.progress = { done: ++done, total };
        }
      }
    } catch (thrown) {
      if (run === this.#run) this.error = toErrorEnvelope(thrown);
    }
    if (run === this.#run) this.progress = null;
  }

  /** Asks nothing more; what was found stays. */
  stop(): void {
    this.#run++;
    this.progress = null;
    const requestId = this.#requestId;
    // The answer is ignored anyway; cancelling only saves the model's time.
    if (requestId) this.#bridge.call('prompt.cancel', { requestId }).catch(() => undefined);
  }

  async #rows(filter: ImageFilter): Promise<ImageRow[]> {
    const page = (offset: number) =>
      this.#bridge.call('images.list', { ...filter, offset, limit: 1 });
    const first = await page(0);
    const last = first.total - 1;
    const places = Array.from({ length: previewed }, (_, index) =>
      Math.floor((index * last) / (previewed - 1)),
    );
    const others = places.filter((place, index) => place > 0 && places.indexOf(place) === index);
    const pages = await Promise.all(others.map(page));
    return [first, ...pages].flatMap(({ rows }) => rows);
  }

  async #ask(
    { id: imageId }: ImageRow,
    name: string | null,
    names: readonly string[],
    minimumScore?: number,
  ): Promise<PreviewMask[]> {
    const requestId = newId();
    this.#requestId = requestId;
    const least = minimumScore === undefined ? {} : { minimumScore };
    const request: ModelRequest =
      name === null
        ? { task: 'everything', pointsPerSide: defaultPointsPerSide, regions: [], ...least }
        : { task: 'segment', text: name, beside: [...names], regions: [], ...least };
    const { answers } = await this.#bridge.call('prompt.ask', { requestId, imageId, request });
    this.#requestId = null;
    const masks = answers.flatMap((answer) => answer.masks).filter(({ area }) => area > 0);
    return masks.map((mask) => ({ ...mask, category: name ?? mask.label }));
  }
}
