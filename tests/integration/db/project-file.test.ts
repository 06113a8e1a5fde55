import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished, expect, test } from 'vitest';
import { addition } from '../../../core/diff.ts';
import type { AppError } from '../../../core/errors.ts';
import { Database } from '../../../db/database.ts';
import { backupName } from '../../../db/backup-files.ts';
import {
  createProjectDatabase,
  openProjectDatabase,
  type ProjectDatabase,
} from '../../../db/project-database.ts';
import { rescueProject } from '../../../db/rescue.ts';
import { makeImage } from './make-records.ts';
import { reopen, temporaryFolder, temporaryProject } from './temporary-project.ts';

function failure(work: () => unknown): AppError {
  try {
    work();
  } catch (thrown) {
    return thrown as AppError;
  }
  throw new Error('Expected an error.');
}

function addImage(database: ProjectDatabase) {
  const image = makeImage(database.addFolder('photos').id);
  database.apply('Add', addition(image));
  return image;
}

/** A closed project with one image. */
function projectFile(): string {
  const database = temporaryProject();
  addImage(database);
  database.close();
  return database.file;
}

test('a closed project is one file, whatever its name', () => {
  const folder = temporaryFolder();
  for (const name of ['Übung 🚀.pixelsail', "it's 100% #1?.pixelsail", 'a b.pixelsail', 'plain']) {
    const database = createProjectDatabase(join(folder, name), name);
    const image = addImage(database);
    const reopened = reopen(database);
    expect(reopened.image(image.id)).toEqual(image);
    reopened.close();
  }
  expect(readdirSync(folder)).toHaveLength(4);
});

test('a project is not made over another file, nor in a folder that does not exist', () => {
  const file = projectFile();
  const before = readFileSync(file);
  expect(failure(() => createProjectDatabase(file, 'x')).code).toBe('already-exists');
  expect(readFileSync(file)).toEqual(before);
  const lost = join(file, '..', 'missing', 'x.pixelsail');
  expect(failure(() => createProjectDatabase(lost, 'x')).code).toBe('not-found');
});

test('what a process killed while making a project left behind is in nobody’s way', () => {
  const file = join(temporaryFolder(), 'new.pixelsail');
  writeFileSync(`${file}-draft`, 'half');
  writeFileSync(`${file}-draft-wal`, 'half');
  const database = createProjectDatabase(file, 'New');
  database.close();
  expect(readdirSync(dirname(file))).toEqual(['new.pixelsail']);
});

test('a missing file and a folder are not projects', () => {
  const folder = temporaryFolder();
  expect(failure(() => openProjectDatabase(join(folder, 'x.pixelsail'))).code).toBe('not-found');
  expect(failure(() => openProjectDatabase(folder)).code).toBe('not-found');
  expect(readdirSync(folder)).toEqual([]);
});

test('a name that no file can have is refused as such', () => {
  for (const name of ['word '.repeat(1000), 'a\0b']) {
    const file = join(temporaryFolder(), `${name}.pixelsail`);
    expect(failure(() => openProjectDatabase(file)).code).toBe('invalid-input');
  }
});

test('a closed project answers with a clear error', () => {
  const database = temporaryProject();
  database.close();
  expect(failure(() => database.categories()).code).toBe('project-not-open');
  database.close();
});

