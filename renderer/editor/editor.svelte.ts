import { stepLabel, type StepLabel } from '../../core/project/step-labels.ts';
import type { HostBridge } from '../../app/api/contract.ts';
import type { HistoryStep } from '../../app/api/contract/journal.ts';
import type { ProjectSummary } from '../../app/api/contract/project.ts';
import { emptyDiff, isEmptyDiff, removal, squashDiffs, type Diff } from '../../core/diff.ts';
import { fromErrorEnvelope, type ErrorEnvelope } from '../../core/errors.ts';
import { canBeSaid, stateAfter } from '../../core/image-states.ts';
import { withDependents } from '../../core/project/dependents.ts';
import { signDiff } from '../../core/project/sign.ts';
import type {
  Annotation,
  Geometry,
  ImageRecord,
  ImageState,
  Keypoint,
  Person,
  RecordId,
  Split,
} from '../../core/records.ts';
import { text } from '../i18n/text.svelte.ts';
import {
  addShape,
  chooseCategory,
  choiceId,
  pasteAnnotations,
  countAfter,
  setCategory,
  setImageState,
  setSplit,
  withState,
  type CategoryChoice,
} from './changes.ts';
import { firstLacking, startingValues } from './category-changes.ts';
import { CategoryKeys } from './category-keys.ts';
import { Comparison } from './comparison.svelte.ts';
import { Document } from './document.svelte.ts';
import { moveInOrder, type OrderMove } from './drawing-order.ts';
import { FocusTarget } from './focus-target.ts';
import { History } from './history.svelte.ts';
import { ImageChoice } from './image-choice.svelte.ts';
import { ImageLook } from './image-look.svelte.ts';
import { ImageList } from './image-list.svelte.ts';
import { lockedOf } from './locked.ts';
import { OpenImage } from './open-image.svelte.ts';
import { OutlineEdits } from './outline-edits.svelte.ts';
import { ProjectSettingsState } from './project-settings.svelte.ts';
import { Proposals } from './proposals.svelte.ts';
import type { PromptSeat } from './proposal.ts';
import { RegionEdits } from './region-edits.ts';
import { RegionWords } from './region-words.svelte.ts';
import type { Remedy } from './remedy.ts';
import { Regions } from './regions.svelte.ts';
import { imagesOfDiff } from './shown.ts';
import { ToolHost } from './tool-host.svelte.ts';
import type { ToolId } from './tools/registry.ts';
import type { ToolMachine } from './tools/tool.ts';
import { View } from './view.svelte.ts';

/** The receiver of failures, which shows them to the person. */
export interface EditorReports {
  readonly failure: (message: string, remedy?: Remedy) => void;
  /** The failure as a sentence, with an action if there is one. */
  readonly thrown: (thrown: unknown) => void;
}

/**
 * An open project as it is worked on. The parts know what is shown, selected, drawn and proposed;
 * the editor makes the changes that concern several of them, and gives keys to whichever part they
 * are for.
 */
export class Editor {
  readonly bridge: HostBridge;
  readonly images: ImageList;
  readonly imageChoice: ImageChoice;
  readonly document: Document;
  readonly history: History;
  readonly settings: ProjectSettingsState;
  readonly regions: Regions;
  readonly categoryKeys: CategoryKeys;
  readonly words: RegionWords;
  readonly view = new View();
  readonly imageLook = new ImageLook();
  readonly opened: OpenImage;
  readonly proposals: Proposals;
  readonly comparison: Comparison;
  readonly edits: RegionEdits;
  readonly outline: OutlineEdits;
  readonly tools: ToolHost;
  /** The category field of the proposal. */
  readonly categoryField = new FocusTarget();

  project = $state.raw() as ProjectSummary;
  /** The current person; null without a name. */
  person = $state.raw<Person | null>(null);
  /** Whether a region that is accepted or drawn marks its image as done. */
  marksDone = false;

  #lastMade: Annotation | null = null;
  /** No image was shown yet. */
  #isFirst = true;
  readonly #reports: EditorReports;
  readonly #stopListening: () => void;

  constructor(bridge: HostBridge, project: ProjectSummary, reports: EditorReports) {
    this.bridge = bridge;
    this.project = project;
    this.#reports = reports;
    this.images = new ImageList(bridge);
    this.imageChoice = new ImageChoice(this.images);
    this.document = new Document(bridge, project, {
      onRefused: () => void this.#showStored(),
      onFailed: (error) => this.#noteUnsaved(error),
    });
    this.history = new History(bridge);
    this.settings = new ProjectSettingsState(bridge, reports.thrown);
    this.categoryKeys = new CategoryKeys(this.settings, this.document);
    this.regions = new Regions(this.document, this.settings);
    this.words = new RegionWords(bridge);
    this.opened = new OpenImage(this);
    this.proposals = new Proposals(this);
    this.comparison = new Comparison(this);
    this.edits = new RegionEdits(this);
    this.outline = new OutlineEdits(this);
    this.tools = new ToolHost(this);
    this.#stopListening = bridge.on('journal:changed', ({ diff }) => void this.#follow(diff));
  }

