import type { Command } from 'commander';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Projects } from '../app/features/project/projects.ts';
import { userDataFolder } from '../app/user-data.ts';
import { AppError } from '../core/errors.ts';
import { projectExtension } from '../db/backup.ts';
import { personOf } from '../core/project/person.ts';
import type { Author, ProjectDatabase } from '../db/project-database.ts';

/**
 * The project file of an argument: the file itself, or the only project in a folder.
 * @throws AppError `not-found` when there is none, `invalid-input` when a folder holds several.
 */
export function locateProject(given: string): string {
  const path = resolve(given);
  if (!existsSync(path)) {
    throw new AppError(
      'not-found',
      `The project ${path} does not exist. Create it with: pixelsail init ${given}`,
      { path },
    );
  }
  if (!statSync(path).isDirectory()) return path;
  const files = readdirSync(path).filter(isProjectFile);
  if (files.length === 1) return join(path, files[0]!);
  if (files.length === 0) {
    throw new AppError(
      'not-found',
      `The folder ${path} has no project (*${projectExtension}). Create one with: pixelsail init ${given}`,
      { path },
    );
  }
  throw new AppError(
    'invalid-input',
    `The folder ${path} has several projects: ${files.join(', ')}. Give the file.`,
    { path, files },
  );
}

/** Whether a path is a project or a folder with one, not a dataset. */
export function isProject(given: string): boolean {
  const path = resolve(given);
  if (!existsSync(path)) return false;
  return statSync(path).isDirectory() ? readdirSync(path).some(isProjectFile) : isProjectFile(path);
}

function isProjectFile(name: string): boolean {
  return name.endsWith(projectExtension) && !name.includes('.backup-');
}

/** The name of the command line as a window: its steps belong to everybody. */
export function authorOf(by: string | undefined): Author {
  return { window: null, person: personOf(by), others: () => [] };
}

/**
 * Opens a project that is whole; the caller closes it.
 * @throws AppError `database-corrupt` and others.
 */
export async function openProject(given: string): Promise<Projects> {
  const projects = new Projects(userDataFolder());
  await projects.open(locateProject(given));
  try {
    await projects.requireSound();
    return projects;
  } catch (thrown) {
    await projects.close();
    throw thrown;
  }
}

/** Adds `--by` to a command that writes. */
export function addPersonOption(command: Command): Command {
  return command.option('--by <name>', 'name of the person, for the history of the project');
}

/**
 * Opens a project, runs the work and closes it, whatever happens.
 * @param by name of who does it; the project's history says so
 */
export async function withProject<Result>(
  given: string,
  work: (database: ProjectDatabase, projects: Projects) => Promise<Result>,
  by?: string,
): Promise<Result> {
  const projects = await openProject(given);
  try {
    return await work(projects.require().by(authorOf(by)), projects);
  } finally {
    await projects.close();
  }
}
