import { squashDiffs, emptyDiff, invertDiff, isEmptyDiff, type Diff } from '../core/diff.ts';
import { AppError, failure } from '../core/errors.ts';
import type { ProjectSettings } from '../core/project-settings.ts';
import type { Annotation, Category, ImageRecord, RecordId } from '../core/records.ts';
import { applyToTables } from './apply-diff.ts';
import { backupDatabase } from './backup.ts';
import { checkDatabase } from './check.ts';
import type { Database } from './database.ts';
import type {
  AppliedStep,
  CategoryCount,
  ApplyOptions,
  Author,
  GradualChanges,
  HistoryStep,
  ImageFolder,
  ImageQuery,
  ImageRow,
  ProjectCounts,
  ProjectDatabase,
  StateChange,
} from './project.ts';
import { closeProjectFile, createProjectFile, openProjectFile } from './project-file.ts';
import {
  annotationsAfter,
  annotationsOfCategory,
  annotationsInBox,
  annotationsOfImage,
  countAnnotations,
  findAnnotation,
} from './repositories/annotations.ts';
import { allCategories } from './repositories/categories.ts';
import { allFolders, ensureFolder } from './repositories/folders.ts';
import { countImages, listImages, placeOfImage } from './repositories/image-list.ts';
import { findImage, findImageByPath, imagesAfter } from './repositories/images.ts';
import {
  diffsOfStep,
  imageOfStep,
  isOthersBetween,
  listSteps,
  markStep,
  newestDoneId,
  newestDoneStep,
  oldestUndoneId,
  oldestUndoneStep,
  recordStep,
  redoTarget,
  stateChanges,
  undoTarget,
  type JournalStep,
} from './repositories/journal.ts';
import { inPages } from './repositories/pages.ts';
import { changeSettings, readSettings } from './repositories/project-settings.ts';
import { countCategories, countProject, countTrainable } from './repositories/statistics.ts';
import { runToEnd, type Slices } from './slices.ts';
import { splitDiff } from './split-diff.ts';

export type {
  AppliedStep,
  Author,
  HistoryStep,
  ImageFolder,
  ImageQuery,
  ImageRow,
  ProjectDatabase,
};

/**
 * Opens an existing project for this process alone.
 * @throws AppError `not-found`, `project-locked` (says who has it), `database-from-future` and `database-corrupt`
 *   (the file is left as it is), `permission-denied`, `disk-full`.
 */
export function openProjectDatabase(file: string): ProjectDatabase {
  return new SqliteProjectDatabase(openProjectFile(file));
}

/**
 * Makes a new project file and opens it.
 * @throws AppError `already-exists`, `not-found` (no such folder), `permission-denied`, `disk-full`.
 */
export function createProjectDatabase(file: string, name: string): ProjectDatabase {
  return new SqliteProjectDatabase(createProjectFile(file, name));
}

/** {@link ProjectDatabase} on an open project file; the two functions above are how callers get one. */
export class SqliteProjectDatabase implements ProjectDatabase {
  readonly #database: Database;
  readonly #author: Author | null;

  constructor(database: Database, author: Author | null = null) {
    this.#database = database;
    this.#author = author;
  }

