import type { HistoryStep, HostBridge, ImageRow, ProjectSummary } from '../../app/api/contract.ts';
import { removal, type Diff } from '../../core/diff.ts';
import { fromErrorEnvelope, toErrorEnvelope, type ErrorEnvelope } from '../../core/errors.ts';
import type { Box, Point } from '../../core/geometry/shapes.ts';
import { canBeSaid, stateAfter } from '../../core/image-states.ts';
import { withDependents } from '../../core/project/dependents.ts';
import { signDiff } from '../../core/project/sign.ts';
import { stepLabel, type StepLabel } from '../../core/project/step-labels.ts';
import type { PromptMark } from '../../core/prompt.ts';
import type {
  Annotation,
  Geometry,
  ImageRecord,
  ImageState,
  Person,
  RecordId,
  Split,
} from '../../core/records.ts';
import { rleOfStroke } from '../../core/geometry/placed-rle.ts';
import { geometryRle } from '../../core/geometry/region.ts';
import { rleArea } from '../../core/geometry/rle.ts';
import { text } from '../i18n/text.svelte.ts';
import {
  acceptProposal,
  addShape,
  chooseCategory,
  choiceId,
  countAfter,
  setCategory,
  setImageState,
  setSplit,
  withState,
} from './changes.ts';
import { CategoryKeys } from './category-keys.ts';
import { Crosshair } from './crosshair.svelte.ts';
import { Document } from './document.svelte.ts';
import { edgeRadius, refineInWorker, type EdgeRefiner } from './edge-refiner.ts';
import { moveInOrder, type OrderMove } from './drawing-order.ts';
import { useProposal, type ProposalUse } from './geometry-changes.ts';
import { History } from './history.svelte.ts';
import { isPreparedAhead } from './image-limits.ts';
import { ImageList } from './image-list.svelte.ts';
import { editsLocked } from './locked.ts';
import { Prompts } from './prompts.svelte.ts';
import { suggestedCategory, type Proposal } from './proposals.ts';
import { imagesOfDiff } from './shown.ts';
import { RegionEdits } from './region-edits.ts';
import { RegionWords } from './region-words.svelte.ts';
import { ProjectSettingsState } from './project-settings.svelte.ts';
import { Regions } from './regions.svelte.ts';
import { Simplification } from './simplification.svelte.ts';
import { snapPoint } from './snapping.ts';
import { Toolbelt } from './toolbelt.svelte.ts';
import { isMarkInside, type Size } from './tools/bounds.ts';
import type { DrawMode, ToolOptions } from './tools/tool-options.svelte.ts';
import type { Draft, ToolContext, ToolId, ToolMachine, VectorGeometry } from './tools/tool.ts';
import { View } from './view.svelte.ts';

export type EncodeState = 'none' | 'encoding' | 'ready' | 'failed';

/** Who tells the person what went wrong. */
export interface EditorReports {
  readonly failure: (message: string) => void;
  /** What was thrown, in words, with what helps where something does. */
  readonly thrown: (thrown: unknown) => void;
}

/** An open project as it is worked on: what is shown, selected, drawn and proposed. */
export class Editor implements ToolContext {
  readonly bridge: HostBridge;
  readonly images: ImageList;
  readonly document: Document;
  readonly history: History;
  readonly settings: ProjectSettingsState;
  readonly regions: Regions;
  readonly categoryKeys: CategoryKeys;
  readonly prompts: Prompts;
  readonly words: RegionWords;
  readonly view = new View();
  readonly crosshair = new Crosshair(this);
  readonly tools = new Toolbelt(this);
  readonly edits = new RegionEdits(this);

  project = $state.raw() as ProjectSummary;
  encodeState = $state<EncodeState>('none');
  /** Who works here; null where nobody has said. */
  person = $state.raw<Person | null>(null);
  /** Whether a region that is accepted or drawn marks its image as done. */
  marksDone = false;
  /** The category name used last; drawn shapes get it, and proposals that suggest none. */
  categoryName = $state('');
  /** What the person typed or picked for the active proposal; null follows the suggestion. */
  chosenName = $state<string | null>(null);

