import { existsSync } from 'node:fs';
import type { Diff } from '../core/diff.ts';
import type { AppError } from '../core/errors.ts';
import type { ProjectSettings } from '../core/project-settings.ts';
import { newId } from '../core/ids.ts';
import type { StepLabel } from '../core/project/step-labels.ts';
import type { Person } from '../core/records.ts';
import type { ScoreRow, ScoreRun } from '../core/scores/run.ts';
import { applyStep, applySteps, type ChangeNote } from './apply-step.ts';
import { backupDatabase } from './backup.ts';
import { inBackground } from './background.ts';
import { ChangeWork, type WaysToApply } from './change-work.ts';
import { Database } from './database.ts';
import type {
  AppliedStep,
  ApplyOptions,
  Author,
  GradualChanges,
  GradualOptions,
  GradualStep,
  ImageFolder,
  ImageQuery,
  ProjectDatabase,
  Reads,
} from './project.ts';
import {
  closeProjectFile,
  createProjectFile,
  damagedFile,
  isCheckedAtOnce,
  openProjectFile,
  settleProjectFile,
} from './project-file.ts';
import { refuseFileOfOpenProject } from './project-files.ts';
import { lockProject } from './project-lock.ts';
import { SqliteProjectReader } from './project-reader.ts';
import { ReaderThread } from './reader-thread-client.ts';
import type { StepTarget, StepWork } from './step-task.ts';
import { StepThread, type TakenStep, type ThreadStep } from './step-thread-client.ts';
import { ensureFolder, rebaseFolders } from './repositories/folders.ts';
import { newestDoneId, oldestUndoneId, type JournalStep } from './repositories/journal.ts';
import { addPerson } from './repositories/people.ts';
import { changeSettings } from './repositories/project-settings.ts';
import { addRun, removeRun } from './repositories/scores.ts';
import { countDiffsTo, hasLongDiffTo } from './repositories/step-size.ts';
import { runToEnd, type Slices } from './slices.ts';
import { redoing, TakenChange, travelling, undoing, type StepTaker } from './take-steps.ts';

/** A diff of the journal holds at most a thousand records. */
const diffsOfLargeStep = 5;
/** Beyond one diff a step is worth a thread, so that nobody waits for its commit. */
const diffsInThread = 2;

export type { AppliedStep, Author, ImageFolder, ImageQuery, ProjectDatabase };

/**
 * Opens an existing project for this process alone.
 * @throws AppError `not-found`, `project-locked` (says who has it), `database-from-future` and
 *   `database-corrupt` (the file is left as it is), `permission-denied`, `disk-full`.
 */
export function openProjectDatabase(file: string): ProjectDatabase {
  return new SqliteProjectDatabase(openProjectFile(file));
}

/**
 * Makes a new project file and opens it.
 * @throws AppError `already-exists`, `not-found` (no such folder), `permission-denied`,
 * `disk-full`.
 */
export function createProjectDatabase(file: string, name: string): ProjectDatabase {
  return new SqliteProjectDatabase(createProjectFile(file, name));
}

/**
 * Copies a backup to a new name, in a thread of its own. The copy has that name when it was found
 * sound and is on disk.
 * @throws AppError `not-found`, `already-exists`, `project-locked`, `conflict` where it is open
 *   here, `database-corrupt`, `disk-full`, `permission-denied`.
 */
export async function restoreBackup(backup: string, target: string): Promise<void> {
  refuseFileOfOpenProject(backup);
  const lock = existsSync(backup) ? lockProject(backup) : null;
  try {
    await inBackground({ kind: 'restore', backup, target });
  } finally {
    lock?.release();
  }
}

/** Further connections to an open project, which all views of it share. */
class Companions {
  beside: Database | null = null;
  readonly #reader: ReaderThread;
  /** Words that many texts hold, and the check, take so long that nothing may wait behind them. */
  readonly #searcher: ReaderThread;
  readonly #checker: ReaderThread;
  readonly steps = new StepThread();

  constructor(file: string) {
    this.#reader = new ReaderThread(file);
    this.#searcher = new ReaderThread(file);
    this.#checker = new ReaderThread(file);
  }

  threadFor(name: keyof Reads, input: Reads[keyof Reads]['input']): ReaderThread {
    if (name === 'check') return this.#checker;
    return isSearch(input) ? this.#searcher : this.#reader;
  }

