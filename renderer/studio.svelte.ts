import type { HostBridge } from '../app/api/contract.ts';
import type { FormatDescription, ImportNote, ImportReport } from '../app/api/contract/dataset.ts';
import type { BatchReport, ImageChangeReport } from '../app/api/contract/jobs.ts';
import type { EngineStatus, InstalledModel } from '../app/api/contract/models.ts';
import {
  rescuableFailures,
  type ProjectSummary,
  type RecentProject,
  type RescuedProject,
} from '../app/api/contract/project.ts';
import type { Settings } from '../app/api/settings.ts';
import { toErrorEnvelope } from '../core/errors.ts';
import type { DeviceKind, ModelTask } from '../core/prompt.ts';
import type { PhotoChoice } from '../core/project/photo-choices.ts';
import type { ImageFilter } from '../core/project/image-filter.ts';
import type { Annotation, ImageState, Split, RecordId } from '../core/records.ts';
import { folderOf, type Dropped } from './drop.ts';
import type { Remedy } from './editor/remedy.ts';
import { Editor } from './editor/editor.svelte.ts';
import { FocusTarget } from './editor/focus-target.ts';
import { failureText } from './i18n/failure-text.ts';
import { spokenOf, text } from './i18n/text.svelte.ts';
import { Jobs, type Job } from './jobs.svelte.ts';
import { Presence } from './presence.svelte.ts';
import { Tour } from './tour.svelte.ts';
import packageJson from '../package.json' with { type: 'json' };
import { SettingsState } from './settings.svelte.ts';

/** The change of many images at once. */
export type ImageChange =
  | { readonly kind: 'state'; readonly state: ImageState }
  | { readonly kind: 'split'; readonly split: Split | null }
  | { readonly kind: 'take-out' };

/** The dialog that is open; one at a time. */
export type OpenDialog =
  | 'create-project'
  | 'open-project'
  | 'import-folder'
  | 'import-dataset'
  | 'import-notes'
  | 'export-dataset'
  | 'compare-datasets'
  | 'categories'
  | 'propagate'
  | 'statistics'
  | 'label-images'
  | 'check-regions'
  | 'train-model'
  | 'compare-models'
  | 'models'
  | 'backups'
  | 'save-as'
  | 'hand-out'
  | 'merge-handout'
  | 'palette'
  | 'settings'
  | 'shortcuts'
  | 'release-notes';

/** Actions on the open project. */
export const views = ['annotate', 'author', 'review', 'results'] as const;
export type ViewId = (typeof views)[number];

/** The content of the panel on the right. */
export const sidePanels = ['regions', 'texts', 'history'] as const;
export type SidePanelId = (typeof sidePanels)[number];

/** The inputs of a benchmark project. */
export interface BenchmarkStart {
  /** A dataset that is imported first. */
  readonly dataset: { readonly path: string; readonly images?: string } | null;
  /** Whether its regions get draft items. */
  readonly hasDrafts: boolean;
}

const noStart: BenchmarkStart = { dataset: null, hasDrafts: true };

export interface Notice {
  readonly id: number;
  readonly kind: 'info' | 'failure';
  readonly message: string;
  /** The offered action. */
  readonly action?: NoticeAction;
  /** Runs when the person closes it without doing that. */
  readonly onDecline?: () => void;
}

export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

