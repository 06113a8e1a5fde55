import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { migrations } from '../../../db/migrate.ts';
import { openProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import { temporaryFolder } from './temporary-project.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/projects', import.meta.url));
const files = readdirSync(fixtures).filter((name) => name.endsWith('.pixelsail'));

function openCopy(name: string): ProjectDatabase {
  const file = join(temporaryFolder(), name);
  copyFileSync(join(fixtures, name), file);
  const database = openProjectDatabase(file);
  onTestFinished(() => database.close());
  return database;
}

test('there is a project of every format that was released before the newest', () => {
  const versions = migrations.map(({ version }) => version).filter((version) => version <= 20);
  expect(files).toEqual(versions.map((version) => `version-${version}.pixelsail`));
});

describe.each(files)('%s', (name) => {
  test('opens with all of its records', () => {
    const database = openCopy(name);
    expect(database.check()).toEqual([]);
    expect(database.categories().map(({ name: category }) => category)).toEqual([
      'animal',
      'cat',
      'dog',
    ]);
    expect(database.images().map(({ path }) => path)).toEqual([
      'photo-1.jpg',
      'photo-2.jpg',
      'photo-3.jpg',
      'photo-4.jpg',
    ]);
    const [mask, box] = database.annotations('image-1');
    expect(mask).toMatchObject({
      id: 'annotation-1',
      geometry: { kind: 'mask', rle: { size: [48, 64], counts: 'T3:V1:VN' } },
      attributes: { occluded: true, colour: 'grey' },
      extra: { score: 0.5 },
    });
    expect(box).toMatchObject({
      id: 'annotation-2',
      geometry: { kind: 'box', box: [1, 1, 10, 10] },
    });
    expect(database.annotations('image-3')).toEqual([]);
  });

  test('finds its words', () => {
    const database = openCopy(name);
    const found = (text: string) => database.images({ text }).map(({ id }) => id);
    expect(found('caption of the photo')).toEqual(['image-1']);
    expect(found('darker ground')).toEqual(['image-1']);
  });

  test('undoes its whole history and does it again', () => {
    const database = openCopy(name);
    const steps = database.history({ limit: 100 });
    const labels = steps.map(({ label }) => label);
    expect(steps.filter(({ done }) => done)).toHaveLength(6);
    while (database.undo());
    expect(database.imageCount()).toBe(0);
    expect(database.annotationCount()).toBe(0);
    expect(database.categories()).toEqual([]);
    while (database.redo());
    expect(database.check()).toEqual([]);
    expect(database.history({ limit: 100 }).map(({ label }) => label)).toEqual(labels);
    expect(database.images({ text: 'light grey square' }).map(({ id }) => id)).toEqual(['image-1']);
    expect(database.image('image-3')?.state).toBe('reviewed-empty');
  });
});