  async endReads(): Promise<void> {
    const threads = [this.#reader, this.#searcher, this.#checker, this.steps];
    await Promise.all(threads.map((thread) => thread.end()));
  }
}

function isSearch(input: Reads[keyof Reads]['input']): boolean {
  const query = input && 'query' in input ? input.query : input;
  return Boolean(query && 'text' in query && query.text);
}

/**
 * {@link ProjectDatabase} on an open project file; the two functions above are how callers get
 * one.
 */
export class SqliteProjectDatabase extends SqliteProjectReader implements ProjectDatabase {
  readonly #author: Author | null;
  readonly #companions: Companions;

  constructor(
    database: Database,
    author: Author | null = null,
    companions: Companions = new Companions(database.file),
  ) {
    super(database);
    this.#author = author;
    this.#companions = companions;
  }

  by(author: Author): ProjectDatabase {
    return new SqliteProjectDatabase(this.database, author, this.#companions);
  }

  get person(): Person | null {
    return this.#author?.person ?? null;
  }

  setName(name: string): void {
    this.database.run('UPDATE project SET name = @name', { name });
  }

  changeSettings(changed: Partial<ProjectSettings>): ProjectSettings {
    return changeSettings(this.database, changed);
  }

  apply(label: StepLabel, diff: Diff, options: ApplyOptions = {}): AppliedStep {
    const stepId = this.#atOnce(applyStep(this.database, this.#noteOf(label, options), diff));
    return { stepId, label, diff };
  }

  undo(): AppliedStep | null {
    return this.#takingAtOnce((change) => undoing(this.database, this.#taker, change));
  }

  redo(): AppliedStep | null {
    return this.#takingAtOnce((change) => redoing(this.database, this.#taker, change));
  }

  travelTo(stepId: number): AppliedStep | null {
    return this.#takingAtOnce((change) => travelling(this.database, stepId, this.#taker, change));
  }

  readonly gradually: GradualChanges = {
    apply: async (label, diff, options = {}) => {
      const stepId = await this.#applyingGradually(this.#noteOf(label, options), [diff]);
      return { stepId, label, diff };
    },
    applyEach: async (label, diffs, { signal } = {}) => {
      await this.#applyingGradually(this.#noteOf(label, { group: newId() }), diffs, signal);
    },
    undo: (options = {}) =>
      this.#takingGradually(
        'undo',
        (change) => undoing(this.database, this.#taker, change),
        options,
      ),
    redo: (options = {}) =>
      this.#takingGradually(
        'redo',
        (change) => redoing(this.database, this.#taker, change),
        options,
      ),
    travelTo: (stepId, options = {}) =>
      this.#takingGradually(
        stepId,
        (change) => travelling(this.database, stepId, this.#taker, change),
        options,
      ),
    rest: () => this.database.atRest(),
  };

  #atOnce<Result>(slices: Slices<Result>): Result {
    return this.database.transaction(() => runToEnd(slices));
  }

  #takingAtOnce(take: (change: TakenChange) => Slices<JournalStep | null>): AppliedStep | null {
    const change = new TakenChange(Infinity);
    const step = this.#atOnce(take(change));
    return step && { stepId: step.id, label: step.label, diff: change.toDiff()! };
  }