  readonly activeProposal = $derived.by(() => {
    const { image } = this.document;
    return image ? this.prompts.activeProposal(image.id) : null;
  });
  /** The category that the active proposal gets when it is accepted. */
  readonly proposalName = $derived.by(() => {
    if (this.chosenName !== null || !this.activeProposal) return this.chosenName ?? '';
    return suggestedCategory(this.activeProposal, this.document.categories) ?? this.categoryName;
  });

  /** Puts the cursor into the proposal's category field; set by that field while it is shown. */
  focusCategory = (): void => undefined;

  /** All that the model is shown of the image; null for all of it. */
  crop = $state.raw<Box | null>(null);
  #simplification = $state.raw<Simplification | null>(null);
  #stepping = Promise.resolve();
  /** The region whose edge is being fitted to the image. */
  refiningId = $state<RecordId | null>(null);
  /** Fits edges to the image's pixels; a test puts its own in. */
  refiner: EdgeRefiner = refineInWorker;

  /** A simpler outline that is being chosen for the selected region. */
  readonly simplification = $derived.by(() =>
    this.#simplification?.annotation === this.regions.selected ? this.#simplification : null,
  );
  /** All that is being drawn. */
  readonly drafts = $derived.by((): readonly Draft[] => {
    const drafts = Array.from(this.tools.drafts.values());
    if (this.crop) drafts.unshift({ kind: 'crop', box: this.crop, image: this.imageSize });
    if (!this.simplification) return drafts;
    const { annotation, geometry } = this.simplification;
    return [...drafts, { kind: 'reshaped', annotation, geometry }];
  });
  /** Regions that a draft shows in another place or form; not drawn where they are. */
  readonly #draftedIds = $derived.by(() => {
    const { draft } = this.tools;
    if (this.simplification) return this.simplification.annotation.id;
    if (draft?.kind === 'moved') return draft.annotations.map(({ id }) => id).join(' ');
    return draft?.kind === 'reshaped' ? draft.annotation.id : '';
  });
  /** What the canvas draws of the regions. */
  readonly shown = $derived.by(() => {
    if (this.#draftedIds === '') return this.regions.visible;
    const drafted = this.#draftedIds.split(' ');
    return this.regions.visible.filter(({ id }) => !drafted.includes(id));
  });
  /** The region whose vertices or sides can be taken hold of. */
  readonly reshapable = $derived.by((): VectorGeometry | null => {
    const [annotation] = this.regions.selection;
    const isAlone = this.regions.selection.length === 1 && this.#draftedIds === '';
    if (this.toolId !== 'select' || !annotation || !isAlone) return null;
    return annotation.geometry.kind === 'mask' ? null : annotation.geometry;
  });

  readonly #reports: EditorReports;
  readonly #stopListening: () => void;

  constructor(bridge: HostBridge, project: ProjectSummary, reports: EditorReports) {
    this.bridge = bridge;
    this.project = project;
    this.#reports = reports;
    this.images = new ImageList(bridge);
    this.document = new Document(bridge, project, {
      onRefused: () => void this.#showStored(),
      onFailed: (error) => this.#noteUnsaved(error),
    });
    this.history = new History(bridge);
    this.settings = new ProjectSettingsState(bridge, reports.thrown);
    this.categoryKeys = new CategoryKeys(this.settings, this.document);
    this.regions = new Regions(this.document, this.settings);
    this.prompts = new Prompts(bridge);
    this.words = new RegionWords(bridge);
    this.#stopListening = bridge.on('journal:changed', ({ diff }) => void this.#follow(diff));
  }

  dispose(): void {
    this.#stopListening();
    this.prompts.dispose();
    this.words.dispose();
  }

  /** Shows what something other than this window did to the project. */
  async followProject(project: ProjectSummary): Promise<void> {
    this.project = project;
    await Promise.all([this.settings.load(), this.reload()]);
  }

  /** Shows what another window changed; null where that is too much to be told. */
  async #follow(diff: Diff | null): Promise<void> {
    await this.#attempt(async () => {
      if (diff === null) return this.reload();
      this.document.follow(diff);
      this.#followDocument();
      const { image } = this.document;
      const isElsewhere = [...imagesOfDiff(diff)].some((id) => id !== image?.id);
      await this.document.loadUndoState();
      if (isElsewhere || !image) await this.#reloadImages();
    });
  }

  reportFailure(message: string): void {
    this.#reports.failure(message);
  }

  /** A project file that is gone stays gone: that is said at once, with what helps. */
  #noteUnsaved(error: ErrorEnvelope): void {
    if (error.code === 'project-displaced') this.#reports.thrown(fromErrorEnvelope(error));
  }

  /** Shows the records as they are stored, after a change to others was refused. */
  async #showStored(): Promise<void> {
    this.reportFailure(text.errors.refused);
    await this.#attempt(() => this.reload());
    this.#followDocument();
  }

  /** Makes the refused changes again, to the records as they are now. */
  async applyRefused(): Promise<void> {
    await this.#attempt(() => this.document.applyRefused());
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
    const imageId = this.document.image?.id ?? this.images.row(0)?.id;
    if (imageId) await this.openImage(imageId);
  }

  // Images

  async openImage(imageId: RecordId): Promise<void> {
    const isOther = imageId !== this.document.image?.id;
    if (isOther) this.tools.putDown();
    await this.#attempt(async () => {
      if (!(await this.#openDocument(imageId))) return;
      if (isOther) {
        this.regions.reset();
        this.crosshair.hide();
        this.crop = null;
        this.chosenName = null;
        this.view.show(this.imageSize);
        void this.prepare();
      }
      await this.images.find(imageId);
    });
  }

  /** Whether the image is shown. One that is gone from the project makes room for the first of the list. */
  async #openDocument(imageId: RecordId): Promise<boolean> {
    try {
      return await this.document.open(imageId);
    } catch (thrown) {
      if (toErrorEnvelope(thrown).code !== 'not-found') throw thrown;
      this.document.forget(imageId);
      this.regions.followDocument();
      await this.#reloadImages();
      return false;
    }
  }

  /** Lets the model look at the image ahead of the first prompt, and then at the next one. */
  async prepare(): Promise<void> {
    const imageId = this.document.image?.id;
    if (!imageId) return;
    this.encodeState = 'encoding';
    const isStillShown = () => this.document.image?.id === imageId;
    try {
      await this.bridge.call('prompt.prepare', { imageId });
      if (!isStillShown()) return;
      this.encodeState = 'ready';
      await this.#prepareNext();
    } catch {
      // The status line says so; the first prompt will give the full message.
      if (isStillShown()) this.encodeState = 'failed';
    }
  }

  /** A prompt that comes meanwhile goes first; that the next image cannot be read is said when it is shown. */
  async #prepareNext(): Promise<void> {
    const [next] = this.neighbours;
    if (!next || !isPreparedAhead(next)) return;
    await this.bridge.call('prompt.prepare', { imageId: next.id }).catch(() => undefined);
  }

  /**
   * Shows the next image of the list or the one before, also when the filter leaves the shown one out. A step that is asked
   * for while another is under way goes on from where that one ends.
   */
  step(by: 1 | -1): Promise<void> {
    this.#stepping = this.#stepping.then(() => this.#stepOnce(by));
    return this.#stepping;
  }

  async #stepOnce(by: 1 | -1): Promise<void> {
    const { image } = this.document;
    if (!image) return;
    await this.#attempt(async () => {
      const { place, isIn } = await this.images.find(image.id);
      const row = this.images.row(by < 0 ? place - 1 : place + Number(isIn));
      if (row) await this.openImage(row.id);
    });
  }

  /** The images before and after the shown one, the next first; they are likely to be wanted soon. */
  get neighbours(): readonly ImageRow[] {
    const { image } = this.document;
    const index = image ? this.images.indexOf(image.id) : -1;
    const rows = index < 0 ? [] : [this.images.row(index + 1), this.images.row(index - 1)];
    return rows.filter((row) => row !== undefined);
  }

  /** Copies the selected regions and pastes them on the next image. */
  async copyToNext(): Promise<void> {
    const before = this.document.image?.id;
    this.edits.copy();
    await this.step(1);
    if (this.document.image?.id !== before) this.edits.paste();
  }

  async openNextOpen(): Promise<void> {
    const { image } = this.document;
    if (!image) return;
    await this.#attempt(async () => {
      const row = await this.images.nextOpen(image.id);
      if (row) await this.openImage(row.id);
    });
  }

  // Changes

  /**
   * Shows a change and sends it to the journal; one that would edit a locked region is refused. What was said of the
   * image is taken back where its regions now contradict it.
   */
  commit(label: StepLabel, change: Diff): void {
    if (editsLocked(change, this.regions.lockedIds)) return this.reportFailure(text.errors.locked);
    const { image, items, reviews } = this.document;
    const diff = withDependents(signDiff(change, this.person), items, reviews);
    this.document.commit(label, image ? this.#withStateAfter(diff, image) : diff);
    this.#followDocument();
  }

  #withStateAfter(diff: Diff, image: ImageRecord): Diff {
    const { annotations, items } = this.document;
    const regions = countAfter('annotation', diff, image, annotations.length);
    if (regions === annotations.length) return diff;
    const itemsLeft = countAfter('item', diff, image, items.length);
    return withState(diff, image, stateAfter(image, regions, itemsLeft));
  }

  /** Undoes or redoes a step: of an unfinished drawing first, then of the journal. A held button keeps its draft. */
  async travel(direction: 'undo' | 'redo'): Promise<void> {
    const { machine } = this;
    if (machine.isPressed) return;
    if (direction === 'undo' ? machine.stepBack() : machine.stepForward()) return;
    machine.arrowUp();
    await this.#attempt(async () => {
      const { otherImageId, isLarge } = await this.document.travel(direction);
      this.#followDocument();
      if (otherImageId) await this.openImage(otherImageId);
      if (otherImageId || isLarge || !this.document.image) await this.#reloadImages();
    });
  }

  /** Undoes or redoes until a step is the newest that is done, and shows its image; null undoes everything. */
  async travelTo(step: HistoryStep | null): Promise<void> {
    this.machine.leave();
    await this.#attempt(async () => {
      await this.document.travelTo(step?.id ?? 0);
      this.#followDocument();
      if (step?.imageId && step.imagePath) await this.openImage(step.imageId);
      await this.#reloadImages();
    });
  }

  /** Reads the list again, and shows the first image when the one that was shown is gone. */
  async #reloadImages(): Promise<void> {
    await this.images.reload();
    const first = this.images.row(0);
    if (!this.document.image && first) await this.openImage(first.id);
  }

  /** Gives up unsaved changes and shows what is stored. */
  async dropUnsaved(): Promise<void> {
    this.document.saves.drop();
    await this.#attempt(() => this.reload());
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
      return this.reportFailure(state === 'done' ? nothingDone : notEmpty);
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
    if (lockedIds.has(selected.id)) return this.reportFailure(text.errors.locked);
    this.commit(
      stepLabel('order', { move }),
      moveInOrder(this.document.annotations, selected.id, move),
    );
  }

  /** Gives regions a category as one step; the empty name takes it away. */
  assign(annotations: readonly Annotation[], name: string): void {
    const choice = chooseCategory(name, this.document.categories);
    const id = choiceId(choice);
    const others = annotations.filter(({ categoryId }) => categoryId !== id);
    if (others.length === 0) return;
    this.commit(stepLabel('category', { name }), setCategory(others, choice));
  }

  #commitNew(label: StepLabel, diff: Diff, name: string): void {
    const { image } = this.document;
    this.commit(label, image && this.marksDone ? withState(diff, image, 'done') : diff);
    const added = Object.values(diff.added).find((record) => record.kind === 'annotation');
    this.regions.select(added?.id ?? null);
    this.categoryName = name.trim();
    this.chosenName = null;
  }

  /** Begins to choose a simpler outline for the selected region. */
  simplify(): void {
    const { selected } = this.regions;
    if (selected) this.#simplification = new Simplification(selected, this.imageSize);
  }

  /** Ends it: the region takes the outline, or keeps its own. */
  endSimplify(isTaken: boolean): void {
    const { simplification } = this;
    this.#simplification = null;
    if (!simplification || !isTaken) return;
    const { annotation, geometry, result } = simplification;
    this.edits.reshape(annotation, geometry, stepLabel('simplify', { count: result.vertices }));
  }

  /** Fits the edge of the selected region to the image, as one step; a region changed meanwhile is left alone. */
  async refineEdge(): Promise<void> {
    const { selected } = this.regions;
    const { image } = this.document;
    if (!selected || !image || this.refiningId) return;
    this.refiningId = selected.id;
    await this.#attempt(async () => {
      const rle = await this.refiner({
        imageUrl: this.bridge.imageUrl(image.id, 'full'),
        rle: geometryRle(selected.geometry, image.width, image.height),
        radius: edgeRadius(selected.area),
      });
      const isAsItWas = this.document.annotations.includes(selected);
      if (isAsItWas) this.edits.reshape(selected, { kind: 'mask', rle }, stepLabel('refineEdge'));
    });
    this.refiningId = null;
  }

  // Proposals

  askWords(words: string): void {
    const { image } = this.document;
    if (image && words.trim() !== '') this.prompts.askWords(image.id, words.trim(), this.crop);
  }

  accept(proposal: Proposal, name: string): void {
    const { image, categories } = this.document;
    if (!image) return;
    const choice = chooseCategory(name, categories);
    const diff = acceptProposal(proposal, choice, image, this.document.nextZOrder());
    this.prompts.dropProposal(image.id, proposal.id);
    this.#commitNew(stepLabel('accept', { name }), diff, name);
  }

  acceptAll(name: string): void {
    const { image } = this.document;
    if (!image) return;
    for (const proposal of this.prompts.proposals(image.id)) this.accept(proposal, name);
  }

  /** Adds a proposal to the selected region, takes it out, or lets it take the region's place. */
  useProposal(proposal: Proposal, use: ProposalUse): void {
    const { image } = this.document;
    const { selected } = this.regions;
    if (!image || !selected) return;
    void this.#attempt(() => {
      const diff = useProposal(selected, proposal, use, image);
      if (editsLocked(diff, this.regions.lockedIds)) return this.reportFailure(text.errors.locked);
      this.commit(stepLabel('useProposal', { use }), diff);
      this.chosenName = null;
      this.prompts.dropProposal(image.id, proposal.id);
    });
  }

  reject(proposal: Proposal): void {
    this.chosenName = null;
    const { image } = this.document;
    if (image) this.prompts.dropProposal(image.id, proposal.id);
  }

  walk(step: 1 | -1): void {
    this.chosenName = null;
    const { image } = this.document;
    if (image) this.prompts.walk(image.id, step);
  }

  /** A number key: the category for the active proposal, else for the selected region, else for what comes. */
  useQuickCategory(key: string): void {
    const category = this.categoryKeys.find(key);
    if (!category) return;
    if (this.activeProposal) this.chosenName = category.name;
    else if (this.regions.selected) this.assign(this.regions.selection, category.name);
    else this.categoryName = category.name;
  }

  // What tools may do

  get imageSize(): Size {
    return this.document.image ?? { width: 0, height: 0 };
  }

  get options(): ToolOptions {
    return this.tools.options;
  }

  hitTest(at: Point): readonly RecordId[] {
    return this.regions.at(at);
  }

  within(box: Box): readonly RecordId[] {
    return this.regions.within(box).map(({ id }) => id);
  }

  snap(at: Point, reach: number, own: RecordId | null): Point {
    const near = this.regions
      .inBox([at[0] - reach, at[1] - reach, 2 * reach, 2 * reach])
      .filter(({ id }) => id !== own);
    return (
      snapPoint(
        near.map(({ geometry }) => geometry),
        at,
        reach,
      ) ?? at
    );
  }

  /** An arrow key, to the right and down: moves what is selected while no crosshair is shown, else the crosshair. */
  arrow(direction: Point, isLarge: boolean): void {
    if (!this.document.image) return;
    const isForSelection = this.toolId === 'select' && this.regions.selection.length > 0;
    if (isForSelection && !this.crosshair.at) {
      const step = isLarge ? 10 : 1;
      this.machine.arrow([direction[0] * step, direction[1] * step]);
    } else {
      this.crosshair.move(direction, isLarge);
    }
  }

  get selection(): readonly Annotation[] {
    return this.regions.selection;
  }

  select(ids: readonly RecordId[]): void {
    this.regions.selectedIds = ids;
  }

  hover(id: RecordId | null): void {
    this.regions.hover(id);
  }

  draw(draft: Draft | null): void {
    this.tools.draw(draft);
  }

  showModel(crop: Box | null): void {
    this.crop = crop;
  }

  addMark(mark: PromptMark, prompt: 'same' | 'new'): void {
    const { image } = this.document;
    const { crop } = this;
    if (crop && !isMarkInside(mark, crop)) return this.reportFailure(text.errors.outsideCrop);
    if (image) this.prompts.addMark(image.id, mark, prompt, crop);
  }

  addShape(geometry: VectorGeometry, mode: DrawMode): void {
    const { selected } = this.regions;
    if (mode === 'subtract' && !selected) return this.reportFailure(text.errors.nothingToCut);
    if (mode === 'new' || !selected) return this.#addRegion(geometry);
    const label = mode === 'add' ? stepLabel('addToRegion') : stepLabel('cutOut');
    this.edits.draw(selected, geometry, mode === 'add' ? 'union' : 'subtract', label);
  }

  paint(stroke: readonly Point[], width: number, erases: boolean): void {
    const { selected } = this.regions;
    const { imageSize } = this;
    const rle = rleOfStroke(stroke, width, imageSize.width, imageSize.height);
    const geometry: Geometry = { kind: 'mask', rle };
    if (selected) {
      const label = erases ? stepLabel('erase') : stepLabel('paint');
      this.edits.draw(selected, geometry, erases ? 'subtract' : 'union', label);
    } else if (erases) {
      this.reportFailure(text.errors.nothingToErase);
    } else if (rleArea(rle) > 0) {
      this.#addRegion(geometry);
    }
  }

  moveSelection(by: Point): void {
    this.edits.move(by);
  }

  reshape(annotation: Annotation, geometry: VectorGeometry): void {
    this.edits.reshape(annotation, geometry);
  }

  #addRegion(geometry: Geometry): void {
    const { image, categories } = this.document;
    if (!image) return;
    const name = this.categoryName;
    const choice = chooseCategory(name, categories);
    void this.#attempt(() => {
      const diff = addShape(geometry, choice, image, this.document.nextZOrder());
      this.#commitNew(stepLabel('draw', { name }), diff, name);
    });
  }

  // Tools and keys

  get machine(): ToolMachine {
    return this.tools.machine;
  }

  get toolId(): ToolId {
    return this.tools.toolId;
  }

  get draft(): Draft | null {
    return this.tools.draft;
  }

  useTool(id: ToolId): void {
    this.tools.take(id);
    this.regions.hover(null);
  }

  /** Enter: closes what is drawn, else accepts; a proposal without a category asks for one first. */
  finish(): void {
    if (this.simplification) return this.endSimplify(true);
    if (this.machine.finish() || !this.activeProposal) return;
    if (this.proposalName === '') this.focusCategory();
    else this.accept(this.activeProposal, this.proposalName);
  }

  /** Escape, one level at a time: the draft, the proposal, the open prompt, the selection, a waiting draft, the tool. */
  escape(): void {
    if (this.simplification) return this.endSimplify(false);
    if (this.machine.cancel()) return;
    const { image } = this.document;
    const open = image && this.prompts.of(image.id).at(-1);
    if (this.activeProposal) this.reject(this.activeProposal);
    else if (open) this.prompts.dropPrompt(open);
    else if (this.selection.length > 0) this.select([]);
    else if (!this.tools.dropWaiting()) this.useTool('select');
  }

  deleteOrStepBack(): void {
    if (this.machine.stepBack()) return;
    if (this.regions.selection.length > 0) this.remove(...this.regions.selection);
  }

  async #attempt(work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.#reports.thrown(thrown);
    }
  }
}
