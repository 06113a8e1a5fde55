import { existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { dirname, join, parse, resolve } from 'node:path';
import { AppError } from '../../../core/errors.ts';
import { projectExtension } from '../../../db/backup.ts';
import { backupName, listBackups } from '../../../db/backup-files.ts';
import { logSuffix } from '../../../db/project-files.ts';
import {
  createProjectDatabase,
  openProjectDatabase,
  restoreBackup,
  type ProjectDatabase,
} from '../../../db/project-database.ts';
import type { Backup, ProjectSummary } from '../../api/contract/project.ts';
import { projectFileAt } from '../handout/handout-package.ts';
import { AutomaticBackups } from './automatic-backups.ts';
import { toFileError } from '../../files/file-error.ts';
import { makeFolder } from '../../files/folders.ts';
import { RecentProjects } from './recent-projects.ts';
import { projectFailure } from './sentences.ts';
import { projectFileFailure } from '../../../db/project-file-sentences.ts';

/** The project that is open, at most one, and the list of those opened before. */
export class Projects {
  readonly recent: RecentProjects;
  #current: ProjectDatabase | null = null;
  #backups: AutomaticBackups | null = null;
  /** The problem of the file of the open project. */
  #checked: Promise<readonly AppError[]> = Promise.resolve([]);

  readonly #onDamage: (error: AppError) => void;

  /**
   * @param home folder of the user's data, made when first needed
   * @param onDamage hears what is found wrong with an open project, later than it was opened where
   * its file is large
   */
  constructor(home: string, onDamage: (error: AppError) => void = () => undefined) {
    this.#onDamage = onDamage;
    this.recent = new RecentProjects(home);
  }

  get current(): ProjectDatabase | null {
    return this.#current;
  }

  /** @throws AppError `project-not-open`. */
  require(): ProjectDatabase {
    if (this.#current) return this.#current;
    throw projectFileFailure('project-not-open', 'projectNotOpen', {});
  }

  /**
   * Makes `folder/name.pixelsail` and opens it in place of the present project.
   * @throws AppError `already-exists`, `permission-denied`, `disk-full`, `invalid-input`.
   */
  async create(folder: string, name: string): Promise<ProjectSummary> {
    const file = join(resolve(folder), `${toFileName(name)}${projectExtension}`);
    if (existsSync(file)) {
      throw projectFileFailure('already-exists', 'projectExists', { file });
    }
    await makeFolder(dirname(file));
    const created = createProjectDatabase(file, name);
    return this.#become(created);
  }

  /**
   * Opens a project file, or the project of a handout that is one zip archive.
   * @throws AppError `not-found`, `project-locked`, `database-corrupt`, `database-from-future`,
   * `permission-denied`.
   */
  async open(file: string): Promise<ProjectSummary> {
    const path = await projectFileAt(file);
    if (this.#current?.file === path) return this.summary();
    return this.#become(openProjectDatabase(path));
  }

  /** Commits the change that is under way and lets its caller read how the project is after it. */
  async finishChanges(): Promise<void> {
    this.#current?.finishChanges();
    await setImmediate();
  }

  async close(): Promise<null> {
    const [database, backups] = [this.#current, this.#backups];
    this.#current = null;
    this.#backups = null;
    await backups?.stop();
    await database?.endReads();
    database?.close();
    return null;
  }

  /**
   * Copies what was changed, before something changes much at once.
   * @throws AppError `disk-full` and others.
   */
  async backupBeforeLargeStep(): Promise<void> {
    await this.#backups?.beforeLargeStep();
  }

  summary(): ProjectSummary {
    const database = this.require();
    return {
      file: database.file,
      name: database.name,
      images: database.imageCount(),
      annotations: database.annotationCount(),
      canUndo: database.canUndo,
      canRedo: database.canRedo,
    };
  }

  /** Writes a consistent copy beside the project, named by the time. */
  async backup(): Promise<{ file: string }> {
    const database = this.require();
    const file = backupName(database.file, Date.now());
    await database.backup(file);
    return { file };
  }

  /**
   * Writes the open project to another file and goes on with that one. It works too where the
   * project's own file was moved, deleted or replaced.
   * @throws AppError `already-exists`, `permission-denied`, `disk-full`, `database-corrupt` where
   * too little is left.
   */
  async saveAs(file: string): Promise<ProjectSummary> {
    const database = this.require();
    const path = resolve(file);
    const target = path.endsWith(projectExtension) ? path : path + projectExtension;
    if (existsSync(target))
      throw projectFileFailure('already-exists', 'projectExists', { file: target });
    await makeFolder(dirname(target));
    try {
      database.saveCopy(target);
    } catch (thrown) {
      throw toFileError(thrown, 'write', target);
    }
    const saved = openProjectDatabase(target);
    saved.rebaseFolders(dirname(database.file));
    saved.setName(parse(target).name);
    return this.#become(saved);
  }

  /** The copies beside a project, newest first; the project itself need not be open, nor sound. */
  backups(file: string): Backup[] {
    return listBackups(resolve(file));
  }

  /**
   * Opens a copy of a backup as a project of its own; the backup and the project it was made of
   * stay as they are.
   * @throws AppError `not-found`, `database-corrupt`, `permission-denied`, `disk-full`; no copy is
   * left then.
   */
  async restore(backup: string): Promise<ProjectSummary> {
    const source = resolve(backup);
    if (this.#current?.file === source) {
      throw projectFailure('conflict', 'backupIsOpen', { file: source });
    }
    const file = freeName(source, 'restored');
    await restoreBackup(source, file).catch((thrown: unknown) => {
      throw toFileError(thrown, 'read', source);
    });
    try {
      const database = openProjectDatabase(file);
      database.setName(parse(file).name);
      return await this.#become(database);
    } catch (thrown) {
      await rm(file, { force: true });
      throw thrown;
    }
  }

  /**
   * Waits until the open project's file has been looked through, which opening leaves for later
   * where it is large.
   * @throws AppError `database-corrupt`.
   */
  async requireSound(): Promise<void> {
    const [problem] = await this.#checked;
    if (problem) throw problem;
  }

  /** A copy of a damaged project must not take the place of an older one that is sound. */
  async #checkBeforeBackups(database: ProjectDatabase, backups: AutomaticBackups): Promise<void> {
    this.#checked = database.quickCheck().catch(damageOf);
    const [problem] = await this.#checked;
    if (this.#current !== database) return;
    if (problem) this.#onDamage(problem);
    else await backups.daily();
  }

  async #become(database: ProjectDatabase): Promise<ProjectSummary> {
    await this.close();
    this.#current = database;
    this.#backups = new AutomaticBackups(database);
    void this.#checkBeforeBackups(database, this.#backups);
    const summary = this.summary();
    await this.recent.remember(summary).catch((thrown: unknown) => {
      console.error(`The list of recent projects could not be written: ${String(thrown)}`);
    });
    return summary;
  }
}

/** A check that breaks off at the damage has found it; one that cannot read has found nothing. */
function damageOf(thrown: unknown): readonly AppError[] {
  return thrown instanceof AppError && thrown.code === 'database-corrupt' ? [thrown] : [];
}

/**
 * Opens a sample project of the given home, or makes it with a copy of the photos, for the
 * program's own folder may move. Null instead of a photo folder means that nothing is left to
 * import.
 */
export async function openSample(
  projects: Projects,
  home: string,
  name: 'Sample' | 'Benchmark',
  photos: string,
): Promise<{ summary: ProjectSummary; photosToImport: string | null }> {
  const folder = join(home, name === 'Sample' ? 'sample-project' : 'sample-benchmark');
  const file = join(folder, name + projectExtension);
  if (existsSync(file)) return { summary: await projects.open(file), photosToImport: null };
  const copy = join(folder, 'photos');
  await cp(photos, copy, { recursive: true }).catch((thrown: unknown) => {
    throw toFileError(thrown, 'copy the sample photos', photos);
  });
  return { summary: await projects.create(folder, name), photosToImport: copy };
}

/** A free name for what is rescued of a project, beside it. */
export function rescueTarget(file: string): string {
  return freeName(resolve(file), 'rescued');
}

/** A free name beside a file: of `Birds.backup-TIME`, `Birds restored`, `Birds restored 2`, … */
function freeName(beside: string, word: 'restored' | 'rescued'): string {
  const { dir, name } = parse(beside);
  const stem = `${name.replace(/\.backup-.*$/, '')} ${word}`;
  for (let number = 1; ; number++) {
    const file = join(dir, `${number === 1 ? stem : `${stem} ${number}`}${projectExtension}`);
    if (!existsSync(file) && !existsSync(file + logSuffix)) return file;
  }
}

/** A project's name as a file name that every platform takes. */
function toFileName(name: string): string {
  const fileName = name
    .replaceAll(/[<>:"/\\|?*\p{Cc}]/gu, '-')
    .replace(/[. ]+$/, '')
    .trim();
  if (fileName && !fileName.startsWith('.')) return fileName;
  throw projectFailure('invalid-input', 'fileNameImpossible', { name });
}
