import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { addition } from '../../../core/diff.ts';
import type { AppError } from '../../../core/errors.ts';
import { defaultProjectSettings } from '../../../core/project-settings.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { Database } from '../../../db/database.ts';
import { migrations } from '../../../db/migrate.ts';
import { rescueFile, rescueProject } from '../../../db/rescue.ts';
import { restoreFile } from '../../../db/restore.ts';
import { makeAnnotation, makeCategory, makeImage } from './make-records.ts';
import { temporaryFolder, temporaryProject } from './temporary-project.ts';

/** A closed project with a category, two images and an annotation of each. */
function madeProject() {
  const project = temporaryProject();
  const folder = project.addFolder('photos');
  const category = makeCategory({ id: 'category', name: 'Heron' });
  const images = ['a', 'b'].map((id) => makeImage(folder.id, { id, path: `${id}.jpg` }));
  const annotations = images.map(({ id }) =>
    makeAnnotation(id, { id: `of ${id}`, categoryId: category.id }),
  );
  project.apply('Add', addition(category, ...images, ...annotations));
  project.close();
  return { file: project.file, annotations };
}

function change(file: string, sql: string): void {
  const raw = new Sqlite(file);
  raw.pragma('ignore_check_constraints = ON');
  raw.pragma('foreign_keys = OFF');
  raw.exec(sql);
  raw.close();
}

function refusal(file: string): AppError {
  try {
    openProjectDatabase(file).close();
  } catch (thrown) {
    return thrown as AppError;
  }
  throw new Error('It was opened.');
}