  by(author: Author): ProjectDatabase {
    return new SqliteProjectDatabase(this.#database, author);
  }

  get file(): string {
    return this.#database.file;
  }

  get name(): string {
    return this.#database.get<{ name: string }>('SELECT name FROM project')!.name;
  }

  setName(name: string): void {
    this.#database.run('UPDATE project SET name = @name', { name });
  }

  settings(): ProjectSettings {
    return readSettings(this.#database);
  }

  changeSettings(changed: Partial<ProjectSettings>): ProjectSettings {
    return changeSettings(this.#database, changed);
  }

  apply(label: string, diff: Diff, options: ApplyOptions = {}): AppliedStep {
    return this.#atOnce(this.#applying(label, diff, options));
  }

  undo(): AppliedStep | null {
    return this.#atOnce(this.#undoing());
  }

  redo(): AppliedStep | null {
    return this.#atOnce(this.#redoing());
  }

  travelTo(stepId: number): AppliedStep | null {
    return this.#atOnce(this.#travelling(stepId));
  }

  readonly gradually: GradualChanges = {
    apply: (label, diff, options = {}) => this.#inSlices(this.#applying(label, diff, options)),
    undo: () => this.#inSlices(this.#undoing()),
    redo: () => this.#inSlices(this.#redoing()),
    travelTo: (stepId) => this.#inSlices(this.#travelling(stepId)),
  };

  #atOnce<Result>(slices: Slices<Result>): Result {
    return this.#database.transaction(() => runToEnd(slices));
  }

  #inSlices<Result>(slices: Slices<Result>): Promise<Result> {
    return this.#database.transactionInSlices(slices);
  }

  *#applying(label: string, diff: Diff, options: ApplyOptions): Slices<AppliedStep> {
    if (isEmptyDiff(diff)) return { stepId: this.history({ limit: 1 })[0]?.id ?? 0, label, diff };
    yield* applyToTables(this.#database, diff);
    const step = {
      label,
      diffs: splitDiff(diff),
      imageId: options.imageId ?? null,
      group: options.group ?? null,
      atMs: Date.now(),
      window: this.#author?.window ?? null,
    };
    return { stepId: yield* recordStep(this.#database, step), label, diff };
  }

  get #others(): readonly string[] {
    return this.#author?.others() ?? [];
  }

  *#undoing(): Slices<AppliedStep | null> {
    const step = undoTarget(this.#database, this.#others);
    if (step === null) return null;
    return step.id === newestDoneId(this.#database)
      ? yield* this.#replaying(step, false)
      : yield* this.#answering(step, 'takesBack');
  }

  *#redoing(): Slices<AppliedStep | null> {
    const undone = oldestUndoneStep(this.#database, this.#others);
    if (undone) return yield* this.#replaying(undone, true);
    const step = redoTarget(this.#database, this.#others);
    return step && (yield* this.#answering(step, 'doesAgain'));
  }

  /** Takes back a step that others came after, or does again what such a step took back: as a new step. */
  *#answering(step: JournalStep, how: 'takesBack' | 'doesAgain'): Slices<AppliedStep> {
    const { id, label } = step;
    const diffs: Diff[] = [];
    try {
      for (const stored of diffsOfStep(this.#database, id, { newestFirst: true })) {
        const diff = invertDiff(stored);
        yield* applyToTables(this.#database, diff);
        diffs.push(diff);
      }
    } catch (thrown) {
      if (!(thrown instanceof AppError) || thrown.code !== 'conflict') throw thrown;
      throw failure('conflict', 'undoAcrossOthers', { label }, thrown);
    }
    const window = this.#author?.window ?? null;
    const [atMs, imageId, group] = [Date.now(), imageOfStep(this.#database, id), null];
    const written = { label, diffs, imageId, group, atMs, window, [how]: id };
    const stepId = yield* recordStep(this.#database, written);
    return { stepId, label, diff: yield* squashAll(diffs) };
  }

  *#travelling(stepId: number): Slices<AppliedStep | null> {
    if (isOthersBetween(this.#database, stepId, this.#others)) {
      throw failure('conflict', 'travelAcrossOthers', {});
    }
    const steps: AppliedStep[] = [];
    while ((newestDoneId(this.#database) ?? 0) > stepId) {
      steps.push(yield* this.#replaying(newestDoneStep(this.#database)!, false));
    }
    for (let id = oldestUndoneId(this.#database); id !== null && id <= stepId;) {
      steps.push(yield* this.#replaying(oldestUndoneStep(this.#database, [])!, true));
      id = oldestUndoneId(this.#database);
    }
    const last = steps.at(-1);
    return last ? { ...last, diff: yield* squashAll(steps.map(({ diff }) => diff)) } : null;
  }

  *#replaying({ id, label }: JournalStep, done: boolean): Slices<AppliedStep> {
    const diffs: Diff[] = [];
    for (const stored of diffsOfStep(this.#database, id, { newestFirst: !done })) {
      const diff = done ? stored : invertDiff(stored);
      yield* applyToTables(this.#database, diff);
      diffs.push(diff);
    }
    markStep(this.#database, id, done);
    return { stepId: id, label, diff: yield* squashAll(diffs) };
  }

  get canUndo(): boolean {
    return undoTarget(this.#database, this.#others) !== null;
  }

  get canRedo(): boolean {
    const others = this.#others;
    const undone = oldestUndoneStep(this.#database, others);
    return undone !== null || redoTarget(this.#database, others) !== null;
  }

  history({ before = Number.MAX_SAFE_INTEGER, limit = 100 } = {}): HistoryStep[] {
    return listSteps(this.#database, before, limit);
  }

  folders(): ImageFolder[] {
    return allFolders(this.#database);
  }

  addFolder(path: string): ImageFolder {
    return ensureFolder(this.#database, path);
  }

  categories(): Category[] {
    return allCategories(this.#database).map(({ category }) => category);
  }

  image(id: RecordId): ImageRecord | null {
    return findImage(this.#database, id);
  }

  images(query: ImageQuery = {}): ImageRow[] {
    return listImages(this.#database, query);
  }

  imageCount(query: ImageQuery = {}): number {
    return countImages(this.#database, query);
  }

  imagePlace(id: RecordId, query: ImageQuery = {}): number | null {
    return placeOfImage(this.#database, id, query);
  }

  imageByPath(folderId: RecordId, path: string): ImageRecord | null {
    return findImageByPath(this.#database, folderId, path);
  }

  annotation(id: RecordId): Annotation | null {
    return findAnnotation(this.#database, id);
  }

  annotations(imageId: RecordId): Annotation[] {
    return annotationsOfImage(this.#database, imageId);
  }

  annotationsInBox(
    imageId: RecordId,
    box: readonly [number, number, number, number],
  ): Annotation[] {
    return annotationsInBox(this.#database, imageId, box);
  }

  annotationCount(): number {
    return countAnnotations(this.#database);
  }

  annotationsOfCategory(categoryId: RecordId, limit: number): Annotation[] {
    return annotationsOfCategory(this.#database, categoryId, limit);
  }

  categoryCounts(): CategoryCount[] {
    return countCategories(this.#database);
  }

  trainableImages(): number {
    return countTrainable(this.#database);
  }

  counts(): ProjectCounts {
    return countProject(this.#database);
  }

  stateChanges(): IterableIterator<StateChange> {
    return stateChanges(this.#database);
  }

  exportImages(): IterableIterator<{ exportId: number; image: ImageRecord }> {
    return inPages((after, limit) => imagesAfter(this.#database, after, limit));
  }

  exportAnnotations(): IterableIterator<{
    exportId: number;
    imageExportId: number;
    categoryExportId: number | null;
    annotation: Annotation;
  }> {
    return inPages((after, limit) => annotationsAfter(this.#database, after, limit));
  }

  exportCategories(): { exportId: number; category: Category }[] {
    return allCategories(this.#database);
  }

  check(): AppError[] {
    return checkDatabase(this.#database);
  }

  backup(target: string): void {
    backupDatabase(this.#database, target);
  }

  /** Commits a gradual change that is under way. */
  finishChanges(): void {
    this.#database.finishSlices();
  }

  close(): void {
    closeProjectFile(this.#database);
  }
}

/** One diff with the effect of all; squashing neighbours in pairs keeps a long import from being copied again and again. */
function* squashAll(diffs: readonly Diff[]): Slices<Diff> {
  if (diffs.length <= 1) return diffs[0] ?? emptyDiff();
  const middle = diffs.length >> 1;
  const first = yield* squashAll(diffs.slice(0, middle));
  const second = yield* squashAll(diffs.slice(middle));
  yield;
  return squashDiffs(first, second);
}
