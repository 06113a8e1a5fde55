import type { HostBridge } from '../../app/api/contract.ts';
import type { TakenStep } from '../../app/api/contract/journal.ts';
import type { ProjectSummary } from '../../app/api/contract/project.ts';
import { changesNothing, invertDiff, isEmptyDiff, type Diff } from '../../core/diff.ts';
import { AppError, toErrorEnvelope } from '../../core/errors.ts';
import type { StepLabel } from '../../core/project/step-labels.ts';
import type {
  Annotation,
  Category,
  ImageRecord,
  Item,
  ProjectRecord,
  RecordId,
  Review,
} from '../../core/records.ts';
import { noCategoryColor, withPlainColors } from './category-colors.ts';
import { inPlace } from './category-order.ts';
import { byId } from './category-changes.ts';
import { rebase } from './rebase.ts';

import { imageOfDiff, imagesOfDiff, shownAfter, type Shown } from './shown.ts';
import { SaveQueue, type Change, type SaveListeners } from './save-queue.svelte.ts';

/**
 * The records that are shown: one image with its annotations, and the project's categories. Every
 * change goes through {@link commit}, which shows it at once and sends it to the journal; undo and
 * redo come back from there.
 */
export class Document {
  readonly saves: SaveQueue;
  image = $state.raw<ImageRecord | null>(null);
  /** In drawing order. */
  annotations = $state.raw<readonly Annotation[]>([]);
  /** About the image and its annotations. */
  items = $state.raw<readonly Item[]>([]);
  reviews = $state.raw<readonly Review[]>([]);
  categories = $state.raw<readonly Category[]>([]);
  /** The last change of the records, for screen readers. */
  lastStep = $state.raw<{ label: StepLabel; direction: 'done' | 'undo' | 'redo' } | null>(null);
  canUndo = $state(false);
  canRedo = $state(false);
  /** Counts the steps that the journal took or gave back, for those who show the journal. */
  revision = $state(0);
  /** A project may have thousands, which are asked for at each region. */
  readonly #categoriesById = $derived(byId(this.categories));
  /** Whether it was told what can be undone and redone. */
  #knowsHistory = false;
  readonly #bridge: HostBridge;
  /** Whether the person here must not know the texts and reviews of others. */
  #isBlind = false;
  /**
   * Changes that are shown and not kept, the newest last, and those of them that were taken back;
   * null: every change is kept.
   */
  #tried: { readonly done: Diff[]; readonly undone: Diff[] } | null = null;
  /** Counts image openings, so that a document that comes late does not replace a newer one. */
  #opening = 0;