const endless = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS id FROM n`;

/** Foreign content of a project file, and the expected part of the error. */
const foreign: Record<string, [sql: string, named: string]> = {
  'a trigger': [
    `CREATE TRIGGER theirs AFTER UPDATE ON project BEGIN INSERT INTO image_folder ${endless.replace('AS id', 'AS id, 1')}; END`,
    'trigger theirs',
  ],
  'a trigger under a name that one of ours had': [
    `CREATE TRIGGER annotation_count_insert AFTER INSERT ON annotation BEGIN ${endless}; END`,
    'trigger annotation_count_insert',
  ],
  'no view where we have one': ['DROP VIEW item_words', 'view item_words'],
  'an endless view under the name of ours': [
    `DROP VIEW image_words; CREATE VIEW image_words AS ${endless}`,
    'view image_words',
  ],
  'an endless view': [`CREATE VIEW theirs AS ${endless}`, 'view theirs'],
  'an endless view in place of a table': [
    `PRAGMA foreign_keys = OFF; DROP TABLE category; CREATE VIEW category AS ${endless}`,
    'view category',
  ],
  'a table': ['CREATE TABLE theirs (a)', 'table theirs'],
  'a column': ['ALTER TABLE image ADD COLUMN theirs ANY', 'table image'],
  'a computed column': [
    'ALTER TABLE image ADD COLUMN theirs ANY AS (zeroblob(1000000000))',
    'table image',
  ],
  'an index': ['CREATE INDEX theirs ON image (sha256)', 'index theirs'],
  'a negative version': ['PRAGMA user_version = -3', '-3'],
  'a version that never was': ['PRAGMA user_version = 11', '11'],
};

for (const [what, [sql, named]] of Object.entries(foreign)) {
  test(`a project with ${what} is refused and left as it is, and its rows can be rescued`, async () => {
    const { file, annotations } = madeProject();
    change(file, sql);
    const before = readFileSync(file);
    const error = refusal(file);
    expect([error.code, error.message]).toEqual([
      'database-corrupt',
      expect.stringContaining(named),
    ]);
    expect(error.message).toContain('pixelsail rescue');
    expect(readFileSync(file)).toEqual(before);

    const target = join(temporaryFolder(), 'Rescued.pixelsail');
    const report = await rescueProject(file, target);
    const rescued = openProjectDatabase(target);
    onTestFinished(() => rescued.close());
    const hasCategory = named !== 'view category';
    expect(report).toMatchObject({ images: 2, annotations: 2, categories: hasCategory ? 1 : 0 });
    expect(rescued.annotation('of a')).toEqual({
      ...annotations[0],
      categoryId: hasCategory ? 'category' : null,
    });
    expect(rescued.check()).toEqual([]);
    expect(readFileSync(file)).toEqual(before);
    expect(readdirSync(dirname(file))).toEqual(['test.pixelsail']);
    expect(readdirSync(dirname(target)).filter((name) => name.includes('.part'))).toEqual([]);
  });
}

test('a project that another program analyzed is opened', () => {
  const { file } = madeProject();
  change(file, 'ANALYZE');
  openProjectDatabase(file).close();
});

test('a project of every version of this program is opened', () => {
  for (const { version } of migrations) {
    const file = join(temporaryFolder(), 'old.pixelsail');
    const raw = new Database(file, { mustExist: false });
    raw.pragma(`application_id = ${0x50785361}`);
    for (const migration of migrations) if (migration.version <= version) migration.up(raw);
    raw.pragma(`user_version = ${version}`);
    raw.exec("INSERT INTO project (id, name, created_at_ms) VALUES (1, 'Old', 1)");
    raw.close();
    const project = openProjectDatabase(file);
    expect([version, project.name, project.check()]).toEqual([version, 'Old', []]);
    project.close();
  }
});

/** Values that no version of this program wrote; the error must name what it could not take. */
const values: Record<string, [sql: string, named: string]> = {
  'a state': ["UPDATE image SET state = 'theirs' WHERE id = 'a'", 'CHECK'],
  'a size': ["UPDATE image SET width = -1 WHERE id = 'a'", 'CHECK'],
};

for (const [what, [sql, named]] of Object.entries(values)) {
  test(`a project with ${what} that its table does not allow is refused`, () => {
    const { file } = madeProject();
    change(file, sql);
    const error = refusal(file);
    expect([error.code, error.message]).toEqual([
      'database-corrupt',
      expect.stringContaining(named),
    ]);
  });
}

/** JSON that is damaged or not what its column needs. */
const damaged: [column: string, json: string][] = [
  ['attributes', '{"id":'],
  ['provenance', '{"source":"theirs"}'],
  ['extra', '7'],
];

test('damaged JSON inside a project is named with its record and column, and costs one row when it is rescued', async () => {
  for (const [column, json] of damaged) {
    const { file } = madeProject();
    const copy = join(temporaryFolder(), 'copy.pixelsail');
    copyFileSync(file, copy);
    const raw = new Sqlite(copy);
    raw.prepare(`UPDATE annotation SET ${column} = ? WHERE id = 'of a'`).run(json);
    raw.close();

    const project = openProjectDatabase(copy);
    const broken = { code: 'database-corrupt', detail: { kind: 'annotation', id: 'of a', column } };
    expect(() => project.annotations('a')).toThrow(expect.objectContaining(broken));
    expect(() => [...project.exportAnnotations()]).toThrow(expect.objectContaining(broken));
    expect(project.annotations('b')).toHaveLength(1);
    project.close();

    const report = await rescueProject(copy, join(dirname(copy), 'Rescued.pixelsail'));
    expect(report).toMatchObject({ images: 2, annotations: 1 });
    expect(report.leftOut.map(({ what }) => what)).toEqual(['annotation of a']);
  }
});

test.each(['image_search', 'item_search'])(
  'a search index that cannot be read (%s) is damage of the project, and its records are rescued',
  async (index) => {
    const { file } = madeProject();
    const copy = join(temporaryFolder(), 'copy.pixelsail');
    copyFileSync(file, copy);
    const raw = new Sqlite(copy);
    raw.unsafeMode(true); // Else an index may not be written to.
    raw.prepare(`UPDATE ${index}_config SET v = 0 WHERE k = 'version'`).run();
    raw.close();
    const search = () => {
      const project = openProjectDatabase(copy);
      try {
        const page = project.imagePage({ text: 'words', offset: 0, limit: 5 });
        return [page.total, project.check()];
      } finally {
        project.close();
      }
    };
    expect(search).toThrow(expect.objectContaining({ code: 'database-corrupt' }));
    const report = await rescueProject(copy, join(dirname(copy), 'Rescued.pixelsail'));
    expect(report).toMatchObject({ images: 2, annotations: 2, leftOut: [] });
  },
);

/** Diffs that no version of this program wrote. */
const damagedDiffs: Record<string, [encoding: string, diff: Buffer]> = {
  'no JSON': ['json', Buffer.from("b'abc'")],
  'of another shape': ['json', Buffer.from('{"added":7,"updated":{},"removed":{}}')],
  'with a colour that is markup': [
    'json',
    Buffer.from(
      JSON.stringify({
        added: {},
        updated: {},
        removed: {
          x: { ...makeCategory({ id: 'x', name: 'X' }), color: 'url(http://127.0.0.1/)' },
        },
      }),
    ),
  ],
  'damaged when it is inflated': ['deflate', Buffer.from([1, 2, 3])],
  'inflated to more than memory holds': ['deflate', deflateRawSync(Buffer.alloc(2 ** 29, ' '))],
};

test('a damaged journal is named by its step for every reader, and changes nothing', () => {
  for (const [what, [encoding, diff]] of Object.entries(damagedDiffs)) {
    const { file } = madeProject();
    const raw = new Sqlite(file);
    raw.prepare('UPDATE journal_diff SET encoding = ?, diff = ?').run(encoding, diff);
    raw.close();
    const project = openProjectDatabase(file);
    onTestFinished(() => project.close());
    const broken = {
      code: 'database-corrupt',
      detail: { kind: 'journal step', id: '1', column: 'diff' },
    };
    expect(() => project.undo(), what).toThrow(expect.objectContaining(broken));
    expect(project.check(), what).toEqual([expect.objectContaining(broken)]);
    expect(project.annotations('a'), what).toHaveLength(1);
  }
});

test('damaged sums of a step are named, and damaged settings are the preset ones', () => {
  const { file } = madeProject();
  change(file, `UPDATE journal_step SET state_changes = '{"theirs":1}'`);
  change(file, `UPDATE project SET settings = '{"lockedIds":'`);
  const project = openProjectDatabase(file);
  onTestFinished(() => project.close());
  expect(() => project.stateChanges()).toThrow(
    expect.objectContaining({
      code: 'database-corrupt',
      detail: { kind: 'journal step', id: '1', column: 'state_changes' },
    }),
  );
  expect(project.settings()).toEqual(defaultProjectSettings);
});

test('an old project whose values no migration can take is refused by name and left as it is', () => {
  const sound = fileURLToPath(
    new URL('../../fixtures/projects/version-10.pixelsail', import.meta.url),
  );
  for (const sql of [
    `UPDATE journal_diff SET encoding = 'json', diff = CAST('b"kind":"image"' AS BLOB)`,
    `UPDATE journal_diff SET encoding = 'json', diff = CAST('{"added":{"a":null},"kind":"image"}' AS BLOB)`,
    `UPDATE annotation SET geometry = '{'`,
  ]) {
    const file = join(temporaryFolder(), 'old.pixelsail');
    copyFileSync(sound, file);
    change(file, sql);
    const before = readFileSync(file);
    expect([refusal(file).code, refusal(file).sentence]).toEqual([
      'database-corrupt',
      'projectDamaged',
    ]);
    expect(readFileSync(file)).toEqual(before);
  }
});

/** Files beside a project that are not regular files. */
const oddNeighbours = {
  'a link to a file of somebody': (path: string, victim: string) => symlinkSync(victim, path),
  'a link to nowhere': (path: string, victim: string) => symlinkSync(`${victim}-new`, path),
  'a folder': (path: string) => mkdirSync(path),
  'a pipe': (path: string) => execFileSync('mkfifo', [path]),
};

for (const [what, put] of Object.entries(oddNeighbours)) {
  test.skipIf(process.platform === 'win32')(
    `a project with ${what} in place of its log, index, lock or note is refused, and nothing is written there`,
    () => {
      for (const suffix of ['-wal', '-shm', '-lock', '-holder', '-journal']) {
        const { file } = madeProject();
        const victim = join(temporaryFolder(), 'victim');
        writeFileSync(victim, 'mine');
        put(file + suffix, victim);
        const { code, message } = refusal(file);
        expect([code, message]).toEqual(['invalid-input', expect.stringContaining(file + suffix)]);
        expect(readFileSync(victim, 'utf8')).toBe('mine');
        expect(readdirSync(dirname(victim))).toEqual(['victim']);
      }
    },
  );
}

test.skipIf(process.platform === 'win32')(
  'a pipe in place of a project, a backup or its log is refused without waiting for it',
  async () => {
    const folder = temporaryFolder();
    const pipe = join(folder, 'pipe.pixelsail');
    execFileSync('mkfifo', [pipe]);
    const refused = expect.objectContaining({ code: 'invalid-input', sentence: 'notPlainFile' });
    expect(refusal(pipe)).toEqual(refused);
    await expect(rescueProject(pipe, join(folder, 'new.pixelsail'))).rejects.toThrow(refused);
    expect(() => restoreFile(pipe, join(folder, 'new.pixelsail'))).toThrow(refused);
    const { file } = madeProject();
    execFileSync('mkfifo', [`${file}-wal`]);
    await expect(rescueProject(file, join(folder, 'new.pixelsail'))).rejects.toThrow(refused);
    expect(() => restoreFile(file, join(folder, 'new.pixelsail'))).toThrow(refused);
    expect(readdirSync(folder)).toEqual(['pipe.pixelsail']);
  },
);

test('words that are no JSON, which only SQLite itself reads, are damage and no internal error', () => {
  const { file } = madeProject();
  const database = new Database(file, { mustExist: true });
  onTestFinished(() => database.close());
  const parse = () => database.all('SELECT * FROM json_tree(@words)', { words: "b'abc'" });
  expect(parse).toThrow(expect.objectContaining({ code: 'database-corrupt' }));
});

test('the log that a killed process left beside a project of an earlier version is taken', () => {
  const sound = fileURLToPath(
    new URL('../../fixtures/projects/version-10.pixelsail', import.meta.url),
  );
  const folder = temporaryFolder();
  const [held, file] = [join(folder, 'held.pixelsail'), join(folder, 'old.pixelsail')];
  copyFileSync(sound, held);
  const raw = new Sqlite(held);
  raw.pragma('journal_mode = WAL');
  raw.exec("UPDATE project SET name = 'Edited'");
  // As it lies there when the process is killed.
  for (const suffix of ['', '-wal']) copyFileSync(held + suffix, file + suffix);
  raw.close();
  const project = openProjectDatabase(file);
  onTestFinished(() => project.close());
  expect([project.name, project.check()]).toEqual(['Edited', []]);
});

test('a rescue tells how far it is, and leaves nothing behind where it is stopped', async () => {
  const project = temporaryProject();
  const names = Array.from({ length: 1000 }, (_, index) => `bird ${index}`);
  project.apply('Add', addition(...names.map((name) => makeCategory({ id: name, name }))));
  project.close();
  const { file } = project;
  const target = join(dirname(file), 'Rescued.pixelsail');
  const told: [done: number, total: number | null][] = [];
  await rescueProject(file, target, { progress: (done, total) => told.push([done, total]) });
  expect(told.length).toBeGreaterThan(2);
  expect(told.every(([done, total]) => total === 1000 && done <= total)).toBe(true);

  const stopped = join(dirname(file), 'stopped.pixelsail');
  const controller = new AbortController();
  controller.abort();
  const watch = { signal: controller.signal };
  await expect(rescueProject(file, stopped, watch)).rejects.toMatchObject({ code: 'cancelled' });
  const left = readdirSync(dirname(stopped)).filter((name) => name.includes('stopped'));
  expect(left).toEqual([]);
});

test('a rescued project has its name when it is complete, so that a killed process leaves no half of one', () => {
  const { file } = madeProject();
  const target = join(dirname(file), 'Rescued.pixelsail');
  const seen: boolean[] = [];
  const progress = () => void seen.push(existsSync(target));
  const report = rescueFile(file, target, { progress, isCancelled: () => false });
  expect([new Set(seen), report.file]).toEqual([new Set([false]), target]);
  const project = openProjectDatabase(target);
  expect([project.name, project.check()]).toEqual(['Rescued', []]);
  project.close();
  expect(readdirSync(dirname(file)).filter((name) => name.startsWith('Rescued'))).toEqual([
    'Rescued.pixelsail',
  ]);
});

test('a rescue never replaces a file', async () => {
  const { file } = madeProject();
  const before = readFileSync(file);
  await expect(rescueProject(file, file)).rejects.toThrow(
    expect.objectContaining({ code: 'already-exists' }),
  );
  expect(readFileSync(file)).toEqual(before);
  expect(existsSync(`${file}-rescue.part`)).toBe(false);
});
