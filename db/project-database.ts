import { squashDiffs, emptyDiff, invertDiff, isEmptyDiff, type Diff } from '../core/diff.ts';
import type { ProjectSettings } from '../core/project-settings.ts';
import { applyToTables } from './apply-diff.ts';
import { backupDatabase } from './backup.ts';
import type {
  AppliedStep,
  ApplyOptions,
  GradualChanges,
  HistoryStep,
  ImageFolder,
  ImageQuery,
  ImageRow,
  ProjectDatabase,
} from './project.ts';
import { closeProjectFile, createProjectFile, openProjectFile } from './project-file.ts';
import { SqliteProjectReader } from './project-reader.ts';
import { ensureFolder } from './repositories/folders.ts';
import {
  diffsOfStep,
  markStep,
  newestDoneId,
  newestDoneStep,
  oldestUndoneId,
  oldestUndoneStep,
  recordStep,
  type JournalStep,
} from './repositories/journal.ts';
import { changeSettings } from './repositories/project-settings.ts';
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
export class SqliteProjectDatabase extends SqliteProjectReader implements ProjectDatabase {
  setName(name: string): void {
    this.database.run('UPDATE project SET name = @name', { name });
  }

  changeSettings(changed: Partial<ProjectSettings>): ProjectSettings {
    return changeSettings(this.database, changed);
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
    return this.database.transaction(() => runToEnd(slices));
  }

  #inSlices<Result>(slices: Slices<Result>): Promise<Result> {
    return this.database.transactionInSlices(slices);
  }

  *#applying(label: string, diff: Diff, options: ApplyOptions): Slices<AppliedStep> {
    if (isEmptyDiff(diff)) return { stepId: this.history({ limit: 1 })[0]?.id ?? 0, label, diff };
    yield* applyToTables(this.database, diff);
    const step = {
      label,
      diffs: splitDiff(diff),
      imageId: options.imageId ?? null,
      group: options.group ?? null,
      atMs: Date.now(),
    };
    return { stepId: yield* recordStep(this.database, step), label, diff };
  }

  *#undoing(): Slices<AppliedStep | null> {
    const step = newestDoneStep(this.database);
    return step && (yield* this.#replaying(step, false));
  }

  *#redoing(): Slices<AppliedStep | null> {
    const step = oldestUndoneStep(this.database);
    return step && (yield* this.#replaying(step, true));
  }

  *#travelling(stepId: number): Slices<AppliedStep | null> {
    const steps: AppliedStep[] = [];
    while ((newestDoneId(this.database) ?? 0) > stepId) steps.push((yield* this.#undoing())!);
    for (let id = oldestUndoneId(this.database); id !== null && id <= stepId;) {
      steps.push((yield* this.#redoing())!);
      id = oldestUndoneId(this.database);
    }
    const last = steps.at(-1);
    return last ? { ...last, diff: yield* squashAll(steps.map(({ diff }) => diff)) } : null;
  }

  *#replaying({ id, label }: JournalStep, done: boolean): Slices<AppliedStep> {
    const diffs: Diff[] = [];
    for (const stored of diffsOfStep(this.database, id, { newestFirst: !done })) {
      const diff = done ? stored : invertDiff(stored);
      yield* applyToTables(this.database, diff);
      diffs.push(diff);
    }
    markStep(this.database, id, done);
    return { stepId: id, label, diff: yield* squashAll(diffs) };
  }

  addFolder(path: string): ImageFolder {
    return ensureFolder(this.database, path);
  }

  backup(target: string): void {
    backupDatabase(this.database, target);
  }

  /** Commits a gradual change that is under way. */
  finishChanges(): void {
    this.database.finishSlices();
  }

  close(): void {
    closeProjectFile(this.database);
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
