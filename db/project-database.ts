import { squashDiffs, emptyDiff, invertDiff, isEmptyDiff, type Diff } from '../core/diff.ts';
import type { AppError } from '../core/errors.ts';
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
  hasStep,
  listSteps,
  markStep,
  newestDoneId,
  newestDoneStep,
  oldestUndoneId,
  oldestUndoneStep,
  recordStep,
  stateChanges,
  type JournalStep,
} from './repositories/journal.ts';
import { inPages } from './repositories/pages.ts';
import { changeSettings, readSettings } from './repositories/project-settings.ts';
import { countCategories, countProject, countTrainable } from './repositories/statistics.ts';
import { runToEnd, type Slices } from './slices.ts';
import { splitDiff } from './split-diff.ts';

export type { AppliedStep, HistoryStep, ImageFolder, ImageQuery, ImageRow, ProjectDatabase };

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

  constructor(database: Database) {
    this.#database = database;
  }

  get file(): string {
    return this.#database.file;
  }

  get name(): string {
    return this.#database.get<{ name: string }>('SELECT name FROM project')!.name;
  }

  get createdAtMs(): number {
    const sql = 'SELECT created_at_ms AS createdAtMs FROM project';
    return this.#database.get<{ createdAtMs: number }>(sql)!.createdAtMs;
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
    };
    return { stepId: yield* recordStep(this.#database, step), label, diff };
  }

  *#undoing(): Slices<AppliedStep | null> {
    const step = newestDoneStep(this.#database);
    return step && (yield* this.#replaying(step, false));
  }

  *#redoing(): Slices<AppliedStep | null> {
    const step = oldestUndoneStep(this.#database);
    return step && (yield* this.#replaying(step, true));
  }

  *#travelling(stepId: number): Slices<AppliedStep | null> {
    const steps: AppliedStep[] = [];
    while ((newestDoneId(this.#database) ?? 0) > stepId) steps.push((yield* this.#undoing())!);
    for (let id = oldestUndoneId(this.#database); id !== null && id <= stepId;) {
      steps.push((yield* this.#redoing())!);
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
    return hasStep(this.#database, true);
  }

  get canRedo(): boolean {
    return hasStep(this.#database, false);
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

  stateChanges(): StateChange[] {
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
