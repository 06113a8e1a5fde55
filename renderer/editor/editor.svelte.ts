import type {
  AppliedStep,
  HostBridge,
  ImageDocument,
  ProjectSummary,
} from '../../app/api/contract.ts';
import { isEmptyDiff, type Diff } from '../../core/diff.ts';
import { toErrorEnvelope } from '../../core/errors.ts';
import type { Point } from '../../core/geometry/shapes.ts';
import type { PromptMark } from '../../core/prompt.ts';
import type {
  Annotation,
  Category,
  Geometry,
  ImageRecord,
  ImageState,
  RecordId,
} from '../../core/records.ts';
import { text } from '../i18n/en.ts';
import { noCategoryColor } from './category-colors.ts';
import {
  acceptProposal,
  addShape,
  chooseCategory,
  choiceId,
  removeAnnotation,
  setCategory,
  setImageState,
} from './changes.ts';
import { ImageList } from './image-list.svelte.ts';
import { Prompts } from './prompts.svelte.ts';
import { suggestedCategory, type Proposal } from './proposals.ts';
import { QuickCategories } from './quick-categories.ts';
import { RegionWords } from './region-words.svelte.ts';
import { replay, imageOfDiff } from './replay.ts';
import { SaveQueue } from './save-queue.svelte.ts';
import { SpatialIndex } from './spatial-index.ts';
import type { Size } from './tools/bounds.ts';
import { ToolMachine, type Draft, type ToolContext, type ToolId } from './tools/tool.ts';
import { makeTool } from './tools/toolbox.ts';
import { View } from './view.svelte.ts';

export type EncodeState = 'none' | 'encoding' | 'ready' | 'failed';

/** An open project: the image that is shown, what is selected and drawn, and every way to change it. */
export class Editor implements ToolContext {
  readonly bridge: HostBridge;
  readonly images: ImageList;
  readonly prompts: Prompts;
  readonly words: RegionWords;
  readonly saves: SaveQueue;
  readonly view = new View();

  project = $state.raw<ProjectSummary>() as ProjectSummary;
  categories = $state.raw<readonly Category[]>([]);
  image = $state.raw<ImageRecord | null>(null);
  /** The annotations of the shown image, in drawing order. */
  annotations = $state.raw<readonly Annotation[]>([]);
  canUndo = $state(false);
  canRedo = $state(false);

  selectedId = $state<RecordId | null>(null);
  hoveredId = $state<RecordId | null>(null);
  hiddenIds = $state.raw<ReadonlySet<RecordId>>(new Set());
  draft = $state.raw<Draft | null>(null);
  toolId = $state<ToolId>('point');
  encodeState = $state<EncodeState>('none');
  /** The category name used last; drawn shapes get it, and proposals that suggest none. */
  categoryName = $state('');
  /** What the person typed or picked for the active proposal; null follows the suggestion. */
  chosenName = $state<string | null>(null);
  quick = $state.raw(new QuickCategories());

  readonly selected = $derived(this.annotations.find(({ id }) => id === this.selectedId) ?? null);
  readonly visible = $derived(this.annotations.filter(({ id }) => !this.hiddenIds.has(id)));
  readonly activeProposal = $derived.by(() =>
    this.image ? this.prompts.activeProposal(this.image.id) : null,
  );

  /** The category that the active proposal gets when it is accepted. */
  readonly proposalName = $derived.by(() => {
    if (this.chosenName !== null || !this.activeProposal) return this.chosenName ?? '';
    return suggestedCategory(this.activeProposal, this.categories) ?? this.categoryName;
  });

  /** Puts the cursor into the proposal's category field; set by that field while it is shown. */
  focusCategory = (): void => undefined;

  readonly #reportFailure: (message: string) => void;
  readonly #index = new SpatialIndex();
  #indexed: readonly Annotation[] = [];
  #machine: ToolMachine;
  /** Counts image openings, so that a document that comes late does not replace a newer one. */
  #opening = 0;

  constructor(
    bridge: HostBridge,
    project: ProjectSummary,
    reportFailure: (message: string) => void,
  ) {
    this.bridge = bridge;
    this.#reportFailure = reportFailure;
    this.project = project;
    this.canUndo = project.canUndo;
    this.canRedo = project.canRedo;
    this.images = new ImageList(bridge);
    this.prompts = new Prompts(bridge);
    this.words = new RegionWords(bridge);
    this.saves = new SaveQueue(bridge, ({ canUndo, canRedo }) => {
      this.canUndo = canUndo;
      this.canRedo = canRedo;
    });
    this.#machine = new ToolMachine(makeTool.point(), this);
  }

  dispose(): void {
    this.prompts.dispose();
    this.words.dispose();
  }

  /** Reads categories and images and shows the first one. */
  async start(): Promise<void> {
    await this.reload();
    const first = this.images.row(0);
    if (first) await this.openImage(first.id);
  }

