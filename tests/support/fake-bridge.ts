import type { StepLabel } from '../../core/project/step-labels.ts';
import { isDeepStrictEqual } from 'node:util';
import type {
  AppEventName,
  AppEvents,
  HostBridge,
  ImageVariant,
  MethodInput,
  MethodName,
  MethodOutput,
} from '../../app/api/contract.ts';
import type { ImportReport } from '../../app/api/contract/dataset.ts';
import type { ImageRow } from '../../app/api/contract/images.ts';
import type { AppliedStep, HistoryStep, TakenStep } from '../../app/api/contract/journal.ts';
import type { ProjectSummary } from '../../app/api/contract/project.ts';
import {
  applyDiff,
  changesNothing,
  diffSchema,
  emptyDiff,
  invertDiff,
  squashDiffs,
  type Diff,
  type Records,
} from '../../core/diff.ts';
import { AppError, type ErrorEnvelope } from '../../core/errors.ts';
import { defaultProjectSettings, type ProjectSettings } from '../../core/project-settings.ts';
import { rasterizeBox } from '../../core/geometry/raster.ts';
import { encodeRle, rleArea, rleBox } from '../../core/geometry/rle.ts';
import type { Box } from '../../core/geometry/shapes.ts';
import type { DeviceReport, ModelAnswer, ModelResult } from '../../core/prompt.ts';
import type { ImageRecord, ProjectRecord, RecordId } from '../../core/records.ts';
import { imageImportFailure } from '../../app/features/images/sentences.ts';

const device: DeviceReport = {
  requested: 'auto',
  used: 'cpu',
  name: 'made up',
  selfTestMs: 1,
  threads: 1,
  fallbacks: [],
};

interface WaitingAnswer {
  readonly input: MethodInput<'prompt.ask'>;
  readonly answer: (...answers: ModelAnswer[]) => void;
  readonly fail: (error: AppError) => void;
}

/**
 * An application in memory for tests of the interface: real diffs over real records and a journal,
 * and a model that answers when the test says so.
 */
export class FakeBridge implements HostBridge {
  readonly host = 'browser';
  readonly dialogs = null;
  records: Records;
  readonly applied: { readonly label: StepLabel; readonly diff: Diff }[] = [];
  readonly waiting: WaitingAnswer[] = [];
  readonly cancelled: string[] = [];
  /** Images that the model was asked to look at ahead. */
  readonly prepared: RecordId[] = [];
  /** Every call by its name. */
  readonly called: MethodName[] = [];
  settings = defaultProjectSettings;
  /** Findings of a check of the project file. */
  problems: readonly ErrorEnvelope[] = [];
  /** The problem of the file of every image. */
  photoProblem: ErrorEnvelope | null = null;
  /** Thrown by the next calls of `project.open` while set. */
  openError: AppError | null = null;
  /** Records that a rescue recovers, and those that it does not. */
  rescueReport: ImportReport = { images: 1, annotations: 0, categories: 0, skipped: [] };
  /**
   * Thrown by the next calls of `journal.apply` while set, until the project is saved elsewhere.
   */
  applyError: AppError | null = null;
  /** Thrown by calls that load a project's own model for words unconfirmed while set. */
  projectModelError: AppError | null = null;
  /** Models for words that were loaded. */
  readonly wordsChoices: MethodInput<'models.loadWords'>[] = [];
  /** Thrown by the next calls of `models.loadOther` while set. */
  loadError: AppError | null = null;
  /** The model that answers are compared with. */
  loadedOther: string | null = null;
  #file = '/photos/test.pixelsail';
  #undone: { readonly label: StepLabel; readonly diff: Diff }[] = [];
  readonly #listeners = new Map<AppEventName, Set<(payload: never) => void>>();

  constructor(records: readonly ProjectRecord[]) {
    this.records = new Map(records.map((record) => [record.id, record]));
  }

  get summary(): ProjectSummary {
    return {
      file: this.#file,
      name: 'Test',
      images: this.#ofKind('image').length,
      annotations: this.#ofKind('annotation').length,
      canUndo: this.applied.length > 0,
      canRedo: this.#undone.length > 0,
    };
  }