/** The whole window: the open project or the start screen, the model, jobs, dialogs and notices. */
export class Studio {
  readonly bridge: HostBridge;
  readonly jobs: Jobs;
  readonly settings: SettingsState;
  readonly presence: Presence;
  readonly tour = new Tour();
  editor = $state.raw<Editor | null>(null);
  isStarting = $state(true);
  recent = $state.raw<readonly RecentProject[]>([]);
  models = $state.raw<readonly InstalledModel[]>([]);
  /** The dataset formats of the program, read at the start so that dialogs show them at once. */
  formats = $state.raw<readonly FormatDescription[]>([]);
  /** The home folder of this computer; null until it is known. */
  homeFolder = $state<string | null>(null);
  engine = $state.raw<EngineStatus>({ state: 'stopped' });
  /** The model for words; stopped where the one for masks is asked for them too. */
  words = $state.raw<EngineStatus>({ state: 'stopped' });
  dialog = $state<OpenDialog | null>(null);
  /** Initial paths of the import dialog. */
  datasetImport = $state.raw({ path: '', images: '' });
  /** The import whose notes the dialog shows. */
  importReport = $state.raw<ImportReport | null>(null);
  /** The project whose backups the dialog shows. */
  backupsOf = $state<string | null>(null);
  view = $state<ViewId>('annotate');
  /** Whether a reviewer puts a mask right. */
  isFixing = $state(false);
  /** Whether regions are made and changed in what is shown. */
  readonly makesRegions = $derived(this.view === 'annotate' || this.isFixing);
  sidePanel = $state<SidePanelId>('regions');
  notices = $state.raw<readonly Notice[]>([]);
  readonly textPrompt = new FocusTarget();
  readonly imageSearch = new FocusTarget();
  /** Popovers: they open when they get the focus. */
  readonly imageCriteria = new FocusTarget();
  readonly imageLook = new FocusTarget();
  readonly regionFilter = new FocusTarget();
  #askedSkeleton: { readonly categoryId: RecordId | null } | null = null;
  #lastNoticeId = 0;
  /** Paths of the project's images that turned out to be damaged. */
  #unreadable: string[] = [];
  #isOpening = false;
  /** The job that takes images out of the project. */
  #takingOut: string | null = null;
  /** Says what a change of many images did. */
  #changeNotice: number | null = null;
  /** The loaded model is a project's own, not the one that the person chose for the application. */
  #isModelOfProject = false;
  /** Likewise of the model for words. */
  #isWordsModelOfProject = false;

