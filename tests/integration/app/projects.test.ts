import { mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Projects, rescueTarget } from '../../../app/features/project/projects.ts';
import { rescueProject as rescueJob } from '../../../app/jobs/kinds/rescue-project.ts';
import type { JobRun } from '../../../app/jobs/job-kind.ts';
import { rescueProject } from '../../../db/rescue.ts';
import { addition } from '../../../core/diff.ts';
import { newId } from '../../../core/ids.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let projects: Projects;
beforeEach(async () => {
  folders = await makeApplicationFolders();
  projects = new Projects(folders.options.home);
});
afterEach(async () => {
  await projects.close();
  await folders.remove();
});

function addCategory(name: string): void {
  const id = newId();
  const record = { kind: 'category', id, name, parentId: null, color: '#336699' } as const;
  projects.require().apply('Add', addition({ ...record, attributes: [], extra: {} }));
}
const categories = () =>
  projects
    .require()
    .categories()
    .map(({ name }) => name);

describe('a new project', () => {
  test.skipIf(process.platform !== 'linux')(
    'where the file system takes no folders is refused at once',
    async () => {
      for (const folder of ['/proc/x', '/proc/x/y/z', '/proc/self/x']) {
        await expect(projects.create(folder, 'New')).rejects.toMatchObject({
          code: 'permission-denied',
          message: expect.stringContaining('Choose another folder'),
        });
      }
    },
  );

  test('makes the folders above it, and is refused where a file is in the way', async () => {
    await projects.create(join(folders.folder, 'a', 'b', 'c'), 'Deep');
    await writeFile(join(folders.folder, 'file'), '');
    await expect(projects.create(join(folders.folder, 'file', 'x'), 'New')).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });
});

const quiet = {
  signal: new AbortController().signal,
  progress: () => undefined,
} as unknown as JobRun;

test('names that no file can have are refused by name where a project is saved, rescued or restored', async () => {
  const { file } = await projects.create(folders.folder, 'Kept');
  for (const name of ['y'.repeat(300), 'a\0b']) {
    const path = join(folders.folder, `${name}.pixelsail`);
    for (const attempt of [
      () => projects.saveAs(path),
      () => rescueJob.run({ file: path, target: rescueTarget(path) }, quiet),
      () => projects.restore(path),
    ]) {
      const thrown = await attempt().catch((error: unknown) => error);
      expect(thrown).toMatchObject({ code: expect.stringMatching(/^(invalid-input|not-found)$/) });
      expect(projects.summary().file).toBe(file);
    }
  }
});

test('a backup of a project whose folder is gone says so', async () => {
  await projects.create(join(folders.folder, 'gone'), 'Gone');
  await rm(join(folders.folder, 'gone'), { recursive: true });
  await expect(projects.backup()).rejects.toMatchObject({ code: 'not-found' });
});

describe('recent projects', () => {
  test('whose file is gone say so, and can be taken off the list', async () => {
    const kept = await projects.create(folders.folder, 'Kept');
    const lost = await projects.create(folders.folder, 'Lost');
    await projects.close();
    await rm(lost.file);
    expect(await projects.recent.list()).toMatchObject([
      { name: 'Lost', isMissing: true },
      { name: 'Kept', isMissing: false },
    ]);
    await projects.recent.forget(lost.file);
    expect(await projects.recent.list()).toMatchObject([{ file: kept.file }]);
  });

  test('a damaged list is an empty one', async () => {
    await mkdir(folders.options.home, { recursive: true });
    await writeFile(join(folders.options.home, 'recent-projects.json'), '[{"file":');
    expect(await projects.recent.list()).toEqual([]);
    await projects.create(folders.folder, 'First');
    expect(await projects.recent.list()).toMatchObject([{ name: 'First' }]);
  });
});

describe('a damaged project', () => {
  test('is rescued into a new one beside it', async () => {
    const { file } = await projects.create(folders.folder, 'Birds');
    addCategory('kept');
    await projects.close();
    const raw = new Sqlite(file);
    raw.exec('CREATE TABLE theirs (a)');
    raw.close();
    await expect(projects.open(file)).rejects.toMatchObject({ code: 'database-corrupt' });
    const target = rescueTarget(file);
    expect(target).toBe(join(folders.folder, 'Birds rescued.pixelsail'));
    expect(await rescueProject(file, target)).toMatchObject({ categories: 1, leftOut: [] });
    await projects.open(target);
    expect(categories()).toEqual(['kept']);
    expect(rescueTarget(file)).toBe(join(folders.folder, 'Birds rescued 2.pixelsail'));
  });
});

describe('backups', () => {
  test('are listed newest first and restored into a copy, which leaves both originals as they are', async () => {
    const { file } = await projects.create(folders.folder, 'Birds');
    addCategory('early');
    const { file: backup } = await projects.backup();
    addCategory('late');
    expect(projects.backups(file)).toMatchObject([{ file: backup }]);

    const restored = await projects.restore(backup);
    expect(restored).toMatchObject({
      file: join(folders.folder, 'Birds restored.pixelsail'),
      name: 'Birds restored',
    });
    expect(categories()).toEqual(['early']);
    addCategory('after');
    await projects.open(file);
    expect(categories()).toEqual(['early', 'late']);
    const again = await projects.restore(backup);
    expect(again.name).toBe('Birds restored 2');
    expect(categories()).toEqual(['early']);
  });

  test('of a project that is damaged can still be listed and restored', async () => {
    const { file } = await projects.create(folders.folder, 'Birds');
    addCategory('kept');
    await projects.backup();
    await projects.close();
    await truncate(file, 5000);
    await expect(projects.open(file)).rejects.toMatchObject({ code: 'database-corrupt' });
    await projects.restore(projects.backups(file)[0]!.file);
    expect(categories()).toEqual(['kept']);
  });

  test('are restored although an earlier restore was killed', async () => {
    await projects.create(folders.folder, 'Birds');
    addCategory('kept');
    const { file: backup } = await projects.backup();
    const left = join(folders.folder, 'Birds restored.pixelsail');
    for (const suffix of ['.part', '.part-wal', '-draft']) await writeFile(left + suffix, 'half');
    expect(await projects.restore(backup)).toMatchObject({ file: left });
    expect(categories()).toEqual(['kept']);
  });

  test('that are damaged are refused, and no copy is left', async () => {
    await projects.create(folders.folder, 'Birds');
    const { file: backup } = await projects.backup();
    await truncate(backup, 5000);
    const before = await readdir(folders.folder);
    await expect(projects.restore(backup)).rejects.toMatchObject({ code: 'database-corrupt' });
    await expect(projects.restore(`${backup}x`)).rejects.toMatchObject({ code: 'not-found' });
    expect(await readdir(folders.folder)).toEqual(before);
    expect(projects.summary().name).toBe('Birds');
  });
});