  async call<Name extends MethodName>(
    name: Name,
    input: MethodInput<Name>,
  ): Promise<MethodOutput<Name>> {
    this.called.push(name);
    return (await this.#answer(name, input)) as MethodOutput<Name>;
  }

  on<Name extends AppEventName>(
    name: Name,
    listener: (payload: AppEvents[Name]) => void,
  ): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  emit<Name extends AppEventName>(name: Name, payload: AppEvents[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(payload as never);
  }

  imageUrl(imageId: RecordId, variant: ImageVariant): string {
    return `/image/${imageId}/${variant}`;
  }

  #answer(name: MethodName, input: unknown): unknown {
    switch (name) {
      case 'project.open':
        if (this.openError) throw this.openError;
        return this.summary;
      case 'project.rescue':
        this.openError = null;
        return { file: '/photos/test rescued.pixelsail', report: this.rescueReport };
      case 'project.saveAs': {
        this.applyError = null;
        const savedFrom = this.#file;
        this.#file = (input as MethodInput<'project.saveAs'>).file;
        this.emit('project:changed', { summary: this.summary, savedFrom });
        return this.summary;
      }
      case 'project.check':
        return this.problems;
      case 'project.settings':
        return this.settings;
      case 'project.changeSettings':
        this.settings = { ...this.settings, ...(input as Partial<ProjectSettings>) };
        return this.settings;
      case 'categories.list':
        return this.#ofKind('category');
      case 'images.list':
        return this.#listImages(input as MethodInput<'images.list'>);
      case 'images.place': {
        const { imageId, ...query } = input as MethodInput<'images.place'>;
        const all = this.#ofKind('image').map(({ id }) => id);
        const { rows } = this.#listImages({ ...query, offset: 0, limit: all.length });
        return rows.filter(({ id }) => all.indexOf(id) < all.indexOf(imageId)).length;
      }
      case 'images.document': {
        const { imageId } = input as MethodInput<'images.document'>;
        if (!this.records.has(imageId))
          throw imageImportFailure('not-found', 'imageGone', { id: imageId });
        const annotations = this.#ofKind('annotation').filter((known) => known.imageId === imageId);
        return {
          image: this.records.get(imageId),
          annotations,
          items: this.#ofKind('item').filter((known) => known.imageId === imageId),
          reviews: this.#ofKind('review').filter((known) => known.imageId === imageId),
        };
      }
      case 'images.problem':
        return this.photoProblem;
      case 'journal.apply':
        return this.#apply(input as MethodInput<'journal.apply'>);
      case 'journal.undo':
        return this.#undo();
      case 'journal.redo':
        return this.#redo();
      case 'journal.travelTo':
        return this.#travelTo(input as MethodInput<'journal.travelTo'>);
      case 'journal.undoState': {
        const { canUndo, canRedo } = this.summary;
        return { canUndo, canRedo };
      }
      case 'journal.history':
        return this.#history(input as MethodInput<'journal.history'>);
      case 'journal.people':
        return [];
      case 'prompt.ask':
        return this.#ask(input as MethodInput<'prompt.ask'>);
      case 'models.loadWords': {
        const choice = input as MethodInput<'models.loadWords'>;
        if (this.projectModelError && !choice.isConfirmed) throw this.projectModelError;
        this.wordsChoices.push(choice);
        return { state: 'stopped' };
      }
      case 'models.loadOther':
        if (this.loadError) throw this.loadError;
        this.loadedOther = (input as MethodInput<'models.loadOther'>).modelId;
        return { state: 'stopped' };
      case 'prompt.cancel':
        this.cancelled.push((input as MethodInput<'prompt.cancel'>).requestId);
        return null;
      case 'prompt.prepare':
        this.prepared.push((input as MethodInput<'prompt.prepare'>).imageId);
        return null;
      default:
        throw new AppError('unsupported', `The test's application has no ${name}.`);
    }
  }

  #ofKind<Kind extends ProjectRecord['kind']>(kind: Kind) {
    return Array.from(this.records.values()).filter(
      (record): record is Extract<ProjectRecord, { kind: Kind }> => record.kind === kind,
    );
  }

