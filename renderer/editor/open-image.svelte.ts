import type { HostBridge } from '../../app/api/contract.ts';
import type { ImageRow } from '../../app/api/contract/images.ts';
import { toErrorEnvelope, type ErrorEnvelope } from '../../core/errors.ts';
import type { RecordId } from '../../core/records.ts';
import type { Document } from './document.svelte.ts';
import { isPreparedAhead } from './image-limits.ts';
import type { ImageList } from './image-list.svelte.ts';
import { VisitedImages } from './visited-images.svelte.ts';
import type { Regions } from './regions.svelte.ts';

export type EncodeState = 'none' | 'encoding' | 'ready' | 'failed';

/** The owner of the open image; an editor. */
interface Opening {
  readonly bridge: HostBridge;
  readonly document: Document;
  readonly images: ImageList;
  readonly regions: Regions;
  /** The shown image is about to be left for another one. */
  leaveImage(): void;
  /** Another image is shown. */
  enterImage(imageId: RecordId): void;
  attempt(work: () => Promise<void> | void): Promise<void>;
}

/** Which image is shown, the way to others, and whether the model has looked at it. */
export class OpenImage {
  encodeState = $state<EncodeState>('none');
  /** The problem of the file of the shown image. */
  problem = $state.raw<ErrorEnvelope | null>(null);
  readonly visited = new VisitedImages();
  readonly #opening: Opening;
  /** The image that is being read to be shown. */
  #asked: RecordId | null = null;
  #stepping = Promise.resolve();

  constructor(opening: Opening) {
    this.#opening = opening;
  }

  get id(): RecordId | null {
    return this.#opening.document.image?.id ?? null;
  }

  async show(imageId: RecordId): Promise<void> {
    const isOther = imageId !== this.id;
    if (isOther) this.#opening.leaveImage();
    this.#asked = imageId;
    await this.#opening.attempt(async () => {
      if (!(await this.#openDocument(imageId))) return;
      this.visited.note(imageId);
      if (isOther) {
        this.problem = null;
        this.#opening.enterImage(imageId);
        void this.prepare();
      }
      void this.#lookAtFile(imageId);
      await this.#opening.images.find(imageId);
    });
  }

  /**
   * Whether the image is shown. One that is gone from the project makes room for the first of the
   * list.
   */
  async #openDocument(imageId: RecordId): Promise<boolean> {
    const { document, regions } = this.#opening;
    try {
      return await document.open(imageId);
    } catch (thrown) {
      this.#forgetAsked(imageId);
      if (toErrorEnvelope(thrown).code !== 'not-found') throw thrown;
      document.forget(imageId);
      this.visited.forget(imageId);
      regions.followDocument();
      await this.reloadList();
      return false;
    } finally {
      this.#forgetAsked(imageId);
    }
  }

  #forgetAsked(imageId: RecordId): void {
    if (this.#asked === imageId) this.#asked = null;
  }

  /**
   * Reads the list again. Shows the first image where the one that was shown is gone and no other
   * is about to be shown.
   */
  async reloadList(): Promise<void> {
    const { images } = this.#opening;
    await images.reload();
    const first = images.row(0);
    if (!this.id && !this.#asked && first) await this.show(first.id);
  }

  /** The photo on disk may have been changed since the image was imported. */
  async #lookAtFile(imageId: RecordId): Promise<void> {
    try {
      const problem = await this.#opening.bridge.call('images.problem', { imageId });
      if (this.id === imageId) this.problem = problem;
    } catch {
      // The image was removed meanwhile, or the host was lost; both are reported elsewhere.
    }
  }

  /** Lets the model look at the image ahead of the first prompt, and then at the next one. */
  async prepare(): Promise<void> {
    const imageId = this.id;
    if (!imageId) return;
    this.encodeState = 'encoding';
    const isStillShown = () => this.id === imageId;
    try {
      await this.#opening.bridge.call('prompt.prepare', { imageId });
      if (!isStillShown()) return;
      this.encodeState = 'ready';
      await this.#prepareNext();
    } catch {
      // The status line says so; the first prompt will give the full message.
      if (isStillShown()) this.encodeState = 'failed';
    }
  }

  /**
   * A prompt that comes meanwhile goes first; that the next image cannot be read is said when it is
   * shown.
   */
  async #prepareNext(): Promise<void> {
    const [next] = this.neighbours;
    if (!next || !isPreparedAhead(next)) return;
    await this.#opening.bridge.call('prompt.prepare', { imageId: next.id }).catch(() => undefined);
  }

  /**
   * Shows the next image of the list or the one before, also when the filter leaves the shown one
   * out. A step that is asked for while another is under way goes on from where that one ends.
   */
  step(by: 1 | -1): Promise<void> {
    this.#stepping = this.#stepping.then(() => this.#stepOnce(by));
    return this.#stepping;
  }

  /** Shows the image that was shown before this one, or the one that was gone back from. */
  async revisit(by: 1 | -1): Promise<void> {
    const imageId = this.visited.go(by);
    if (imageId) await this.show(imageId);
  }

  async #stepOnce(by: 1 | -1): Promise<void> {
    const imageId = this.id;
    if (!imageId) return;
    const { images } = this.#opening;
    await this.#opening.attempt(async () => {
      const { place, isIn } = await images.find(imageId);
      const row = images.row(by < 0 ? place - 1 : place + Number(isIn));
      if (row) await this.show(row.id);
    });
  }

  /** Shows the next image that waits for a person. */
  async showNextOpen(): Promise<void> {
    const imageId = this.id;
    if (!imageId) return;
    await this.#opening.attempt(async () => {
      const row = await this.#opening.images.nextOpen(imageId);
      if (row) await this.show(row.id);
    });
  }

  /**
   * The images before and after the shown one, the next first; they are likely to be wanted soon.
   */
  get neighbours(): readonly ImageRow[] {
    const { images } = this.#opening;
    const index = this.id ? images.indexOf(this.id) : -1;
    const rows = index < 0 ? [] : [images.row(index + 1), images.row(index - 1)];
    return rows.filter((row) => row !== undefined);
  }
}
