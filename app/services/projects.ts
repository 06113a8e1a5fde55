import { cp, mkdir, open, readFile, rename } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { projectExtension } from '../../db/backup.ts';
import {
  createProjectDatabase,
  openProjectDatabase,
  type ProjectDatabase,
} from '../../db/project-database.ts';
import type { ProjectSummary, RecentProject } from '../api/contract.ts';
import { toFileError } from './file-error.ts';

const recentSchema = z.array(
  z.object({ file: z.string(), name: z.string(), openedAtMs: z.number() }),
);
const maximumRecent = 20;

/** The project that is open, at most one, and the list of those opened before. */
export class Projects {
  readonly #recentFile: string;
  #current: ProjectDatabase | null = null;

  /** @param home folder of the user's data, made when first needed. */
  constructor(home: string) {
    this.#recentFile = join(home, 'recent-projects.json');
  }

  get current(): ProjectDatabase | null {
    return this.#current;
  }

  /** @throws AppError `project-not-open`. */
  require(): ProjectDatabase {
    if (this.#current) return this.#current;
    throw new AppError('project-not-open', 'No project is open. Open or create a project first.');
  }

  /**
   * Makes `folder/name.pixelsail` and opens it in place of the present project.
   * @throws AppError `already-exists`, `permission-denied`, `disk-full`, `invalid-input`.
   */
  async create(folder: string, name: string): Promise<ProjectSummary> {
    const file = join(resolve(folder), `${toFileName(name)}${projectExtension}`);
    if (existsSync(file)) {
      throw new AppError(
        'already-exists',
        `There is a project ${file} already. Open it, or choose another name.`,
        { file },
      );
    }
    await mkdir(dirname(file), { recursive: true }).catch((thrown: unknown) => {
      throw toFileError(thrown, 'make the folder', dirname(file));
    });
    const created = createProjectDatabase(file, name);
    return this.#become(created);
  }

  /** @throws AppError `not-found`, `project-locked`, `database-corrupt`, `database-from-future`, `permission-denied`. */
  async open(file: string): Promise<ProjectSummary> {
    const path = resolve(file);
    if (this.#current?.file === path) return this.summary();
    return this.#become(openProjectDatabase(path));
  }

  close(): null {
    this.#current?.close();
    this.#current = null;
    return null;
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

  /** Projects opened before, newest first; those whose file is gone are left out. */
  async recent(): Promise<RecentProject[]> {
    const projects = await this.#readRecent();
    return projects.filter(({ file }) => existsSync(file));
  }

  /** Writes a consistent copy beside the project, named by the time. */
  backup(): { file: string } {
    const database = this.require();
    const time = new Date().toISOString().replaceAll(/[:.]/g, '-');
    const stem = database.file.slice(0, -projectExtension.length);
    const file = `${stem}.backup-${time}${projectExtension}`;
    database.backup(file);
    return { file };
  }

  async #become(database: ProjectDatabase): Promise<ProjectSummary> {
    this.close();
    this.#current = database;
    const summary = this.summary();
    await this.#remember(summary).catch((thrown: unknown) => {
      console.error(`The list of recent projects could not be written: ${String(thrown)}`);
    });
    return summary;
  }

  async #readRecent(): Promise<RecentProject[]> {
    try {
      return recentSchema.parse(JSON.parse(await readFile(this.#recentFile, 'utf8')));
    } catch {
      return [];
    }
  }

  async #remember({ file, name }: ProjectSummary): Promise<void> {
    const others = (await this.#readRecent()).filter((project) => project.file !== file);
    const projects = [{ file, name, openedAtMs: Date.now() }, ...others].slice(0, maximumRecent);
    await mkdir(dirname(this.#recentFile), { recursive: true });
    await writeDurably(this.#recentFile, JSON.stringify(projects, null, 2));
  }
}

/**
 * Opens the sample project of the given home, or makes it with a copy of the photos, for the program's own
 * folder may move. Null instead of a photo folder means that nothing is left to import.
 */
export async function openSample(
  projects: Projects,
  home: string,
  photos: string,
): Promise<{ summary: ProjectSummary; photosToImport: string | null }> {
  const folder = join(home, 'sample-project');
  const file = join(folder, `Sample${projectExtension}`);
  if (existsSync(file)) return { summary: await projects.open(file), photosToImport: null };
  const copy = join(folder, 'photos');
  await cp(photos, copy, { recursive: true }).catch((thrown: unknown) => {
    throw toFileError(thrown, 'copy the sample photos', photos);
  });
  return { summary: await projects.create(folder, 'Sample'), photosToImport: copy };
}

/** Writes a whole file or none: temporary name, fsync, rename. */
export async function writeDurably(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.part`;
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

/** A project's name as a file name that every platform takes. */
function toFileName(name: string): string {
  const fileName = name
    .replaceAll(/[<>:"/\\|?*\p{Cc}]/gu, '-')
    .replace(/[. ]+$/, '')
    .trim();
  if (fileName && !fileName.startsWith('.')) return fileName;
  throw new AppError(
    'invalid-input',
    `"${name}" cannot be a file name. Choose a name with letters.`,
  );
}