  #listImages({ states, text, split, offset, limit }: MethodInput<'images.list'>) {
    const rows = this.#ofKind('image')
      .filter(({ state }) => !states || states.includes(state))
      .filter((image) => split === undefined || (image.split ?? 'none') === split)
      .filter(({ path }) => !text || path.includes(text))
      .map((image): ImageRow => this.#rowOf(image));
    return { total: rows.length, offset, rows: rows.slice(offset, offset + limit) };
  }

  #rowOf({ id, path, width, height, state }: ImageRecord): ImageRow {
    const annotations = this.#ofKind('annotation').filter(({ imageId }) => imageId === id).length;
    return { id, path, width, height, state, annotations };
  }

  #apply(input: MethodInput<'journal.apply'>): TakenStep {
    if (this.applyError) throw this.applyError;
    const { label } = input;
    const diff = diffSchema.parse(input.diff);
    if (changesNothing(diff)) return this.#taken(label);
    this.#requireStored(diff);
    this.records = applyDiff(this.records, diff);
    this.applied.push({ label, diff });
    this.#undone = [];
    return this.#taken(label);
  }

  #requireStored({ updated, removed }: Diff): void {
    const before = [...Object.values(removed), ...Object.values(updated).map(([from]) => from)];
    for (const record of before) {
      if (isDeepStrictEqual(this.records.get(record.id), record)) continue;
      throw new AppError('conflict', `${record.kind} ${record.id} was changed in the meantime.`);
    }
  }

  #undo(): AppliedStep | null {
    const step = this.applied.pop();
    if (!step) return null;
    this.#undone.push(step);
    const diff = invertDiff(step.diff);
    this.records = applyDiff(this.records, diff);
    return this.#step(step.label, diff);
  }

  #redo(): AppliedStep | null {
    const step = this.#undone.pop();
    if (!step) return null;
    this.applied.push(step);
    this.records = applyDiff(this.records, step.diff);
    return this.#step(step.label, step.diff);
  }

  #travelTo({ stepId }: MethodInput<'journal.travelTo'>): AppliedStep | null {
    let step: AppliedStep | null = null;
    let diff = emptyDiff();
    while (this.applied.length !== stepId) {
      step = this.applied.length > stepId ? this.#undo() : this.#redo();
      diff = squashDiffs(diff, step!.diff!);
    }
    return step && { ...step, diff };
  }

  /** A step's id is its place in the journal, from 1. */
  #history({ before = Infinity, limit }: MethodInput<'journal.history'>): HistoryStep[] {
    const steps = [...this.applied, ...this.#undone.toReversed()].map(({ label }, index) => ({
      id: index + 1,
      label,
      atMs: index,
      person: null,
      done: index < this.applied.length,
      kind: 'change' as const,
      imageId: null,
      imagePath: null,
    }));
    return steps
      .filter(({ id }) => id < before)
      .toReversed()
      .slice(0, limit);
  }

  #step(label: StepLabel, diff: Diff): AppliedStep {
    return { ...this.#taken(label), diff };
  }

  #taken(label: StepLabel): TakenStep {
    const { canUndo, canRedo } = this.summary;
    return { stepId: this.applied.length, label, canUndo, canRedo };
  }

  #ask(input: MethodInput<'prompt.ask'>): Promise<ModelResult> {
    return new Promise((resolve, fail) => {
      const id = input.of === 'other' ? (this.loadedOther ?? '') : 'fake';
      const model = { id, hash: 'f'.repeat(64) };
      const answer = (...answers: ModelAnswer[]) =>
        resolve({ answers, device, timings: { total: 1 }, model });
      this.waiting.push({ input, answer, fail });
    });
  }
}

/** An answer with one mask for each box. */
export function answerWithBoxes(
  size: { width: number; height: number },
  ...boxes: Box[]
): ModelAnswer {
  return {
    text: boxes.length > 0 ? 'It is here.' : 'There is nothing.',
    masks: boxes.map((box, region) => {
      const rle = encodeRle(rasterizeBox(box, size.width, size.height));
      return {
        rle,
        area: rleArea(rle),
        bbox: rleBox(rle),
        score: 0.9,
        threshold: 0.5,
        region,
        label: null,
      };
    }),
    choice: null,
  };
}
