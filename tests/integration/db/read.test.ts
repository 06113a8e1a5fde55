import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { addition, removal } from '../../../core/diff.ts';
import { Database } from '../../../db/database.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { makeAnnotation, makeCategory, makeImage } from './make-records.ts';
import { temporaryProject } from './temporary-project.ts';

function projectWithImages() {
  const database = temporaryProject();
  const folderId = database.addFolder('photos').id;
  const category = makeCategory();
  const images = ['a', 'b', 'heron'].map((name) => makeImage(folderId, { path: `${name}.jpg` }));
  const annotations = images.map(({ id }) => makeAnnotation(id, { categoryId: category.id }));
  database.apply('Add', addition(category, ...images, ...annotations));
  return { database, images, annotations };
}

test('what is read in another thread is what is read here', async () => {
  const { database, images } = projectWithImages();
  const query = { text: 'heron', limit: 10 };
  expect(await database.read('imagePage', query)).toEqual({
    total: 1,
    rows: database.images(query),
  });
  const imageId = images[2]!.id;
  expect(await database.read('imagePlace', { imageId, query: {} })).toBe(2);
  expect(await database.read('counts', null)).toEqual(database.counts());
  expect(await database.read('trainableImages', null)).toBe(database.trainableImages());
  expect(await database.read('stateChanges', null)).toEqual(database.stateChanges());
  expect(await database.read('check', null)).toEqual([]);
});

test('another thread sees what was acknowledged before it is asked', async () => {
  const { database, images, annotations } = projectWithImages();
  const countsOf = async () => (await database.read('counts', null)).categories[0]!.annotations;
  expect(await countsOf()).toBe(3);
  await database.gradually.apply('Remove', removal(...annotations));
  expect(await countsOf()).toBe(0);
  database.undo();
  expect(await countsOf()).toBe(3);
  database.apply('Empty', removal(annotations[0]!, images[0]!));
  expect((await database.read('imagePage', {})).total).toBe(2);
});

test('the check in another thread tells its findings in sentences that can be translated', async () => {
  const { database } = projectWithImages();
  database.close();
  const raw = new Database(database.file, { mustExist: true });
  raw.exec('UPDATE area_count SET annotations = 7');
  raw.close();
  const damaged = openProjectDatabase(database.file);
  const [problem] = await damaged.read('check', null);
  damaged.close();
  expect(problem).toMatchObject({
    code: 'database-corrupt',
    sentence: 'checkAreaCount',
    message: expect.stringContaining('10'),
  });
});

test('closing refuses what is still being read, and leaves one file', async () => {
  const { database } = projectWithImages();
  const refused = expect(database.read('check', null)).rejects.toMatchObject({
    code: 'project-not-open',
  });
  await database.endReads();
  await refused;
  database.close();
  expect(['-wal', '-shm'].filter((suffix) => existsSync(database.file + suffix))).toEqual([]);
});