test('a second process is told who has the project, and gets it when that one is killed', async () => {
  const file = projectFile();
  const holder = spawn(
    process.execPath,
    [fileURLToPath(new URL('./hold-project.ts', import.meta.url)), file],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  onTestFinished(() => void holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');

  const error = failure(() => openProjectDatabase(file));
  expect(error.code).toBe('project-locked');
  expect(error.message).toContain(`process ${holder.pid}`);
  expect(error.detail).toMatchObject({ file, pid: holder.pid });

  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const database = openProjectDatabase(file);
  expect(database.imageCount()).toBe(1);
  database.close();
});

test('the same process cannot open a project twice either', () => {
  const database = temporaryProject();
  const image = addImage(database);
  const error = failure(() => openProjectDatabase(database.file));
  expect([error.code, error.detail.pid]).toEqual(['project-locked', process.pid]);
  expect(failure(() => openProjectDatabase(database.file)).code).toBe('project-locked');
  expect(database.image(image.id)).toEqual(image);
});

test('a project of a newer version is refused and stays as it is, byte for byte', () => {
  const file = projectFile();
  const database = new Database(file, { mustExist: true });
  database.pragma('user_version = 9999');
  database.close();
  const before = readFileSync(file);
  const error = failure(() => openProjectDatabase(file));
  expect(error.code).toBe('database-from-future');
  expect(error.message).toContain('9999');
  expect(readFileSync(file)).toEqual(before);
  expect(readdirSync(dirname(file))).toEqual([basename(file)]);
});

test('files that are no projects are refused and stay as they are', () => {
  const folder = temporaryFolder();
  const other = join(folder, 'other.pixelsail');
  const database = new Database(other, { mustExist: false });
  database.exec('CREATE TABLE mine (a)');
  database.close();
  writeFileSync(join(folder, 'empty.pixelsail'), '');
  writeFileSync(join(folder, 'text.pixelsail'), 'hello '.repeat(1000));
  writeFileSync(join(folder, 'short.pixelsail'), 'SQLite format 3\0');

  const names = readdirSync(folder);
  expect(names).toHaveLength(4);
  for (const name of names) {
    const file = join(folder, name);
    const before = readFileSync(file);
    const error = failure(() => openProjectDatabase(file));
    expect([name, error.code]).toEqual([name, 'database-corrupt']);
    expect(error.message).toContain(file);
    expect(readFileSync(file)).toEqual(before);
  }
  expect(readdirSync(folder)).toEqual(names);
});

test('a truncated project is refused and the last backup is named', () => {
  const file = projectFile();
  const backup = backupName(file, Date.now(), '10');
  copyFileSync(file, backup);
  truncateSync(file, 40_000);
  const before = readFileSync(file);
  const error = failure(() => openProjectDatabase(file));
  expect(error.code).toBe('database-corrupt');
  expect(error.message).toContain(backup);
  expect(error.detail).toMatchObject({ file, backup });
  expect(readFileSync(file)).toEqual(before);
  const restored = openProjectDatabase(backup);
  expect(restored.imageCount()).toBe(1);
  restored.close();
});

test('damage in the middle of a project is found when it is opened, and the rest can be rescued', async () => {
  const file = projectFile();
  const raw = new Database(file, { mustExist: true });
  const sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'category'";
  const page = raw.get<{ rootpage: number }>(sql)!.rootpage;
  raw.close();
  const bytes = readFileSync(file);
  bytes.fill(0xa5, (page - 1) * 4096, page * 4096);
  writeFileSync(file, bytes);

  const error = failure(() => openProjectDatabase(file));
  expect([error.code, error.message]).toEqual([
    'database-corrupt',
    expect.stringContaining('malformed'),
  ]);
  expect(readFileSync(file)).toEqual(bytes);

  // The other pages of the file are recovered into a new project.
  const target = join(temporaryFolder(), 'rescued.pixelsail');
  const report = await rescueProject(file, target);
  expect(report).toMatchObject({ categories: 0, images: 1, annotations: 0 });
  expect(report.leftOut.map(({ what }) => what)).toContain('category after row 0');
  const rescued = openProjectDatabase(target);
  expect([rescued.imageCount(), rescued.check()]).toEqual([1, []]);
  rescued.close();
});

const isWindows = process.platform === 'win32';

test.skipIf(isWindows)('a folder that may not be written to is named as the reason', () => {
  const file = projectFile();
  const folder = dirname(file);
  chmodSync(file, 0o444);
  chmodSync(folder, 0o555);
  onTestFinished(() => chmodSync(folder, 0o755));
  const before = readFileSync(file);
  // Permissions do not bind root: become nobody while the test looks.
  const isRoot = process.geteuid!() === 0;
  if (isRoot) process.seteuid!(65534);
  try {
    expect(failure(() => openProjectDatabase(file)).code).toBe('permission-denied');
    const created = failure(() => createProjectDatabase(join(folder, 'new.pixelsail'), 'x'));
    expect(created.code).toBe('permission-denied');
  } finally {
    if (isRoot) process.seteuid!(0);
  }
  expect(readFileSync(file)).toEqual(before);
  expect(readdirSync(folder)).toEqual([basename(file)]);
});

test('a backup is a project of its own and never replaces a file', async () => {
  const database = temporaryProject();
  const image = addImage(database);
  const folder = join(dirname(database.file), 'backups');
  mkdirSync(folder);
  const target = join(folder, "Monday's copy.pixelsail");
  await database.backup(target);
  await expect(database.backup(target)).rejects.toMatchObject({ code: 'already-exists' });
  const lost = join(folder, 'missing', 'x.pixelsail');
  await expect(database.backup(lost)).rejects.toMatchObject({ code: 'not-found' });
  expect(readdirSync(folder)).toEqual([basename(target)]);

  const copy = openProjectDatabase(target);
  onTestFinished(() => copy.close());
  expect(copy.image(image.id)).toEqual(image);
  expect(copy.check()).toEqual([]);
  copy.undo();
  expect([copy.imageCount(), database.imageCount()]).toEqual([0, 1]);
});