  /** Reads everything again, after records changed elsewhere. */
  async reload(): Promise<void> {
    const [categories] = await Promise.all([
      this.bridge.call('categories.list', null),
      this.images.reload(),
    ]);
    this.categories = categories;
    if (this.quick.ids.length === 0) {
      this.quick = new QuickCategories(categories.map(({ id }) => id));
    }
    if (this.image) await this.openImage(this.image.id);
    else if (this.images.row(0)) await this.openImage(this.images.row(0)!.id);
  }

  get imageSize(): Size {
    return this.image ?? { width: 0, height: 0 };
  }

  // Images

  async openImage(imageId: RecordId): Promise<void> {
    const opening = ++this.#opening;
    const isOther = imageId !== this.image?.id;
    if (isOther) this.#machine.cancel();
    try {
      // What is still being saved belongs into the document that is read.
      await this.saves.settled();
      const document = await this.bridge.call('images.document', { imageId });
      if (opening === this.#opening) this.#show(document, isOther);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #show({ image, annotations }: ImageDocument, isOther: boolean): void {
    this.image = image;
    this.annotations = sortedByOrder(annotations);
    if (!isOther) return;
    this.selectedId = null;
    this.hoveredId = null;
    this.hiddenIds = new Set();
    this.view.show(image);
    void this.prepare();
  }

  /** Lets the model look at the image ahead of the first prompt. */
  async prepare(): Promise<void> {
    const imageId = this.image?.id;
    if (!imageId) return;
    this.encodeState = 'encoding';
    const isStillShown = () => this.image?.id === imageId;
    try {
      await this.bridge.call('prompt.prepare', { imageId });
      if (isStillShown()) this.encodeState = 'ready';
    } catch {
      // The status line says so; the first prompt will give the full message.
      if (isStillShown()) this.encodeState = 'failed';
    }
  }

  async step(by: 1 | -1): Promise<void> {
    const index = this.image ? this.images.indexOf(this.image.id) : -1;
    const next = index < 0 ? 0 : index + by;
    if (next < 0 || next >= this.images.total) return;
    await this.images.ensure(next, next);
    const row = this.images.row(next);
    if (row) await this.openImage(row.id);
  }

  async openNextUntouched(): Promise<void> {
    const index = this.image ? this.images.indexOf(this.image.id) : -1;
    const row = await this.images.nextUntouched(index);
    if (row) await this.openImage(row.id);
  }

  // Changes

  /** Shows a change at once and sends it to the journal. */
  commit(label: string, diff: Diff): void {
    if (isEmptyDiff(diff)) return;
    this.#replay(diff);
    this.saves.push({ label, diff, imageId: this.image?.id ?? null });
  }

  undo(): Promise<void> {
    return this.#travel('document.undo');
  }

  redo(): Promise<void> {
    return this.#travel('document.redo');
  }

  async #travel(direction: 'document.undo' | 'document.redo'): Promise<void> {
    if (this.#machine.cancel()) return;
    try {
      await this.saves.settled();
      const step = await this.bridge.call(direction, null);
      if (step) await this.#follow(step);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  /** Shows a step taken in the journal, on the image it belongs to. */
  async #follow(step: AppliedStep): Promise<void> {
    this.canUndo = step.canUndo;
    this.canRedo = step.canRedo;
    const imageId = imageOfDiff(step.diff);
    if (imageId && imageId !== this.image?.id) {
      this.#replay(step.diff);
      await this.openImage(imageId);
      await this.images.reload();
    } else {
      this.#replay(step.diff);
    }
  }

  #replay(diff: Diff): void {
    const shown = replay(
      { image: this.image, annotations: this.annotations, categories: this.categories },
      diff,
    );
    this.image = shown.image;
    this.annotations = sortedByOrder(shown.annotations);
    this.categories = shown.categories;
    if (!this.selected) this.selectedId = null;
    if (this.image) this.images.patch(this.image.id, this.image.state, this.annotations.length);
  }

  /** Gives up unsaved changes and shows what is stored. */
  async dropUnsaved(): Promise<void> {
    this.saves.drop();
    await this.reload();
  }

  setImageState(state: ImageState): void {
    if (this.image) this.commit(text.changes.state[state], setImageState(this.image, state));
  }

  remove(annotation: Annotation): void {
    this.commit(text.changes.remove, removeAnnotation(annotation));
  }

  assign(annotation: Annotation, name: string): void {
    const choice = chooseCategory(name, this.categories);
    const id = choiceId(choice);
    if (id === annotation.categoryId) return;
    this.commit(text.changes.category(name), setCategory(annotation, choice));
    if (id) this.quick = this.quick.use(id);
  }

  // Proposals

  accept(proposal: Proposal, name: string): void {
    const { image } = this;
    if (!image) return;
    const choice = chooseCategory(name, this.categories);
    const diff = acceptProposal(proposal, choice, image, this.#nextZOrder());
    this.prompts.dropProposal(image.id, proposal.id);
    this.#commitNew(text.changes.accept(name), diff, name);
  }

  reject(proposal: Proposal): void {
    this.chosenName = null;
    if (this.image) this.prompts.dropProposal(this.image.id, proposal.id);
  }

  acceptAll(name: string): void {
    if (!this.image) return;
    for (const proposal of this.prompts.proposals(this.image.id)) this.accept(proposal, name);
  }

  walk(step: 1 | -1): void {
    this.chosenName = null;
    if (this.image) this.prompts.walk(this.image.id, step);
  }

  /** A number key: the category for the active proposal, else for the selected region, else for what comes. */
  useQuickCategory(index: number): void {
    const category = this.categories.find(({ id }) => id === this.quick.ids[index]);
    if (!category) return;
    if (this.activeProposal) this.chosenName = category.name;
    else if (this.selected) this.assign(this.selected, category.name);
    else this.categoryName = category.name;
  }

  askWords(words: string): void {
    if (this.image && words.trim() !== '') this.prompts.askWords(this.image.id, words.trim());
  }

  #commitNew(label: string, diff: Diff, name: string): void {
    this.commit(label, diff);
    const added = Object.values(diff.added).find((record) => record.kind === 'annotation');
    this.selectedId = added?.id ?? null;
    this.categoryName = name.trim();
    this.chosenName = null;
    const categoryId = added?.kind === 'annotation' ? added.categoryId : null;
    if (categoryId) this.quick = this.quick.use(categoryId);
  }

  #nextZOrder(): number {
    return Math.max(0, ...this.annotations.map(({ zOrder }) => zOrder + 1));
  }

  // What tools may do

  hitTest(at: Point): readonly RecordId[] {
    if (this.#indexed !== this.visible) this.#index.load(this.visible);
    this.#indexed = this.visible;
    return this.#index.at(at);
  }

  select(id: RecordId | null): void {
    this.selectedId = id;
  }

  hover(id: RecordId | null): void {
    this.hoveredId = id;
  }

  draw(draft: Draft | null): void {
    this.draft = draft;
  }

  addMark(mark: PromptMark, which: 'same' | 'new'): void {
    if (this.image) this.prompts.addMark(this.image.id, mark, which);
  }

  addShape(geometry: Geometry): void {
    if (!this.image || geometry.kind === 'mask') return;
    const name = this.categoryName;
    const choice = chooseCategory(name, this.categories);
    try {
      const diff = addShape(geometry, choice, this.image, this.#nextZOrder());
      this.#commitNew(text.changes.draw(name), diff, name);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  // Tools and view

  get machine(): ToolMachine {
    return this.#machine;
  }

  useTool(id: ToolId): void {
    this.#machine.cancel();
    this.hoveredId = null;
    this.#machine = new ToolMachine(makeTool[id](), this);
    this.toolId = id;
  }

  /** Enter: closes what is drawn, else accepts; a proposal without a category asks for one first. */
  finish(): void {
    if (this.#machine.finish() || !this.activeProposal) return;
    if (this.proposalName === '') this.focusCategory();
    else this.accept(this.activeProposal, this.proposalName);
  }

  deleteOrStepBack(): void {
    if (this.#machine.stepBack()) return;
    if (this.selected) this.remove(this.selected);
  }

  toggleSelectedHidden(): void {
    const id = this.selectedId;
    if (id) this.setHidden([id], !this.hiddenIds.has(id));
  }

  toggleAllHidden(): void {
    const ids = this.annotations.map(({ id }) => id);
    this.setHidden(
      ids,
      ids.some((id) => !this.hiddenIds.has(id)),
    );
  }

  /** Escape, one level at a time: the draft, the prompt, the selection, the tool. */
  escape(): void {
    if (this.#machine.cancel()) return;
    const waiting = this.image && this.prompts.of(this.image.id).at(-1);
    if (this.activeProposal) this.reject(this.activeProposal);
    else if (waiting) this.prompts.dropPrompt(waiting);
    else if (this.selectedId) this.selectedId = null;
    else this.useTool('select');
  }

  setHidden(ids: readonly RecordId[], isHidden: boolean): void {
    const hidden = new Set(this.hiddenIds);
    for (const id of ids) {
      if (isHidden) hidden.add(id);
      else hidden.delete(id);
    }
    this.hiddenIds = hidden;
  }

  colorOf(annotation: Annotation): string {
    return this.categoryOf(annotation)?.color ?? noCategoryColor;
  }

  categoryOf(annotation: Annotation): Category | null {
    return this.categories.find(({ id }) => id === annotation.categoryId) ?? null;
  }

  #fail(thrown: unknown): void {
    this.#reportFailure(toErrorEnvelope(thrown).message);
  }
}

function sortedByOrder(annotations: readonly Annotation[]): readonly Annotation[] {
  return [...annotations].sort((a, b) => a.zOrder - b.zOrder);
}