  constructor(bridge: HostBridge) {
    this.bridge = bridge;
    this.settings = new SettingsState(bridge);
    this.presence = new Presence(bridge);
    this.jobs = new Jobs(bridge, (job) => void this.#jobEnded(job));
    bridge.on('engine:status', (status) => this.#engineChanged(status));
    bridge.on('engine:words-status', (status) => (this.words = status));
    bridge.on('image:unreadable', ({ path }) => this.#foundUnreadable(path));
    bridge.on('project:damaged', (error) => this.fail(failureText(error)));
    bridge.on('project:changed', ({ summary, savedFrom }) => {
      // Another window may have opened another project; what this one opens it shows by itself.
      const isOther = this.editor?.project.file !== summary.file;
      if (isOther && this.#isOpening) return;
      const isSavedElsewhere = savedFrom !== undefined && this.editor?.project.file === savedFrom;
      void this.attempt(async () => {
        if (!isOther) await this.editor?.followProject(summary);
        else if (isSavedElsewhere) await this.#goOnIn(summary);
        else {
          this.#tellLostChanges();
          await this.#show(summary);
        }
      });
    });
  }

  async start(): Promise<void> {
    await this.attempt(async () => {
      const problem = await this.settings.load();
      if (problem) this.fail(failureText(problem));
    });
    await this.attempt(async () => {
      const { bridge } = this;
      const [project, recent, models, formats] = await Promise.all([
        bridge.call('project.current', null),
        bridge.call('project.recent', null),
        bridge.call('models.list', null),
        bridge.call('dataset.formats', null),
        // Taken as soon as it comes: a later event must not be overwritten by this older news.
        bridge.call('models.status', null).then((status) => this.#engineChanged(status)),
        bridge.call('models.wordsStatus', null).then((status) => (this.words = status)),
      ]);
      this.recent = recent;
      this.models = models;
      this.formats = formats;
      if (project) await this.#show(project);
    });
    this.isStarting = false;
    this.#offerReleaseNotes();
    // Dialogs begin without a folder where the home folder cannot be read.
    const home = await this.bridge.call('files.list', { folder: null }).catch(() => null);
    this.homeFolder = home?.folder ?? null;
  }

  /** @param start the inputs of a benchmark project; null: an empty project for regions */
  async createProject(
    folder: string,
    name: string,
    start: BenchmarkStart | null = null,
  ): Promise<boolean> {
    const isOpen = await this.#openBy(() => this.bridge.call('project.create', { folder, name }));
    if (!isOpen) return false;
    if (start) {
      this.editor?.settings.change({ purpose: 'perbench' });
      this.view = 'author';
    }
    if (start?.dataset) await this.draftItems(start);
    else void this.#offerPhotosOf(folder);
    return true;
  }

  /** Makes draft items from regions, which a dataset may bring first. */
  async draftItems({ dataset, hasDrafts }: BenchmarkStart = noStart): Promise<void> {
    await this.attempt(async () => {
      await this.editor?.document.saves.settled();
      const input = { ...(!hasDrafts && { tasks: [] }), from: dataset };
      const started = await this.bridge.call('jobs.start', { kind: 'draft-items', input });
      this.jobs.follow(started, text.jobs.draftItems);
    });
  }

  /** Photos that lie beside a new project are most likely what it is made for. */
  async #offerPhotosOf(folder: string): Promise<void> {
    const listing = await this.bridge.call('files.list', { folder }).catch(() => null);
    const photos = listing?.entries.filter(({ kind }) => kind === 'image').length ?? 0;
    if (photos === 0) return;
    const add = { label: text.places.addPhotos, run: () => void this.importFolder(folder) };
    this.inform(text.places.photosHere(photos), add);
  }

  /**
   * Opens a project; of one that is refused as damaged or changed, a new one with its rows is
   * offered.
   */
  openProject(file: string): Promise<boolean> {
    const offer = { label: text.notices.rescue, run: () => void this.rescueProject(file) };
    return this.#openBy(() => this.bridge.call('project.open', { file }), offer);
  }

  /**
   * Opens a new project with what can be read of a damaged one, and says what could not. Work on
   * the open project goes on meanwhile.
   */
  async rescueProject(file: string): Promise<boolean> {
    let rescued = null as RescuedProject | null;
    await this.attempt(async () => {
      rescued = await this.bridge.call('project.rescue', { file });
    });
    const isOpen = rescued !== null && (await this.openProject(rescued.file));
    if (rescued) this.#informOfImport(rescued.report);
    return isOpen;
  }

  /**
   * Says once that the program is another version than at its last start; at the
   * first start there is nothing to say.
   */
  #offerReleaseNotes(): void {
    const { version } = packageJson;
    const { seenVersion } = this.settings.current;
    if (seenVersion === version) return;
    void this.changeSettings({ seenVersion: version });
    if (seenVersion === '') return;
    const show = () => (this.dialog = 'release-notes');
    this.inform(text.releaseNotes.updated(version), { label: text.releaseNotes.show, run: show });
  }

  /** Opens the sample project and leads through it. */
  async startTour(): Promise<void> {
    if (!(await this.openSample())) return;
    this.view = 'annotate';
    const { document, opened } = this.editor!;
    if (document.image?.state !== 'untouched') await opened.showNextOpen();
    await this.changeSettings({ hasSeenTour: true });
    this.tour.begin();
  }

  endTour(): void {
    this.tour.end();
    if (!this.settings.current.hasSeenTour) void this.changeSettings({ hasSeenTour: true });
  }

  openSample(): Promise<boolean> {
    return this.#openBy(() => this.bridge.call('project.openSample', null));
  }

  openBenchmark(): Promise<boolean> {
    return this.#openBy(() => this.bridge.call('project.openBenchmark', null));
  }

  /** Waits for what is unsaved, then goes back to the start screen. */
  async closeProject(): Promise<void> {
    await this.attempt(async () => {
      await this.editor?.document.saves.settled();
      await this.bridge.call('project.close', null);
      this.editor?.dispose();
      this.editor = null;
      this.recent = await this.bridge.call('project.recent', null);
    });
  }

  showBackups(file: string): void {
    this.backupsOf = file;
    this.dialog = 'backups';
  }

  /**
   * Goes on in another file; also where the project's own was moved, deleted or replaced. What
   * could not be saved to that one is saved to the new one.
   */
  saveProjectAs(file: string): Promise<boolean> {
    return this.#opening(async () => {
      const summary = await this.bridge.call('project.saveAs', { file });
      this.dialog = null;
      await this.#goOnIn(summary);
    });
  }

  /** Saves to another file of the project what could not be saved to the one before. */
  async #goOnIn(summary: ProjectSummary): Promise<void> {
    this.editor?.document.saves.retry();
    await this.editor?.followProject(summary);
  }

