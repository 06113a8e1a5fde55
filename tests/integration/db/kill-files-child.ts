import { copyFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createProjectDatabase, openProjectDatabase } from '../../../db/project-database.ts';

/**
 * Makes files of one kind in a folder until it is killed, and says the number of each when it is
 * made. Arguments: `create` (new projects), `backup` (copies of a project) or `migrate` (copies of
 * an old project, opened); the folder; the project.
 */
const [kind, folder, project] = process.argv.slice(2) as [string, string, string];
const source = kind === 'backup' ? openProjectDatabase(project) : null;
writeSync(1, 'ready\n');
for (let number = 0; ; number++) {
  const file = join(folder, `${number}.pixelsail`);
  if (kind === 'create') createProjectDatabase(file, 'New').close();
  if (kind === 'migrate') {
    // Half a copy is none of the program's files.
    copyFileSync(project, `${file}.copy`);
    renameSync(`${file}.copy`, file);
    openProjectDatabase(file).close();
  }
  await source?.backup(file);
  writeSync(1, `${number}\n`);
}
