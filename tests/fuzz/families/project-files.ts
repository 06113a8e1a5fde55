import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { ApplicationUnderTest } from '../application-under-test.ts';
import type { Attempt, Family } from '../family.ts';
import type { Mutator } from '../mutator.ts';
import { valueOf, walkProject } from '../project-walk.ts';
import { dataset, writeDatasetPhotos } from './coco-dataset.ts';

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

async function withDamagedProject(
  shared: string,
  damage: (mutator: Mutator, source: string, target: string) => Promise<void>,
): Promise<Attempt> {
  const application = await ApplicationUnderTest.make();
  const images = join(shared, 'photos');
  await writeDatasetPhotos(images);
  const coco = join(shared, 'in.json');
  await writeFile(coco, JSON.stringify(dataset));
  await mkdir(join(shared, 'sound'));
  const source = await application.newProject(join(shared, 'sound'));
  valueOf(await application.call('dataset.importCoco', { file: coco, images }));
  await application.clear();
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

const foreignSchema: readonly string[] = [
  'CREATE TRIGGER stranger AFTER INSERT ON journal_step BEGIN DELETE FROM image; END',
  'CREATE VIEW stranger AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n',
  'CREATE TABLE stranger (x)',
  'DROP TABLE annotation_search',
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
