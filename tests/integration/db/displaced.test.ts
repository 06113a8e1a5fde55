import {
  copyFileSync,
  existsSync,
  truncateSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Projects } from '../../../app/features/project/projects.ts';
import { addition } from '../../../core/diff.ts';
import {
  createProjectDatabase,
  openProjectDatabase,
  type ProjectDatabase,
} from '../../../db/project-database.ts';
import { makeAnnotation, makeImage } from './make-records.ts';
import { temporaryFolder, temporaryProject } from './temporary-project.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** Lets the time pass after which nobody is taken to be editing. */
const rest = () => vi.advanceTimersByTime(1000);

function projectWithImage() {
  const project = temporaryProject();
  const image = makeImage(project.addFolder('photos').id);
  project.apply('Add', addition(image));
  const draw = () => project.apply('Draw', addition(makeAnnotation(image.id)));
  return { project, draw };
}

/** A copy of the files as left by a process killed at this moment. */
function filesAsKilled({ file }: ProjectDatabase, suffixes = ['', '-wal', '-shm']): string {
  const copy = join(temporaryFolder(), 'test.pixelsail');
  for (const suffix of suffixes) copyFileSync(file + suffix, copy + suffix);
  return copy;
}

describe('what happens to the file of an open project', () => {
  const displaced = expect.objectContaining({ code: 'project-displaced' });
  const ways: Record<string, (file: string) => void> = {
    moved: (file) => renameSync(file, `${file}.elsewhere`),
    deleted: (file) => rmSync(file),
    'deleted with its log': (file) =>
      ['', '-wal', '-shm'].forEach((suffix) => rmSync(file + suffix)),
    'moved with its folder': (file) => renameSync(dirname(file), `${dirname(file)}-elsewhere`),
    'replaced by another file': (file) => {
      copyFileSync(file, `${file}.copy`);
      renameSync(`${file}.copy`, file);
    },
    'overwritten by a backup': (file) => writeFileSync(file, readFileSync(`${file}.older`)),
  };
  for (const [way, happen] of Object.entries(ways)) {
    test(`${way}: no edit is acknowledged, and the project can be saved elsewhere`, async () => {
      const projects = new Projects(temporaryFolder());
      const folder = join(temporaryFolder(), 'inner');
      const { file } = await projects.create(folder, 'Birds');
      const project = projects.require();
      const image = makeImage(project.addFolder('photos').id);
      project.apply('Add', addition(image));
      rest();
      copyFileSync(file, `${file}.older`);
      const kept = makeAnnotation(image.id);
      project.apply('Draw', addition(kept));
      rest();
      const draw = () => project.apply('Draw', addition(makeAnnotation(image.id)));

      happen(file);
      expect(draw).toThrow(displaced);
      expect(() => project.undo()).toThrow(displaced);
      expect(() => project.setName('x')).toThrow(displaced);
      expect(() => project.addFolder('y')).toThrow(displaced);
      await expect(
        project.gradually.apply('Draw', addition(makeAnnotation(image.id))),
      ).rejects.toEqual(displaced);

      const elsewhere = join(temporaryFolder(), 'a', 'Saved.pixelsail');
      if (way === 'overwritten by a backup') {
        // Overwritten pages are gone from the disk and perhaps from memory: a copy is complete, or
        // refused.
        await projects.saveAs(elsewhere).catch((thrown: unknown) => {
          expect(thrown).toMatchObject({ code: 'database-corrupt' });
        });
        await projects.close();
        return;
      }
      await projects.saveAs(elsewhere);
      const saved = projects.require();
      expect([saved.annotations(image.id), saved.check()]).toEqual([[kept], []]);
      expect(join(dirname(saved.file), saved.folders()[0]!.path)).toBe(join(folder, 'photos'));
      await projects.close();
    });
  }

  test('put back where it was, it is edited again', () => {
    const { project, draw } = projectWithImage();
    renameSync(project.file, `${project.file}.elsewhere`);
    expect(draw).toThrow(displaced);
    renameSync(`${project.file}.elsewhere`, project.file);
    draw();
    expect([project.annotationCount(), project.check()]).toEqual([1, []]);
  });

  test('only touched, it is edited on', () => {
    const { project, draw } = projectWithImage();
    rest();
    utimesSync(project.file, 1, 1);
    draw();
    expect(project.annotationCount()).toBe(1);
  });

  test('overwritten while edits are only in the log, neither is mixed into the other when it is closed', () => {
    const { project, draw } = projectWithImage();
    rest();
    for (let count = 0; count < 50; count++) draw();
    const { project: other, draw: drawOther } = projectWithImage();
    drawOther();
    other.close();
    const bytes = readFileSync(other.file);
    writeFileSync(project.file, bytes);
    project.close();
    expect(readFileSync(project.file)).toEqual(bytes);
    const both = {
      code: 'database-corrupt',
      message: expect.stringContaining(`${project.file}-wal`),
    };
    expect(() => openProjectDatabase(project.file)).toThrow(expect.objectContaining(both));
    rmSync(`${project.file}-wal`);
    const opened = openProjectDatabase(project.file);
    expect([opened.annotationCount(), opened.check()]).toEqual([1, []]);
    opened.close();
  });
});