  /** Says what is given up of the project that another window has closed. */
  #tellLostChanges(): void {
    if (!this.editor) return;
    const { project, document } = this.editor;
    const { state } = document.saves;
    const count =
      state.kind === 'failed' ? state.waiting : state.kind === 'refused' ? state.changes.length : 0;
    if (count > 0) this.fail(text.notices.changesLost(count, project.name));
  }

  /**
   * Writes the images of a split, or all, into a file for a colleague: a zip archive holds the
   * photos, too.
   */
  async handOut(file: string, split: Split | null): Promise<boolean> {
    const hasStarted = await this.attempt(async () => {
      await this.editor?.document.saves.sent();
      const input = { file, ...(split && { split }) };
      const started = await this.bridge.call('jobs.start', { kind: 'make-handout', input });
      this.jobs.follow(started, text.jobs.handOut);
    });
    if (hasStarted) this.closeDialog('hand-out');
    return hasStarted;
  }

  /**
   * Brings in what a colleague changed.
   * @param there ids of the records of which the colleague's change stays, where both changed them
   * @returns whether it was begun
   */
  mergeHandout(file: string, there: readonly string[]): Promise<boolean> {
    return this.attempt(async () => {
      await this.editor?.document.saves.sent();
      const input = { file, there };
      const started = await this.bridge.call('jobs.start', { kind: 'merge-handout', input });
      this.jobs.follow(started, text.jobs.mergeHandout);
    });
  }

  restoreBackup(backup: string): Promise<boolean> {
    return this.#openBy(() => this.bridge.call('project.restore', { backup }));
  }

  /** Takes a project off the list of recent ones. */
  async forget(file: string): Promise<void> {
    await this.attempt(async () => {
      this.recent = await this.bridge.call('project.forget', { file });
    });
  }

  /** Asks how to import a dataset. */
  showDatasetImport(path = '', images = ''): void {
    this.datasetImport = { path, images };
    this.dialog = 'import-dataset';
  }

  /** Shows a panel on the right, also where the place for it was hidden. */
  showSidePanel(panel: SidePanelId): void {
    this.sidePanel = panel;
    if (!this.settings.current.hasSidePanel) void this.changeSettings({ hasSidePanel: true });
  }

  /** The list of images with small pictures, or with large ones beside each other. */
  toggleImageView(): Promise<void> {
    const { imageView } = this.settings.current;
    return this.changeSettings({
      hasImagePanel: true,
      imageView: imageView === 'list' ? 'grid' : 'list',
    });
  }

  /**
   * Closes a dialog where it is still the open one: when its work ends, the person may have opened
   * another.
   */
  closeDialog(dialog: OpenDialog): void {
    if (this.dialog === dialog) this.dialog = null;
  }

  /**
   * Opens a dropped project or handout, or adds dropped folders and images and asks about a dropped
   * annotation file; without a project one is made beside them.
   */
  async takeDropped({ project, folders, images, dataset }: Dropped): Promise<void> {
    if (project) {
      await this.openProject(project);
      return;
    }
    if (dataset && (await this.#isHandout(dataset))) {
      await this.openProject(dataset);
      return;
    }
    const [first = folderOf(dataset ?? '')] = [...folders, ...images.keys()];
    if (!this.editor && !(await this.#openProjectIn(first))) return;
    for (const folder of folders) await this.importFolder(folder);
    for (const [folder, files] of images) await this.importFolder(folder, [...files]);
    if (dataset) this.showDatasetImport(dataset, folders[0]);
  }

  /** Whether a dropped file is a zip archive with a project. */
  async #isHandout(path: string): Promise<boolean> {
    if (!/\.zip$/i.test(path)) return false;
    const found = await this.bridge.call('dataset.detect', { path }).catch(() => null);
    return found?.hasProject ?? false;
  }

  /** Makes a project named after the folder in it, or opens the one that is there. */
  #openProjectIn(folder: string): Promise<boolean> {
    const name = folder.split(/[\\/]/).findLast((part) => part !== '') ?? folder;
    return this.#openBy(() =>
      this.bridge.call('project.create', { folder, name }).catch((thrown: unknown) => {
        const { code, detail } = toErrorEnvelope(thrown);
        if (code !== 'already-exists' || typeof detail.file !== 'string') throw thrown;
        return this.bridge.call('project.open', { file: detail.file });
      }),
    );
  }

  /** @param files only these, as paths relative to the folder */
  async importFolder(folder: string, files?: string[]): Promise<void> {
    await this.attempt(async () => {
      const input = files ? { folder, files } : { folder };
      const started = await this.bridge.call('images.importFolder', input);
      this.jobs.follow(started, text.jobs.importFolder);
    });
  }

  /**
   * Changes images as one step. Unsaved changes are saved first. Returns whether it was
   * begun.
   */
  changeImages(filter: ImageFilter, change: ImageChange): Promise<boolean> {
    return this.attempt(async () => {
      await this.editor?.document.saves.settled();
      const input = { filter, change };
      const started = await this.bridge.call('jobs.start', { kind: 'change-images', input });
      this.#takingOut = change.kind === 'take-out' ? started.jobId : null;
      this.jobs.follow(started, text.imageList.changing);
    });
  }

  /** Takes over what changed photos are now, as one step. Returns whether it was begun. */
  settlePhotos(imageIds: readonly RecordId[], choice: PhotoChoice): Promise<boolean> {
    return this.attempt(async () => {
      await this.editor?.document.saves.settled();
      const input = { imageIds: [...imageIds], choice };
      const started = await this.bridge.call('jobs.start', { kind: 'settle-photos', input });
      this.jobs.follow(started, text.changedPhotos.working);
    });
  }

  #informOfChange({ id }: Job, { changed, passedOver }: ImageChangeReport): void {
    const isTakenOut = id === this.#takingOut;
    const { takenOut, changed: said } = text.imageList;
    const undo = { label: text.commands.undo, run: () => void this.editor?.travel('undo') };
    // Only the newest step can be undone.
    if (this.#changeNotice !== null) this.dismiss(this.#changeNotice);
    this.inform(
      isTakenOut ? takenOut(changed) : said(changed, passedOver),
      changed > 0 ? undo : undefined,
    );
    this.#changeNotice = this.#lastNoticeId;
  }

  async changeSettings(changed: Partial<Settings>): Promise<void> {
    await this.attempt(() => this.settings.change(changed));
  }

  async loadModel(
    modelId: string,
    device: DeviceKind | 'auto',
    { isOfProject = false, isConfirmed = false } = {},
  ): Promise<void> {
    const allow = () => void this.loadModel(modelId, device, { isOfProject, isConfirmed: true });
    await this.attempt(
      async () => {
        this.#isModelOfProject = isOfProject;
        const choice = { modelId, device, isOfProject, isConfirmed };
        this.#engineChanged(await this.bridge.call('models.load', choice));
      },
      { label: text.models.server.allow, run: allow },
    );
  }

  /** Has a model asked for words from now on; null: the one for masks. */
  async loadWordsModel(
    modelId: string | null,
    { isOfProject = false, isConfirmed = false } = {},
  ): Promise<void> {
    const allow = () => void this.loadWordsModel(modelId, { isOfProject, isConfirmed: true });
    await this.attempt(
      async () => {
        this.#isWordsModelOfProject = isOfProject;
        const choice = { modelId, isOfProject, isConfirmed };
        this.words = await this.bridge.call('models.loadWords', choice);
      },
      { label: text.models.server.allow, run: allow },
    );
  }

  /**
   * Asks a model, loaded first where it is not, for a region's mask again; the answer is a
   * proposal.
   */
  async askAgain({ provenance, imageId }: Annotation, modelId: string): Promise<void> {
    if (provenance.source !== 'model' || provenance.request.task !== 'segment') return;
    const isLoaded = this.engine.state === 'ready' && this.engine.modelId === modelId;
    if (!isLoaded) await this.loadModel(modelId, 'auto');
    this.editor?.proposals.prompts.repeat(imageId, provenance.request);
  }

  async backup(): Promise<void> {
    await this.attempt(async () => {
      await this.editor?.document.saves.settled();
      const { file } = await this.bridge.call('project.backup', null);
      this.inform(text.notices.backedUp(file));
    });
  }

  async check(): Promise<void> {
    await this.attempt(async () => {
      const problems = await this.bridge.call('project.check', null);
      if (problems.length === 0) this.inform(text.notices.checkedClean);
      else this.fail(text.notices.checkedBroken(problems.map(failureText)));
    });
  }

  inform(message: string, action?: NoticeAction, onDecline?: () => void): void {
    this.#notify('info', message, action, onDecline);
  }

  fail(message: string, action?: NoticeAction): void {
    this.#notify('failure', message, action);
  }

  /**
   * Says what failed, and offers what helps.
   * @param remedy what helps where a project is damaged but may be read in part, or where it has
   *   chosen a server
   */
  failBecause(thrown: unknown, remedy?: NoticeAction): void {
    const { code, sentence } = toErrorEnvelope(thrown);
    const saveAs = { label: text.commands.saveAs, run: () => (this.dialog = 'save-as') };
    const isHelped = [...rescuableFailures, 'serverOfProject'].some((known) => known === sentence);
    const action = code === 'project-displaced' ? saveAs : isHelped ? remedy : undefined;
    this.fail(failureText(thrown), action);
  }

  /** The person closes a notice. */
  decline(id: number): void {
    this.notices.find((notice) => notice.id === id)?.onDecline?.();
    this.dismiss(id);
  }

  dismiss(id: number): void {
    this.notices = this.notices.filter((notice) => notice.id !== id);
  }

  /** Runs what may fail and tells the person when it does. Returns whether it went well. */
  async attempt(work: () => Promise<void>, remedy?: NoticeAction): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (thrown) {
      this.failBecause(thrown, remedy);
      return false;
    }
  }

  #notify(
    kind: Notice['kind'],
    message: string,
    action?: NoticeAction,
    onDecline?: () => void,
  ): void {
    const known = this.notices.find((notice) => notice.message === message);
    const notice = {
      ...{ id: known?.id ?? ++this.#lastNoticeId, kind, message },
      ...(action && { action }),
      ...(onDecline && { onDecline }),
    };
    // The same sentence may be about something else now, and so is what helps.
    this.notices = known
      ? this.notices.map((one) => (one === known ? notice : one))
      : [...this.notices, notice];
  }

  #actionOf(remedy: Remedy): NoticeAction {
    switch (remedy.kind) {
      case 'step':
        return remedy;
      case 'skeleton':
        return {
          label: text.keypoints.give,
          run: () => {
            this.#askedSkeleton = remedy;
            this.dialog = 'categories';
          },
        };
      case 'categories':
        return { label: text.commands.categories, run: () => (this.dialog = 'categories') };
      case 'region':
        return { label: text.region.title, run: () => this.showSidePanel('regions') };
    }
  }

  /** The keypoints that Categories begins with, once; null: it begins with the first category. */
  takeAskedSkeleton(): { readonly categoryId: RecordId | null } | null {
    const asked = this.#askedSkeleton;
    this.#askedSkeleton = null;
    return asked;
  }

  /** One notice for all such images: a broken disk may hold hundreds. */
  #foundUnreadable(path: string): void {
    const before = text.notices.unreadable(this.#unreadable);
    this.#unreadable.push(path);
    this.notices = this.notices.filter(({ message }) => message !== before);
    this.fail(text.notices.unreadable(this.#unreadable));
  }

  #openBy(open: () => Promise<ProjectSummary>, rescue?: NoticeAction): Promise<boolean> {
    return this.#opening(async () => {
      await this.editor?.document.saves.settled();
      await this.#show(await open());
    }, rescue);
  }

  /**
   * Tells the news of a project that this window opens from the news of what another one opened.
   */
  #opening(open: () => Promise<void>, rescue?: NoticeAction): Promise<boolean> {
    this.#isOpening = true;
    return this.attempt(open, rescue).finally(() => (this.#isOpening = false));
  }

  async #show(project: ProjectSummary): Promise<void> {
    this.#unreadable = [];
    this.editor?.dispose();
    const editor = new Editor(this.bridge, project, {
      failure: (message, remedy) => this.fail(message, remedy && this.#actionOf(remedy)),
      thrown: (thrown) => this.failBecause(thrown),
    });
    this.editor = editor;
    // Not only once all of it is read: a dialog over a project that can be seen would swallow its
    // keys.
    this.dialog = null;
    await editor.settings.load();
    // A view of another project is no view of this one.
    this.view = editor.settings.current.purpose === 'perbench' ? 'author' : 'annotate';
    void this.#loadModelOfProject(editor);
    void this.#offerInterrupted();
    await editor.reload();
  }

  /** Jobs that were cut off by the end of the program are offered, never started unasked. */
  async #offerInterrupted(): Promise<void> {
    const jobs = await this.bridge.call('jobs.interrupted', null).catch(() => []);
    for (const { jobId, title } of jobs) {
      const label = spokenOf(title);
      const resume = () =>
        void this.attempt(async () => {
          this.jobs.follow(await this.bridge.call('jobs.resume', { jobId }), label);
        });
      const giveUp = () =>
        void this.attempt(async () => void (await this.bridge.call('jobs.dismiss', { jobId })));
      this.inform(text.jobs.interrupted(label), { label: text.jobs.resume, run: resume }, giveUp);
    }
  }

  /**
   * A project is opened to be worked on, so its model, or else the one used last, loads without
   * being asked.
   * @param confirmed the model that the person chose for the project just now, knowing its server
   */
  async #loadModelOfProject(editor: Editor, confirmed?: 'masks' | 'words'): Promise<void> {
    const { modelId: own, wordsModelId } = editor.settings.current;
    const last = await this.bridge.call('models.choice', null).catch(() => null);
    const device = last?.device ?? 'auto';
    const lastWords = last?.wordsModelId ?? null;
    void this.#loadWordsModelOfProject(wordsModelId, lastWords, confirmed === 'words');
    if (own && this.isInstalled(own)) {
      const choice = { isOfProject: true, isConfirmed: confirmed === 'masks' };
      if (!this.#isLoaded(own)) await this.loadModel(own, device, choice);
      return;
    }
    const isInUse = this.engine.state !== 'stopped' && !this.#isModelOfProject;
    const wanted = last && this.isInstalled(last.modelId) ? last.modelId : this.models[0]?.id;
    if (own) {
      const action = { label: text.models.choose, run: () => (this.dialog = 'models') };
      this.fail(text.models.projectMissing(own, this.titleOf(wanted)), action);
    }
    if (wanted && !isInUse && !this.#isLoaded(wanted)) await this.loadModel(wanted, device);
  }

  /** @param last the one that the application used last; null: that for masks */
  async #loadWordsModelOfProject(
    own: string | null,
    last: string | null,
    isConfirmed: boolean,
  ): Promise<void> {
    const { words } = this;
    const isInUse = words.state !== 'stopped' && !this.#isWordsModelOfProject;
    const isOfProject = own !== null && this.isInstalled(own);
    const wanted = isOfProject ? own : last !== null && this.isInstalled(last) ? last : null;
    if (own !== null && !isOfProject) {
      const action = { label: text.models.choose, run: () => (this.dialog = 'models') };
      this.fail(text.models.projectMissing(own, this.titleOf(wanted ?? undefined)), action);
    }
    if (!isOfProject && isInUse) return;
    const loaded = words.state === 'stopped' ? null : words.modelId;
    if (wanted !== loaded) await this.loadWordsModel(wanted, { isOfProject: true, isConfirmed });
  }

  /** Likewise the model that is asked for words. */
  async chooseWordsModelOfProject(modelId: string | null): Promise<void> {
    if (!this.editor) return;
    this.editor.settings.change({ wordsModelId: modelId });
    await this.#loadModelOfProject(this.editor, 'words');
  }

  isInstalled(modelId: string): boolean {
    return this.models.some(({ id }) => id === modelId);
  }

  /** The title of a model; its id if it is not installed, empty without a model. */
  titleOf(modelId: string | undefined): string {
    return this.models.find(({ id }) => id === modelId)?.title ?? modelId ?? '';
  }

  /**
   * Makes a model the open project's own and loads it; null takes the application's from now on.
   */
  async chooseModelOfProject(modelId: string | null): Promise<void> {
    if (!this.editor) return;
    this.editor.settings.change({ modelId });
    await this.#loadModelOfProject(this.editor, 'masks');
  }

  #isLoaded(modelId: string): boolean {
    const { engine } = this;
    return (engine.state === 'ready' || engine.state === 'starting') && engine.modelId === modelId;
  }

  /**
   * Why the loaded model cannot do a task, in the reader's words; null when it can, or none is
   * loaded yet.
   */
  reasonAgainst(task: ModelTask): string | null {
    const { words } = this;
    const engine = task === 'segment' || words.state === 'stopped' ? this.engine : words;
    if (engine.state !== 'ready' || engine.tasks.includes(task)) return null;
    return text.models.cannot[task](this.titleOf(engine.modelId));
  }

  /**
   * Why the loaded model finds nothing by words, in the reader's own; null when it does, or none
   * is loaded yet.
   */
  get reasonAgainstWords(): string | null {
    const { engine } = this;
    const reads = engine.state !== 'ready' || (engine.prompts?.includes('text') ?? true);
    return (
      this.reasonAgainst('segment') ??
      (reads ? null : text.models.cannot.read(this.titleOf(engine.modelId)))
    );
  }

  #engineChanged(status: EngineStatus): void {
    const isNewlyReady = status.state === 'ready' && this.engine.state !== 'ready';
    this.engine = status;
    if (isNewlyReady) void this.editor?.opened.prepare();
  }

  /** Says what was added; what was left out or doubtful can be read in full. */
  #informOfImport(report: ImportReport): void {
    const { skipped, warnings = [], photos = [] } = report;
    const hasNotes = skipped.length + warnings.length + photos.length > 0;
    const show = () => {
      this.importReport = report;
      this.dialog = 'import-notes';
    };
    const action = { label: text.jobs.showNotes, run: show };
    this.inform(text.jobs.imported(report), hasNotes ? action : undefined);
  }

  /** Says what a batch found, and leads to the images that wait for a person. */
  #informOfLabels(report: BatchReport): void {
    const { annotations, images, failed, isComplete } = report;
    const [failure] = failed;
    const said = text.labelImages.ended(annotations, images, failed.length, isComplete);
    const action = {
      label: text.labelImages.check,
      run: () => (this.dialog = 'check-regions'),
    };
    this.inform(
      failure ? `${said} ${text.jobs.subject(failure.what)}: ${failure.reason}` : said,
      annotations > 0 ? action : undefined,
    );
  }

  /** Shows the author view, with the first region of the image in it. */
  #readDrafts(): void {
    this.view = 'author';
    const { regions, document } = this.editor ?? {};
    if (!regions?.selected) regions?.select(document?.annotations.at(-1)?.id ?? null);
  }

  async #jobEnded(job: Job): Promise<void> {
    const { end, label } = job;
    if (end?.outcome === 'failed') this.fail(text.jobs.failed(label, failureText(end.error)));
    if (end?.outcome === 'cancelled')
      this.inform(text.jobs.cancelled(label, failureText(end.error)));
    if (end?.outcome === 'done' && end.result.kind === 'training') {
      this.models = await this.bridge.call('models.list', null);
      this.inform(text.jobs.trained(this.titleOf(end.result.id)));
      return;
    }
    if (end?.outcome === 'done' && end.result.kind === 'model') {
      this.models = await this.bridge.call('models.list', null);
      this.inform(text.jobs.installed(end.result.model.title));
      return;
    }
    if (end?.outcome === 'done' && end.result.kind === 'import') {
      this.#informOfImport(translated(end.result));
    }
    await this.attempt(async () => this.editor?.reload());
    if (end?.outcome === 'done' && end.result.kind === 'handout') {
      this.inform(text.handout.made(end.result));
      return;
    }
    if (end?.outcome === 'done' && end.result.kind === 'merge') {
      this.inform(text.handout.merged(end.result));
    }
    if (end?.outcome === 'done' && end.result.kind === 'draft') {
      const { imported, items } = end.result;
      if (imported) this.#informOfImport(translated(imported));
      const read = { label: text.jobs.readDrafts, run: () => this.#readDrafts() };
      this.inform(text.jobs.drafted(items), items > 0 ? read : undefined);
    }
    if (end?.outcome === 'done' && end.result.kind === 'annotation') {
      this.#informOfLabels(end.result);
    }
    if (end?.outcome === 'done' && end.result.kind === 'image-change') {
      this.#informOfChange(job, end.result);
    }
  }
}

/** A report whose reasons are in the language of the interface, where it has words for them. */
function translated(report: ImportReport): ImportReport {
  const inWords = (note: ImportNote): ImportNote =>
    note.error ? { ...note, reason: failureText(note.error) } : note;
  return {
    ...report,
    skipped: report.skipped.map(inWords),
    warnings: (report.warnings ?? []).map(inWords),
  };
}
