import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { onTestFinished, expect, test } from 'vitest';
import { importDataset } from '../../../app/features/dataset/dataset-import.ts';
import { importFolder } from '../../../app/features/images/image-import.ts';
import { readImageFacts } from '../../../app/features/images/image-facts.ts';
import { Projects } from '../../../app/features/project/projects.ts';
import { addition } from '../../../core/diff.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { refuseFileOfOpenProject } from '../../../db/project-files.ts';
import { makeImage } from './make-records.ts';
import { temporaryFolder, temporaryProject } from './temporary-project.ts';

const isWindows = process.platform === 'win32';

/** Starts a script; what it says first, and how to end it. */
async function start(script: URL, ...values: string[]) {
  const path = fileURLToPath(script);
  const child = spawn(process.execPath, [path, ...values], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { said: said.toString().trim(), kill };
}

test('while a project is open here, an older version of the program is refused', async () => {
  const project = temporaryProject();
  project.addFolder('photos');
  expect((await start(new URL('./hold-as-before.ts', import.meta.url), project.file)).said).toBe(
    'SQLITE_BUSY',
  );
  project.close();
  const holder = await start(new URL('./hold-as-before.ts', import.meta.url), project.file);
  expect(holder.said).toBe('open');
  await holder.kill();
});

test('while an older version of the program has a project, it is refused here', async () => {
  const project = temporaryProject();
  project.close();
  const holder = await start(new URL('./hold-as-before.ts', import.meta.url), project.file);
  expect(() => openProjectDatabase(project.file)).toThrow(
    expect.objectContaining({ code: 'project-locked' }),
  );
  await holder.kill();
  openProjectDatabase(project.file).close();
  expect(readdirSync(dirname(project.file))).toEqual(['test.pixelsail']);
});

test('reading the file of an open project by other means lets no second process in', async () => {
  const project = temporaryProject();
  // POSIX drops the locks that this process has on a file when the process closes it, however it
  // was opened.
  readFileSync(project.file);
  readFileSync(`${project.file}-wal`);
  const holder = await start(new URL('./try-project.ts', import.meta.url), project.file);
  expect(holder.said).toBe('project-locked');
});

test('whatever reads the file of an open project by other means is refused, under any of its names', async () => {
  const project = temporaryProject();
  project.apply('Add', addition(makeImage(project.addFolder('photos').id)));
  const folder = temporaryFolder();
  const [symbolic, hard] = [join(folder, 'symbolic.json'), join(folder, 'hard.png')];
  symlinkSync(project.file, symbolic);
  linkSync(project.file, hard);
  const inUse = { code: 'conflict', detail: { file: project.file } };
  const context = { jobId: 'job', signal: new AbortController().signal, progress: () => undefined };

  for (const file of [
    project.file,
    symbolic,
    hard,
    `${project.file}-wal`,
    `${project.file}-lock`,
  ]) {
    await expect(
      importDataset(project, { path: file, images: folder }, context),
      file,
    ).rejects.toMatchObject(inUse);
    await expect(readImageFacts(file), file).rejects.toMatchObject(inUse);
    await expect(new Projects(folder).restore(file), file).rejects.toMatchObject(inUse);
  }
  const { skipped } = await importFolder(project, folder, context);
  expect(skipped.map(({ what, error }) => [what, error?.code])).toEqual([['hard.png', 'conflict']]);

  project.close();
  expect(() => refuseFileOfOpenProject(hard)).not.toThrow();
});

test.skipIf(isWindows)('links to a project meet its lock', () => {
  const project = temporaryProject();
  const folder = temporaryFolder();
  const [symbolic, hard] = [join(folder, 'symbolic.pixelsail'), join(folder, 'hard.pixelsail')];
  symlinkSync(project.file, symbolic);
  linkSync(project.file, hard);
  for (const file of [symbolic, hard]) {
    expect(() => openProjectDatabase(file), file).toThrow(
      expect.objectContaining({ code: 'project-locked' }),
    );
  }
  expect(readdirSync(folder).sort()).toEqual(['hard.pixelsail', 'symbolic.pixelsail']);
});

test('a lock file and a note that a killed process left are in nobody’s way', () => {
  const project = temporaryProject();
  project.close();
  writeFileSync(`${project.file}-lock`, '');
  writeFileSync(`${project.file}-holder`, JSON.stringify({ pid: 1, host: 'x', sinceMs: 1 }));
  openProjectDatabase(project.file).close();
  expect(readdirSync(dirname(project.file))).toEqual(['test.pixelsail']);
});

test('further connections can read an open project, and see what was committed', () => {
  const project = temporaryProject();
  const reader = new Sqlite(project.file, { readonly: true });
  onTestFinished(() => void reader.close());
  const images = () => reader.prepare('SELECT count(*) AS count FROM image').get();
  expect(images()).toEqual({ count: 0 });
  project.apply('Add', addition(makeImage(project.addFolder('photos').id)));
  expect(images()).toEqual({ count: 1 });
});

test('of many processes that want one lock, one has it at a time', async () => {
  const file = join(temporaryFolder(), 'p.pixelsail');
  const processes = Array.from({ length: 4 }, () =>
    start(new URL('./take-lock-often.ts', import.meta.url), file, '100'),
  );
  const said = (await Promise.all(processes)).map((process) => process.said);
  expect(said).toEqual(['done', 'done', 'done', 'done']);
  expect(readdirSync(dirname(file))).toEqual([]);
}, 60_000);

test('of several processes that make a project of one name at once, one makes it and the others are told', async () => {
  const script = fileURLToPath(new URL('./create-project.ts', import.meta.url));
  const file = join(temporaryFolder(), 'new.pixelsail');
  const makers = Array.from({ length: 4 }, () =>
    spawn(process.execPath, [script, file], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  onTestFinished(() => makers.forEach((maker) => void maker.kill('SIGKILL')));
  const answers = makers.map(async (maker) => {
    const [said] = (await once(maker.stdout, 'data')) as [Buffer];
    return said.toString().trim();
  });
  for (const maker of makers) maker.stdin.end('go\n');
  const said = (await Promise.all(answers)).sort();
  expect(said.filter((word) => word === 'made')).toHaveLength(1);
  expect(
    said.slice(0, 3).every((word) => ['already-exists', 'project-locked'].includes(word)),
  ).toBe(true);
  const database = openProjectDatabase(file);
  expect([database.name, database.check()]).toEqual(['New', []]);
  database.close();
  expect(readdirSync(dirname(file))).toEqual(['new.pixelsail']);
}, 60_000);