test('a read of a project that somebody else emptied says so', () => {
  const { project, draw } = projectWithImage();
  draw();
  project.close();
  // Pages read before may still be in memory.
  const again = openProjectDatabase(project.file);
  onTestFinished(() => again.close());
  truncateSync(project.file, 0);
  expect(() => again.images({ offset: 0, limit: 5 })).toThrow(
    expect.objectContaining({ code: 'project-displaced' }),
  );
});

describe('the log beside a project', () => {
  test('is in the file as soon as nobody edits: a copy of the file alone holds everything', () => {
    const { project, draw } = projectWithImage();
    draw();
    rest();
    const copy = openProjectDatabase(filesAsKilled(project, ['']));
    expect([copy.annotationCount(), copy.check()]).toEqual([1, []]);
    copy.close();
    expect(readFileSync(`${project.file}-wal`)).toHaveLength(0);
  });

  test('of a killed process is taken, also in a copy of both files', () => {
    const { project, draw } = projectWithImage();
    rest();
    draw();
    const copy = openProjectDatabase(filesAsKilled(project));
    expect([copy.annotationCount(), copy.check()]).toEqual([1, []]);
    copy.close();
    expect(readdirSync(dirname(copy.file))).toEqual(['test.pixelsail']);
  });

  test('of another file of that name is refused, and both are left as they are', () => {
    const { project, draw } = projectWithImage();
    rest();
    for (let count = 0; count < 50; count++) draw();
    const file = filesAsKilled(project);
    const other = createProjectDatabase(join(temporaryFolder(), 'other.pixelsail'), 'Other');
    other.apply('Add', addition(makeImage(other.addFolder('photos').id)));
    other.close();
    copyFileSync(other.file, file);
    const before = [readFileSync(file), readFileSync(`${file}-wal`)];
    const both = { code: 'database-corrupt', message: expect.stringContaining(`${file}-wal`) };
    expect(() => openProjectDatabase(file)).toThrow(expect.objectContaining(both));
    expect([readFileSync(file), readFileSync(`${file}-wal`)]).toEqual(before);
    expect(readdirSync(dirname(file)).sort()).toEqual([
      'test.pixelsail',
      'test.pixelsail-shm',
      'test.pixelsail-wal',
    ]);
  });

  test('without its project stands in the way of a new one, a copy and a restored one of that name', async () => {
    const { project, draw } = projectWithImage();
    draw();
    const file = filesAsKilled(project, ['-wal', '-shm']);
    const log = readFileSync(`${file}-wal`);
    const left = { code: 'already-exists', message: expect.stringContaining(`${file}-wal`) };
    expect(() => createProjectDatabase(file, 'New')).toThrow(expect.objectContaining(left));
    expect(() => project.saveCopy(file)).toThrow(expect.objectContaining(left));
    expect(existsSync(file)).toBe(false);
    expect(readFileSync(`${file}-wal`)).toEqual(log);

    // A name that is free of it is found for what is restored.
    vi.useRealTimers();
    const projects = new Projects(temporaryFolder());
    const folder = join(temporaryFolder(), 'x');
    mkdirSync(folder);
    const backup = join(folder, 'Birds.backup-1.pixelsail');
    project.saveCopy(backup);
    writeFileSync(join(folder, 'Birds restored.pixelsail-wal'), log);
    const restored = await projects.restore(backup);
    onTestFinished(async () => void (await projects.close()));
    expect([restored.name, restored.annotations]).toEqual(['Birds restored 2', 1]);
  });

  test('without any edit in it is removed', () => {
    const file = join(temporaryFolder(), 'new.pixelsail');
    writeFileSync(`${file}-wal`, '');
    writeFileSync(`${file}-shm`, 'x');
    createProjectDatabase(file, 'New').close();
    expect(readdirSync(dirname(file))).toEqual(['new.pixelsail']);
  });
});