  constructor(
    bridge: HostBridge,
    { canUndo, canRedo }: ProjectSummary,
    listeners: Pick<SaveListeners, 'onRefused' | 'onFailed'>,
  ) {
    this.#bridge = bridge;
    this.canUndo = canUndo;
    this.canRedo = canRedo;
    const onSaved = (step: TakenStep) => this.noteHistory(step);
    const isStored = async ({ diff }: Change) =>
      isEmptyDiff(rebase(diff, await this.#storedRecords(diff)));
    this.saves = new SaveQueue(bridge, { onSaved, isStored, ...listeners });
  }

  /** Shows the image without items and reviews, or with them again. */
  async setBlind(isBlind: boolean): Promise<void> {
    this.#isBlind = isBlind;
    if (this.image) await this.open(this.image.id);
  }

  #asked(imageId: RecordId): { imageId: RecordId; isBlind?: boolean } {
    return this.#isBlind ? { imageId, isBlind: true } : { imageId };
  }

  async loadCategories(): Promise<void> {
    this.categories = inPlace(withPlainColors(await this.#bridge.call('categories.list', null)));
  }

  /**
   * Shows an image, after what is still being saved was stored.
   * @returns whether it is shown; false when another one was opened meanwhile.
   * @throws AppError when changes could not be saved or the image cannot be read.
   */
  async open(imageId: RecordId): Promise<boolean> {
    const opening = ++this.#opening;
    await this.saves.sent();
    const opened = await this.#bridge.call('images.document', this.#asked(imageId));
    if (opening !== this.#opening) return false;
    this.#show(opened);
    return true;
  }

  /** Shows an image no longer, for the project has it no longer. */
  forget(imageId: RecordId): void {
    if (this.image?.id === imageId) this.#show(nothingOpen);
  }

  /** From now on shows changes of the image without keeping them, until {@link endTrial}. */
  tryOut(): void {
    this.#tried = { done: [], undone: [] };
    this.canUndo = false;
    this.canRedo = false;
  }

  /** Shows the image again as it is stored. */
  async endTrial(): Promise<void> {
    this.#tried = null;
    await this.loadUndoState();
    if (this.image) await this.open(this.image.id);
  }

  /** Shows a change at once and sends it to the journal. */
  commit(label: StepLabel, diff: Diff): void {
    if (changesNothing(diff)) return;
    this.#change(diff);
    this.lastStep = { label, direction: 'done' };
    if (this.#tried) {
      this.#noteTried({ done: [...this.#tried.done, diff], undone: [] });
      return;
    }
    this.saves.push({ label, diff, imageId: this.image?.id ?? null });
  }

  /**
   * Takes one step in the journal and shows it.
   * @returns the image the step belongs to when it is not the one shown, and whether it may have
   * changed many others
   */
  async travel(
    direction: 'undo' | 'redo',
  ): Promise<{ otherImageId: RecordId | null; isLarge: boolean }> {
    if (this.#tried) {
      this.#travelTried(direction, this.#tried);
      return { otherImageId: null, isLarge: false };
    }
    await this.saves.sent();
    const step = await this.#bridge.call(`journal.${direction}`, null);
    if (!step) return { otherImageId: null, isLarge: false };
    this.noteHistory(step);
    await this.#follow(step.diff);
    this.lastStep = { label: step.label, direction };
    if (!step.diff) return { otherImageId: null, isLarge: true };
    const imageId = imageOfDiff(step.diff);
    return { otherImageId: imageId === this.image?.id ? null : imageId, isLarge: false };
  }

  #travelTried(
    direction: 'undo' | 'redo',
    { done, undone }: { readonly done: readonly Diff[]; readonly undone: readonly Diff[] },
  ): void {
    const diff = direction === 'undo' ? done.at(-1) : undone.at(-1);
    if (!diff) return;
    this.#change(direction === 'undo' ? invertDiff(diff) : diff);
    this.#noteTried(
      direction === 'undo'
        ? { done: done.slice(0, -1), undone: [...undone, diff] }
        : { done: [...done, diff], undone: undone.slice(0, -1) },
    );
  }

  #noteTried(tried: { readonly done: Diff[]; readonly undone: Diff[] }): void {
    this.#tried = tried;
    this.canUndo = tried.done.length > 0;
    this.canRedo = tried.undone.length > 0;
  }

  /**
   * Takes or gives back steps of the journal until this one is the newest that is done, and shows
   * the result.
   */
  async travelTo(stepId: number): Promise<void> {
    await this.saves.sent();
    const step = await this.#bridge.call('journal.travelTo', { stepId });
    if (!step) return;
    this.noteHistory(step);
    await this.#follow(step.diff);
  }

  /** Shows what another window changed. */
  follow(diff: Diff): void {
    this.#change(diff);
  }

  /** Asks what this window can undo and redo after others changed the journal. */
  async loadUndoState(): Promise<void> {
    if (this.#tried) return;
    const state = await this.#bridge.call('journal.undoState', null);
    // The state that a project is opened in is no step: a journal that is shown by then was read.
    if (this.#knowsHistory) this.noteHistory(state);
    else this.#takeHistory(state);
  }

  /** Makes the refused changes again, each to the records as they are stored now. */
  async applyRefused(): Promise<void> {
    for (const { label, diff, imageId } of this.saves.takeRefused()) {
      await this.saves.sent();
      const rebased = rebase(diff, await this.#storedRecords(diff));
      if (changesNothing(rebased)) continue;
      this.#change(rebased);
      this.saves.push({ label, diff: rebased, imageId });
    }
  }

  /** All categories, and the images of a change with what lies on them, as far as they exist. */
  async #storedRecords(diff: Diff): Promise<readonly ProjectRecord[]> {
    const records: ProjectRecord[] = [...(await this.#bridge.call('categories.list', null))];
    for (const imageId of imagesOfDiff(diff)) {
      try {
        const stored = await this.#bridge.call('images.document', this.#asked(imageId));
        const { image, annotations, items, reviews } = stored;
        records.push(image, ...annotations, ...items, ...reviews);
      } catch (thrown) {
        if (toErrorEnvelope(thrown).code !== 'not-found') throw thrown;
      }
    }
    return records;
  }

  categoryOf(annotation: Annotation): Category | null {
    return this.#categoriesById.get(annotation.categoryId ?? '') ?? null;
  }

  colorOf(annotation: Annotation): string {
    return this.categoryOf(annotation)?.color ?? noCategoryColor;
  }

  /** Where the next annotation is drawn: above all others. */
  nextZOrder(): number {
    return Math.max(0, ...this.annotations.map(({ zOrder }) => zOrder + 1));
  }

  /** Takes over what can be undone and redone after the journal changed. */
  noteHistory(state: Pick<TakenStep, 'canUndo' | 'canRedo'>): void {
    this.#takeHistory(state);
    this.revision += 1;
  }

  #takeHistory({ canUndo, canRedo }: Pick<TakenStep, 'canUndo' | 'canRedo'>): void {
    this.canUndo = canUndo;
    this.canRedo = canRedo;
    this.#knowsHistory = true;
  }

  /** Shows what a step changed; where that was too much to be told, what is shown is read again. */
  async #follow(diff: Diff | null): Promise<void> {
    if (diff) return this.#change(diff);
    await this.loadCategories();
    const shown = this.image;
    if (!shown) return;
    try {
      await this.open(shown.id);
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'not-found') throw thrown;
      this.#show(nothingOpen);
    }
  }

  #change(diff: Diff): void {
    const shown = shownAfter(this, diff);
    this.#show(shown);
    if (shown.categories !== this.categories) this.categories = inPlace(shown.categories);
  }

  #show({ image, annotations, items, reviews }: Omit<Shown, 'categories'>): void {
    this.image = image;
    this.annotations = sortedByOrder(annotations);
    this.items = this.#isBlind ? [] : items;
    this.reviews = this.#isBlind ? [] : reviews;
  }
}

const nothingOpen = { image: null, annotations: [], items: [], reviews: [] };

function sortedByOrder(annotations: readonly Annotation[]): readonly Annotation[] {
  return [...annotations].sort((a, b) => a.zOrder - b.zOrder);
}