  /** Requests during other work may be large; the thread serves both. */
  async #takingGradually(
    to: StepTarget,
    take: (change: TakenChange) => Slices<JournalStep | null>,
    options: GradualOptions,
  ): Promise<GradualStep | null> {
    const isForThread = () => this.#hasDiffs(to, diffsInThread) || this.#hasLongDiff(to);
    if (!this.database.isInSlices && !isForThread()) return this.#takingInSlices(take, options);
    const { step, diff } = await this.#takingInThread(to, options);
    return step && { stepId: step.id, label: step.label, diff };
  }

  #takingInThread(
    to: StepTarget,
    { signal, progress, tellsAll = false }: GradualOptions,
  ): Promise<TakenStep> {
    const work = {
      ...{ kind: 'take' as const, to, taker: this.#taker },
      recordsTold: tellsAll ? Infinity : recordsTold,
    };
    const step = { ...this.#threadStep(work, signal), progress };
    const { promise, resolve, reject } = Promise.withResolvers<TakenStep>();
    this.database.enqueue(this.#companions.steps.work(step, resolve, reject));
    return promise;
  }

  async #takingInSlices(
    take: (change: TakenChange) => Slices<JournalStep | null>,
    { signal, progress, tellsAll = false }: GradualOptions,
  ): Promise<GradualStep | null> {
    const change = new TakenChange(tellsAll ? Infinity : recordsTold, progress);
    const step = await this.database.transactionInSlices(take(change), signal);
    return step && { stepId: step.id, label: step.label, diff: change.toDiff() };
  }

  #noteOf(label: StepLabel, { imageId, group }: ApplyOptions): ChangeNote {
    const { window = null, person = null } = this.#author ?? {};
    return { label, imageId: imageId ?? null, group: group ?? null, window, person };
  }

  #applyingGradually(
    note: ChangeNote,
    diffs: Iterable<Diff>,
    signal?: AbortSignal,
  ): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const ways: WaysToApply = {
      inSlices: (all) =>
        this.database.workInSlices(applySteps(this.database, note, all), signal, resolve, reject),
      inThread: (all) =>
        this.#companions.steps.work(
          { ...this.#threadStep({ kind: 'apply', note }, signal), diffs: all },
          ({ step }) => resolve(step!.id),
          reject,
        ),
    };
    this.database.enqueue(new ChangeWork(diffs, signal, ways, reject));
    return promise;
  }

  #threadStep(work: StepWork, signal: AbortSignal | undefined): ThreadStep {
    const { file, watcher } = this.database;
    return { file, work, signal, watcher, isFree: () => this.database.isFree() };
  }

  get #taker(): StepTaker {
    const { window = null, person = null } = this.#author ?? {};
    return { window, person, others: this.others };
  }

  addPerson(person: Person): void {
    addPerson(this.database, person);
  }

  addScoreRun(run: ScoreRun, rows: readonly ScoreRow[]): void {
    addRun(this.database, run, rows);
  }

  removeScoreRun(id: string): void {
    removeRun(this.database, id);
  }

  protected override get others(): readonly string[] {
    return this.#author?.others() ?? [];
  }

  addFolder(path: string): ImageFolder {
    return ensureFolder(this.database, path);
  }

  async backup(target: string): Promise<void> {
    await this.gradually.rest();
    await inBackground({ kind: 'backup', file: this.file, target });
  }

  async quickCheck(): Promise<AppError[]> {
    const { file } = this;
    if (isCheckedAtOnce(file)) return [];
    const reasons = (await inBackground({ kind: 'quick-check', file })) as readonly string[];
    return reasons.map((reason) => damagedFile(file, reason));
  }

  saveCopy(target: string): void {
    backupDatabase(this.database, target);
  }

  rebaseFolders(oldHome: string): void {
    rebaseFolders(this.database, oldHome);
  }

  get rowsWritten(): number {
    return this.database.rowsWritten + this.#companions.steps.rowsWritten;
  }

  isLargeStep(step: StepTarget): boolean {
    return this.#hasDiffs(step, diffsOfLargeStep);
  }

  #hasDiffs(step: StepTarget, count: number): boolean {
    const target = this.#positionAfter(step);
    return target !== null && countDiffsTo(this.database, target, count) === count;
  }

  #hasLongDiff(step: StepTarget): boolean {
    const target = this.#positionAfter(step);
    return target !== null && hasLongDiffTo(this.database, target);
  }

  /**
   * The step that is the newest done one afterwards; null where there is nothing to take back or
   * do again.
   */
  #positionAfter(step: StepTarget): number | null {
    if (step === 'redo') return oldestUndoneId(this.database);
    if (step !== 'undo') return step;
    const newest = newestDoneId(this.database);
    return newest === null ? null : newest - 1;
  }

  read<Name extends keyof Reads>(
    name: Name,
    input: Reads[Name]['input'],
  ): Promise<Reads[Name]['output']> {
    return this.#companions.threadFor(name, input).read(name, input);
  }

  async endReads(): Promise<void> {
    await Promise.all([this.#companions.endReads(), settleProjectFile(this.database)]);
  }

  /** Commits a gradual change that is under way. */
  finishChanges(): void {
    this.database.finishSlices();
  }

  close(): void {
    this.database.finishSlices();
    this.#companions.beside?.close();
    this.#companions.beside = null;
    void this.endReads();
    closeProjectFile(this.database);
  }

  /** Between two slices of a change, what is committed is read over a connection of its own. */
  protected override get readable(): Database {
    if (!this.database.isBetweenSlices) return this.database;
    return (this.#companions.beside ??= new Database(this.file, {
      mustExist: true,
      readOnly: true,
    }));
  }
}

/**
 * Where a gradual step changes more records than this, they are not told but read again: taking
 * thousands over from the thread of the step would hold up others.
 */
const recordsTold = 2000;