  dispose(): void {
    this.#stopListening();
    this.comparison.dispose();
    this.proposals.dispose();
    this.words.dispose();
  }

  /** Shows what something other than this window did to the project. */
  async followProject(project: ProjectSummary): Promise<void> {
    this.project = project;
    await Promise.all([this.settings.load(), this.reload()]);
  }

  /** Shows what another window changed; null where that is too much to be told. */
  async #follow(diff: Diff | null): Promise<void> {
    await this.attempt(async () => {
      if (diff === null) return this.reload();
      this.document.follow(diff);
      this.#followDocument();
      const { image } = this.document;
      const isElsewhere = [...imagesOfDiff(diff)].some((id) => id !== image?.id);
      await this.document.loadUndoState();
      if (isElsewhere || !image) await this.opened.reloadList();
    });
  }

  reportFailure(message: string, remedy?: Remedy): void {
    this.#reports.failure(message, remedy);
  }

  /** A project file that is gone stays gone: that is said at once, with what helps. */
  #noteUnsaved(error: ErrorEnvelope): void {
    if (error.code === 'project-displaced') this.#reports.thrown(fromErrorEnvelope(error));
  }

  /** Shows the records as they are stored, after a change to others was refused. */
  async #showStored(): Promise<void> {
    this.reportFailure(text.errors.refused);
    await this.attempt(() => this.reload());
    this.#followDocument();
  }

  /** Makes the refused changes again, to the records as they are now. */
  async applyRefused(): Promise<void> {
    await this.attempt(() => this.document.applyRefused());
    this.#followDocument();
  }

  discardRefused(): void {
    this.document.saves.takeRefused();
  }

  /** Reads categories and images, and the shown image again or else the first one. */
  async reload(): Promise<void> {
    await Promise.all([
      this.document.loadCategories(),
      this.document.loadUndoState(),
      this.images.reload(),
    ]);
    this.categoryKeys.follow();
    const { lastView } = this.settings.current;
    const imageId = this.document.image?.id ?? lastView?.imageId ?? this.images.row(0)?.id;
    if (imageId) await this.opened.show(imageId);
  }

  /** Keeps with the project which image is shown and how it lies, so that it is opened so. */
  rememberView(): void {
    const { image } = this.document;
    if (!image) return;
    const lastView = { imageId: image.id, place: this.view.place };
    if (JSON.stringify(lastView) === JSON.stringify(this.settings.current.lastView)) return;
    // A project that cannot be written opens with its first image, which is no failure to speak of.
    this.settings.keep({ lastView });
  }

  leaveImage(): void {
    this.tools.letGo();
  }

  enterImage(imageId: RecordId): void {
    this.tools.showImage(imageId);
    this.regions.reset();
    this.proposals.reset();
    const { lastView } = this.settings.current;
    const place = this.#isFirst && lastView?.imageId === imageId ? lastView.place : null;
    this.#isFirst = false;
    this.view.show(this.tools.imageSize, place);
  }

  /** Copies the selected regions and pastes them on the next image. */
  async copyToNext(): Promise<void> {
    const before = this.document.image?.id;
    this.edits.copy();
    await this.opened.step(1);
    if (this.document.image?.id !== before) this.edits.paste();
  }

  /**
   * Copies the selected regions to the same places of the images that follow in the list, as one
   * step; where they would lie outside, they are left out.
   */
  async propagate(count: number): Promise<void> {
    const { image } = this.document;
    const { selection } = this.regions;
    if (!image || selection.length === 0) return;
    await this.attempt(async () => {
      const { place, isIn } = await this.images.find(image.id);
      const first = place + Number(isIn);
      await this.images.ensure(first, first + count - 1);
      const copied = this.edits.withItems(selection);
      let diff = emptyDiff();
      let images = 0;
      for (let index = first; index < first + count; index++) {
        const row = this.images.row(index);
        if (!row || row.id === image.id) continue;
        const there = await this.bridge.call('images.document', { imageId: row.id });
        const zOrder = Math.max(0, ...there.annotations.map((one) => one.zOrder + 1));
        const copies = pasteAnnotations(copied, [0, 0], there.image, zOrder);
        if (!isEmptyDiff(copies)) images += 1;
        diff = squashDiffs(diff, copies);
      }
      if (images === 0) return this.reportFailure(text.errors.nothingToPropagate);
      this.document.commit(stepLabel('propagate', { images }), diff);
      await this.document.saves.settled();
      await this.images.reload();
    });
  }

  /**
   * Makes the region that was made last once more: at its place on another image, beside itself on
   * its own.
   */
  repeatLast(): void {
    if (this.#lastMade) this.edits.pasteOne(this.#lastMade);
  }

  // Changes

  /**
   * Shows a change and sends it to the journal; one that would edit a locked region is refused.
   * What was said of the image is taken back where its regions now contradict it.
   */
  commit(label: StepLabel, change: Diff): void {
    if (!this.mayEdit(change)) return;
    const { image, items, reviews } = this.document;
    const diff = withDependents(signDiff(change, this.person), items, reviews);
    this.document.commit(label, image ? this.#withStateAfter(diff, image) : diff);
    this.#followDocument();
  }

  /** Whether a change leaves locked regions alone; where not, the person is told how to go on. */
  mayEdit(change: Diff): boolean {
    const locked = lockedOf(change, this.regions.lockedIds);
    if (locked.length > 0) this.#refuseLocked(locked);
    return locked.length === 0;
  }

  #refuseLocked(ids: readonly RecordId[]): void {
    this.reportFailure(text.errors.locked(ids.length), {
      kind: 'step',
      label: text.errors.unlock(ids.length),
      run: () => this.regions.setLocked(ids, false),
    });
  }

  #withStateAfter(diff: Diff, image: ImageRecord): Diff {
    const { annotations, items } = this.document;
    const regions = countAfter('annotation', diff, image, annotations.length);
    if (regions === annotations.length) return diff;
    const itemsLeft = countAfter('item', diff, image, items.length);
    return withState(diff, image, stateAfter(image, regions, itemsLeft));
  }

  /**
   * Undoes or redoes a step: of an unfinished drawing first, then of the journal. A held button
   * keeps its draft.
   */
  async travel(direction: 'undo' | 'redo'): Promise<void> {
    const { machine } = this;
    if (machine.isPressed) return;
    if (direction === 'undo' ? machine.stepBack() : machine.stepForward()) return;
    machine.arrowUp();
    await this.attempt(async () => {
      const { otherImageId, isLarge } = await this.document.travel(direction);
      this.#followDocument();
      if (otherImageId) await this.opened.show(otherImageId);
      if (otherImageId || isLarge || !this.document.image) await this.opened.reloadList();
    });
  }

  /**
   * Undoes or redoes until a step is the newest that is done, and shows its image; null undoes
   * everything.
   */
  async travelTo(step: HistoryStep | null): Promise<void> {
    this.machine.leave();
    await this.attempt(async () => {
      await this.document.travelTo(step?.id ?? 0);
      this.#followDocument();
      if (step?.imageId && step.imagePath) await this.opened.show(step.imageId);
      await this.opened.reloadList();
    });
  }

  /** Gives up unsaved changes and shows what is stored. */
  async dropUnsaved(): Promise<void> {
    this.document.saves.drop();
    await this.attempt(() => this.reload());
  }

  #followDocument(): void {
    this.regions.followDocument();
    const { image, annotations } = this.document;
    this.categoryKeys.follow();
    if (image) this.images.patch(image.id, image.state, annotations.length);
  }

  /** Whether the regions of the shown image let a person say this of it. */
  canSay(state: ImageState): boolean {
    const { image, annotations, items } = this.document;
    return image !== null && canBeSaid(state, annotations.length, items.length);
  }

  setImageState(state: ImageState): void {
    const { image } = this.document;
    if (!image) return;
    if (!this.canSay(state)) {
      const { nothingDone, notEmpty } = text.errors;
      if (state !== 'done') return this.reportFailure(notEmpty);
      return this.reportFailure(nothingDone, {
        kind: 'step',
        label: text.regions.markEmpty,
        run: () => this.setImageState('reviewed-empty'),
      });
    }
    const lacking =
      state === 'done' ? firstLacking(this.document.annotations, this.document.categories) : null;
    if (lacking) {
      this.regions.select(lacking.annotation.id);
      return this.reportFailure(text.categoryDialog.missing(lacking.category.name, lacking.name), {
        kind: 'region',
      });
    }
    this.commit(stepLabel('state', { state }), setImageState(image, state));
  }

  setSplit(split: Split | null): void {
    const { image } = this.document;
    if (image) this.commit(stepLabel('split', { split: split ?? 'none' }), setSplit(image, split));
  }

  /** Removes regions as one step. */
  remove(...annotations: Annotation[]): void {
    this.commit(stepLabel('remove', { count: annotations.length }), removal(...annotations));
  }

  /** Moves the selected region above or below others. */
  moveInOrder(move: OrderMove): void {
    const { selected, lockedIds } = this.regions;
    if (!selected) return;
    if (lockedIds.has(selected.id)) return this.#refuseLocked([selected.id]);
    this.commit(
      stepLabel('order', { move }),
      moveInOrder(this.document.annotations, selected.id, move),
    );
  }

  /** Whether a category may be given: a locked project gets no new one by the way. */
  mayUse(choice: CategoryChoice): boolean {
    if (choice.kind !== 'new' || !this.settings.current.isTaxonomyLocked) return true;
    this.refuseName(choice.category.name);
    return false;
  }

  /** Says that locked categories get no new one. */
  refuseName(name: string): void {
    this.reportFailure(text.categories.lockedHelp(name), { kind: 'categories' });
  }

  /** Gives regions a category as one step; the empty name takes it away. */
  assign(annotations: readonly Annotation[], name: string): void {
    const choice = chooseCategory(name, this.document.categories);
    if (!this.mayUse(choice)) return;
    this.proposals.noteUse(name.trim());
    const id = choiceId(choice);
    const others = annotations.filter(({ categoryId }) => categoryId !== id);
    if (others.length === 0) return;
    this.commit(stepLabel('category', { name }), setCategory(others, choice));
  }

  /** Adds a region as one step, and selects it. */
  addRegion(label: StepLabel, diff: Diff, name: string): void {
    const { image, annotations, categories } = this.document;
    const added = Object.values(diff.added).find((record) => record.kind === 'annotation');
    const isDone =
      this.marksDone && !firstLacking(added ? [...annotations, added] : annotations, categories);
    this.commit(label, image && isDone ? withState(diff, image, 'done') : diff);
    this.regions.select(added?.id ?? null);
    this.#lastMade = added?.kind === 'annotation' ? added : null;
    this.proposals.noteUse(name.trim());
    this.proposals.chosenName = null;
  }

  /** Makes a region of a shape that was drawn by hand, with keypoints where some were set. */
  addShape(geometry: Geometry, keypoints: readonly Keypoint[] | null = null): void {
    const { image, categories } = this.document;
    if (!image) return;
    const { selected } = this.regions;
    const own = keypoints && selected && this.document.categoryOf(selected);
    const name = own?.name ?? this.proposals.lastName;
    const choice = chooseCategory(name, categories);
    if (!this.mayUse(choice)) return;
    void this.attempt(() => {
      const values = startingValues(choiceId(choice), categories);
      const zOrder = this.document.nextZOrder();
      const diff = addShape(geometry, choice, image, zOrder, values, keypoints);
      this.addRegion(stepLabel('draw', { name }), diff, name);
    });
  }

  // Keys

  /**
   * A number key: the category for the active proposal, else for the selected region, else for
   * what comes.
   */
  useQuickCategory(key: string): void {
    const category = this.categoryKeys.find(key);
    if (!category) return;
    if (this.proposals.active) this.proposals.chosenName = category.name;
    else if (this.regions.selected) this.assign(this.regions.selection, category.name);
    else this.proposals.lastName = category.name;
  }

  get machine(): ToolMachine {
    return this.tools.machine;
  }

  useTool(id: ToolId): void {
    this.tools.take(id);
  }

  /**
   * Enter: closes what is drawn, else accepts; a proposal without a category asks for one first.
   */
  finish(): void {
    if (this.outline.simplification) return this.outline.endSimplify(true);
    if (!this.machine.finish()) this.#acceptActive();
  }

  /** Takes the answer of one of two compared models, as Enter does. */
  take(seat: PromptSeat): void {
    if (this.comparison.choose(seat)) this.#acceptActive();
  }

  #acceptActive(): void {
    const { active, name } = this.proposals;
    if (!active) return;
    if (name === '') this.categoryField.focus();
    else this.proposals.accept(active, name);
  }

  /**
   * Escape, one level at a time: the draft, the proposal, the open prompt, the comparison of two
   * models, the selection, a waiting draft, the tool.
   */
  escape(): void {
    if (this.outline.simplification) return this.outline.endSimplify(false);
    if (this.machine.cancel()) return;
    const { image } = this.document;
    const { active, prompts } = this.proposals;
    const open = image && prompts.of(image.id).at(-1);
    if (active) this.proposals.reject(active);
    else if (open) prompts.dropPrompt(open);
    else if (this.comparison.modelId !== null) this.comparison.end();
    else if (this.regions.selection.length > 0) this.regions.select(null);
    else if (!this.tools.dropWaiting()) this.useTool('select');
  }

  deleteOrStepBack(): void {
    if (this.machine.stepBack()) return;
    if (this.regions.selection.length > 0) this.remove(...this.regions.selection);
  }

  /** Runs what may fail and tells the person when it does. */
  async attempt(work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.#reports.thrown(thrown);
    }
  }
}
