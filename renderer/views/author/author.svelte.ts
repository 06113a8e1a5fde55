import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { AuthorQueue, ComparedItem } from '../../../app/api/contract/items.ts';
import { answerPositions } from '../../../core/authoring/answer-positions.ts';
import { isDraftItem } from '../../../core/authoring/draft-items.ts';
import { findingsOf, isHindrance } from '../../../core/authoring/findings.ts';
import type { Finding } from '../../../core/tasks/findings.ts';
import { changesNothing, removal } from '../../../core/diff.ts';
import { itemsOf } from '../../../core/project/make-item.ts';
import { stepLabel } from '../../../core/project/step-labels.ts';
import type { Annotation, Item, RecordId } from '../../../core/records.ts';
import { taskOf, usualTask, type TaskId } from '../../../core/tasks/registry.ts';
import type { Editor } from '../../editor/editor.svelte.ts';
import {
  draftSegments,
  emptyItemDraft,
  isBlank,
  itemDraftOf,
  keepDraft,
  writtenItem,
  type ItemDraft,
} from './item-draft.ts';

/**
 * The item in writing in the author view: an item of one task about the selected region, about the
 * whole image where none is selected, or, where tags say what it is about, about several. Drafts
 * that are not kept stay until the view is left for good.
 */
export class Authoring {
  task = $state<TaskId>(usualTask);
  /** The remaining work of the task in the project; null until it is read. */
  queue = $state.raw<AuthorQueue | null>(null);
  /** Items of the project that the findings compare the written item with. */
  compared = $state.raw<readonly ComparedItem[]>([]);
  /** The item that is edited; null: a new one is written. */
  readonly item: Item | null = $derived.by(() => this.#itemToEdit());
  readonly draft: ItemDraft = $derived.by(() => this.#drafts.get(this.#key) ?? this.#kept);
  readonly findings: readonly Finding[] = $derived.by(() => this.#check());
  /** Items of the task that the shown image has. */
  readonly items: readonly Item[] = $derived.by(() =>
    this.#editor.document.items.filter(({ task }) => task === this.task),
  );
  readonly positions = $derived.by(() =>
    answerPositions(
      this.compared
        .filter(({ answerAt }) => answerAt >= 0)
        .map(({ answerAt, choices }) => ({ at: answerAt, choices })),
    ),
  );

  readonly #editor: Editor;
  /** By what they are drafts of; see {@link #key}. */
  readonly #drafts = new SvelteMap<string, ItemDraft>();
  readonly #kept: ItemDraft = $derived.by(() =>
    this.item ? itemDraftOf(this.item) : emptyItemDraft(this.task),
  );
  /** The chosen item of the region or image; `new` is a new item. */
  #chosen = $state<RecordId | 'new' | null>(null);

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  /** Whether the items of the task are about the regions that their tags name. */
  get isAboutTags(): boolean {
    return taskOf(this.task).tags !== undefined;
  }

  /** The selected region, for a task that is about one. */
  get region(): Annotation | null {
    return this.isAboutTags ? null : this.#editor.regions.selected;
  }

  /** The items of the task that are about the region, or the image. */
  get itemsHere(): readonly Item[] {
    if (this.isAboutTags) return this.items;
    const { region } = this;
    if (region) return itemsOf(this.items, region.id);
    return this.items.filter(({ segments }) => segments.length === 0);
  }

  get isEdited(): boolean {
    const draft = this.#drafts.get(this.#key);
    return draft !== undefined && JSON.stringify(draft) !== JSON.stringify(this.#kept);
  }

  /** Whether what is edited was made from a region alone and nobody has kept it yet. */
  get isDraft(): boolean {
    return this.item !== null && isDraftItem(this.item);
  }

  get canKeep(): boolean {
    return !isBlank(this.draft) && !this.findings.some(isHindrance);
  }

  /** How many regions of the image have an item of the task. */
  get written(): number {
    const { annotations } = this.#editor.document;
    return annotations.filter(({ id }) => !this.#isOpen(id)).length;
  }

  get #key(): string {
    const { image } = this.#editor.document;
    const about = this.item?.id ?? `new:${this.region?.id ?? image?.id ?? ''}`;
    return `${this.task}:${about}`;
  }

  chooseTask(task: TaskId): void {
    const { regions } = this.#editor;
    // A region that is selected where tags are written would be put into the text.
    if (taskOf(task).tags) {
      regions.select(null);
      regions.litIds = null;
    }
    this.task = task;
    this.#chosen = null;
    this.startOnRegion();
    void this.loadCompared();
  }

  /** Begins with the first region that has no item, where none is selected. */
  startOnRegion(): void {
    const { regions } = this.#editor;
    if (this.isAboutTags || regions.selectedId) return;
    const ids = this.#order;
    regions.select(ids.find((id) => this.#isOpen(id)) ?? ids[0] ?? null);
  }

  /** Takes up an item that there is, or a new one. */
  choose(item: Item | null): void {
    this.#chosen = item?.id ?? 'new';
  }

  /** Forgets which item was chosen, when another region or image is looked at. */
  forgetChoice(): void {
    this.#chosen = null;
  }

  put(change: Partial<ItemDraft>): void {
    this.#drafts.set(this.#key, { ...this.draft, ...change });
  }

  /** Changes fields of the form. */
  putFields(change: object): void {
    this.put({ fields: { ...(this.draft.fields as object), ...change } });
  }

  /** Gives up what was written since the item was kept. */
  revert(): void {
    this.#drafts.delete(this.#key);
  }

  /** Keeps what is written. @returns whether it could be kept, or there was nothing to keep */
  keep(): boolean {
    const { image } = this.#editor.document;
    if (!image || !(this.isEdited || this.isDraft)) return true;
    if (!this.canKeep) return false;
    const { draft, item, region } = this;
    const about = { imageId: image.id, annotationId: region?.id ?? null };
    const diff = keepDraft(draft, item, about);
    this.#drafts.delete(this.#key);
    if (changesNothing(diff)) return true;
    this.#editor.commit(stepLabel(item ? 'editText' : 'addText'), diff);
    const [added] = Object.keys(diff.added);
    if (!this.isAboutTags) this.#chosen = added ?? item?.id ?? null;
    void this.loadCompared();
    return true;
  }

  remove(item: Item): void {
    this.#drafts.delete(`${this.task}:${item.id}`);
    this.#chosen = null;
    this.#editor.commit(stepLabel('removeText'), removal(item));
    void this.loadCompared();
  }

  /**
   * Keeps what is written and goes on to what has no item of the task yet.
   * @returns whether it went on
   */
  async keepAndGoOn(): Promise<boolean> {
    if (!this.keep()) return false;
    if (this.isAboutTags) this.choose(this.items.find(isDraftItem) ?? null);
    else await this.#goToOpenRegion();
    return true;
  }

  /**
   * The next or previous region; at the end of the image's regions, those of the next or previous
   * image.
   */
  async walk(by: 1 | -1): Promise<void> {
    const { regions, opened, document } = this.#editor;
    this.forgetChoice();
    if (!this.isAboutTags) {
      const ids = this.#order;
      const at = ids.indexOf(regions.selectedId ?? '');
      // With no region selected, forwards begins at the first one and backwards at the last.
      const next = at < 0 && by < 0 ? ids.at(-1) : ids[at + by];
      if (next !== undefined) return regions.select(next);
    }
    const before = document.image?.id;
    await opened.step(by);
    if (document.image?.id === before || this.isAboutTags) return;
    regions.select((by > 0 ? this.#order[0] : this.#order.at(-1)) ?? null);
  }

  async loadCompared(): Promise<void> {
    const { task } = this;
    await this.#editor.attempt(async () => {
      await this.#editor.document.saves.sent();
      const after = this.#editor.document.image?.id ?? null;
      const [compared, queue] = await Promise.all([
        this.#editor.bridge.call('items.compared', { task }),
        this.#editor.bridge.call('items.queue', { task, after }),
      ]);
      if (this.task !== task) return;
      this.compared = compared;
      this.queue = queue;
    });
  }

  /** The next image of the project where something of the task is still to be written. */
  async goToQueued(): Promise<void> {
    const { opened, document, regions } = this.#editor;
    await this.loadCompared();
    const imageId = this.queue?.nextImageId ?? null;
    if (imageId === null) return;
    await this.#editor.attempt(async () => {
      if (document.image?.id !== imageId) await opened.show(imageId);
    });
    this.forgetChoice();
    regions.select(null);
    this.startOnRegion();
    if (this.isAboutTags) this.choose(this.items.find(isDraftItem) ?? null);
  }

  /** Regions from the top of the list down. */
  get #order(): readonly RecordId[] {
    return this.#editor.document.annotations.map(({ id }) => id).reverse();
  }

  async #goToOpenRegion(): Promise<void> {
    const { regions } = this.#editor;
    const ids = this.#order;
    const at = ids.indexOf(regions.selectedId ?? '');
    const others = [...ids.slice(at + 1), ...ids.slice(0, Math.max(at, 0))];
    const next = others.find((id) => this.#isOpen(id));
    this.forgetChoice();
    if (next !== undefined) return regions.select(next);
    await this.#editor.opened.step(1);
    this.startOnRegion();
  }

  #isOpen(id: RecordId): boolean {
    return itemsOf(this.items, id).every(isDraftItem);
  }

  #itemToEdit(): Item | null {
    if (this.#chosen === 'new') return null;
    const here = this.itemsHere;
    const chosen = here.find(({ id }) => id === this.#chosen);
    // Tags may refer to any region, so a new item is written until one of the list is chosen.
    return chosen ?? (this.isAboutTags ? null : (here[0] ?? null));
  }

  #check(): readonly Finding[] {
    const { document } = this.#editor;
    const { image, annotations } = document;
    if (!image || isBlank(this.draft)) return [];
    const segments = draftSegments(this.draft, this.region?.id ?? null);
    const regions = annotations.filter(({ id }) =>
      segments.some(({ annotationId }) => annotationId === id),
    );
    const own = untrack(() => this.item?.id);
    return findingsOf(writtenItem(this.draft), {
      image,
      regions,
      nameOf(id) {
        const annotation = regions.find((one) => one.id === id);
        return (annotation && document.categoryOf(annotation)?.name) ?? null;
      },
      duplicateOf: (key) =>
        this.compared.find((other) => other.key === key && other.itemId !== own)?.itemId ?? null,
    });
  }
}
