import { copyFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { ApplicationUnderTest } from '../application-under-test.ts';
import { refused, type Attempt, type Family } from '../family.ts';
import type { Mutator } from '../mutator.ts';
import { findDamage, valueOf, walkProject } from '../project-walk.ts';
import { writeDataset } from './coco-dataset.ts';

/** Project files of strangers with damaged bytes. */
export const projectBytes: Family = {
  name: 'project-bytes',
  weight: 10,
  prepare: (shared) =>
    withDamagedProject(shared, async (mutator, source, target) =>
      writeFile(target, mutator.damagedBytes(await readFile(source), 0.02)),
    ),
};

/** Project files of strangers that are sound SQLite, with hostile values, triggers and views. */
export const projectRows: Family = {
  name: 'project-rows',
  weight: 10,
  prepare: (shared) =>
    withDamagedProject(shared, async (mutator, source, target) => {
      await copyFile(source, target);
      damageRows(mutator, target);
    }),
};

/** The same of the formats that earlier versions wrote: they are migrated first. */
export const oldProjects: Family = {
  name: 'old-projects',
  weight: 5,
  async prepare() {
    const application = await ApplicationUnderTest.make();
    return async (mutator, folder) => {
      const file = join(folder, 'stranger.pixelsail');
      const version = mutator.pick([10, 20]);
      const fixture = new URL(
        `../../fixtures/projects/version-${version}.pixelsail`,
        import.meta.url,
      );
      await writeFile(file, await readFile(fixture));
      damageRows(mutator, file);
      try {
        return await walkProject(application, file, join(folder, 'out.json'));
      } finally {
        await application.clear();
      }
    };
  },
};

/**
 * Damaged projects that are rescued, and damaged backups that are restored: what comes of it is
 * sound or nothing.
 */
export const rescues: Family = {
  name: 'rescues',
  weight: 6,
  async prepare(shared) {
    const application = await ApplicationUnderTest.make();
    const source = await makeSoundProject(application, shared);
    return async (mutator, folder) => {
      const file = join(folder, 'stranger.pixelsail');
      if (mutator.chance(0.5)) {
        await writeFile(file, mutator.damagedBytes(await readFile(source), 0.02));
      } else {
        await copyFile(source, file);
        damageRows(mutator, file);
      }
      const before = await readFile(file);
      const [method, input] = mutator.chance(0.7)
        ? (['project.rescue', { file }] as const)
        : (['project.restore', { backup: file }] as const);
      try {
        const result = await application.call(method, input);
        const made = result.ok ? (result.value as { file: string }).file : null;
        const fault =
          (made && method === 'project.rescue' ? await damageOf(application, made) : null) ??
          ((await readFile(file)).equals(before) ? null : 'the damaged file was changed') ??
          (await findLeftover(folder, result.ok));
        const outcome = result.ok ? ({ ended: 'accepted' } as const) : refused(result.error);
        return fault ? { ...outcome, fault: `${method}: ${fault}` } : outcome;
      } finally {
        await application.clear();
      }
    };
  },
};

/** The damage of a project that was made: it must open, and hold what its check asks for. */
async function damageOf(application: ApplicationUnderTest, file: string): Promise<string | null> {
  const opened = await application.call('project.open', { file });
  return opened.ok ? findDamage(application) : `made what does not open: ${opened.error.message}`;
}

/** A file that is neither the stranger's nor the project that was made of it. */
async function findLeftover(folder: string, isMade: boolean): Promise<string | null> {
  const isExpected = (name: string) =>
    name === 'stranger.pixelsail' || (isMade && /^stranger (rescued|restored)/.test(name));
  const left = (await readdir(folder)).filter((name) => !isExpected(name));
  return left.length > 0 ? `left ${left.join(', ')}` : null;
}

async function withDamagedProject(
  shared: string,
  damage: (mutator: Mutator, source: string, target: string) => Promise<void>,
): Promise<Attempt> {
  const application = await ApplicationUnderTest.make();
  const source = await makeSoundProject(application, shared);
  return async (mutator, folder) => {
    const file = join(folder, 'stranger.pixelsail');
    await damage(mutator, source, file);
    try {
      return await walkProject(application, file, join(folder, 'out.json'));
    } finally {
      await application.clear();
    }
  };
}

async function makeSoundProject(
  application: ApplicationUnderTest,
  shared: string,
): Promise<string> {
  const { coco, images } = await writeDataset(shared);
  await mkdir(join(shared, 'sound'));
  const source = await application.newProject(join(shared, 'sound'));
  valueOf(await application.call('dataset.import', { path: coco, format: 'coco', images }));
  await application.clear();
  return source;
}

const foreignSchema: readonly string[] = [
  'CREATE TRIGGER stranger AFTER INSERT ON journal_step BEGIN DELETE FROM image; END',
  'CREATE VIEW stranger AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n',
  'CREATE TABLE stranger (x)',
  'DROP TABLE IF EXISTS item_search',
  'DROP INDEX image_by_path',
  'ALTER TABLE image ADD COLUMN stranger TEXT',
];

function damageRows(mutator: Mutator, file: string): void {
  const database = new Sqlite(file);
  try {
    if (mutator.chance(0.15)) {
      database.exec(mutator.pick(foreignSchema));
      return;
    }
    if (mutator.chance(0.05)) {
      database.pragma(`user_version = ${mutator.pick([-1, 0, 5, 2 ** 31 - 1])}`);
      return;
    }
    database.pragma('ignore_check_constraints = ON');
    database.pragma('foreign_keys = OFF');
    const tables = [
      'image',
      'annotation',
      'category',
      'project',
      'journal_step',
      'journal_diff',
      'image_folder',
    ];
    for (let count = 1 + mutator.below(3); count > 0; count--) {
      const table = mutator.pick(tables);
      const columns = database.pragma(`table_info(${table})`) as { name: string }[];
      const { name } = mutator.pick(columns);
      const value = mutator.chance(0.5) ? mutator.text() : JSON.stringify(mutator.json());
      try {
        database
          .prepare(
            `UPDATE ${table} SET ${name} = ? WHERE rowid IN (SELECT rowid FROM ${table} LIMIT 2)`,
          )
          .run(value);
      } catch {
        // A strict column refuses the value: this damage cannot be done.
      }
    }
  } finally {
    database.close();
  }
}
