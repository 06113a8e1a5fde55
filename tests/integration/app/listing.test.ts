import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listFolder } from '../../../app/features/files/list-folder.ts';
import { findModel, listModels } from '../../../app/features/models/models.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';
import { writeFakeCatalog } from '../../support/fake-model.ts';
import { asOrdinaryUser } from '../../support/ordinary-user.ts';

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
beforeEach(async () => {
  folders = await makeApplicationFolders();
});
afterEach(() => folders.remove());

describe('listing a folder', () => {
  test('shows what can be chosen: folders first, numbers in their order, nothing hidden', async () => {
    const folder = join(folders.folder, 'listed');
    await mkdir(join(folder, 'sub'), { recursive: true });
    for (const name of ['10.JPG', '9.png', 'a.json', 'p.pixelsail', 'notes.txt', '.hidden.jpg']) {
      await writeFile(join(folder, name), '');
    }
    const listing = await listFolder(folder);
    expect(listing.parent).toBe(dirname(folder));
    expect(listing.entries.map(({ name, kind }) => [name, kind])).toEqual([
      ['sub', 'folder'],
      ['9.png', 'image'],
      ['10.JPG', 'image'],
      ['a.json', 'json'],
      ['p.pixelsail', 'project'],
    ]);
  });

  test('the root has no parent, and null is the home folder', async () => {
    expect((await listFolder('/')).parent).toBeNull();
    expect((await listFolder(null)).folder).toBeTruthy();
  });

  test('a folder that is missing or closed is said so', async () => {
    await expect(listFolder(join(folders.folder, 'none'))).rejects.toMatchObject({
      code: 'not-found',
    });
    await chmod(join(folders.folder, 'photos'), 0o000);
    await expect(
      asOrdinaryUser(() => listFolder(join(folders.folder, 'photos'))),
    ).rejects.toMatchObject({ code: 'permission-denied' });
  });
});

describe('installed models', () => {
  test('folders without a valid manifest are left out, and missing catalogs are empty', async () => {
    const { catalog } = folders.options;
    await mkdir(join(catalog, 'broken'));
    await writeFile(join(catalog, 'broken', 'manifest.json'), '{"id": 3}');
    await mkdir(join(catalog, 'empty'));
    const models = await listModels([catalog, join(folders.folder, 'none')]);
    expect(models.map(({ id }) => id)).toEqual(['fake']);
  });

  test("a package among a person's own never takes the place of a shipped one", async () => {
    const { catalog, home } = folders.options;
    const own = await writeFakeCatalog(join(home, 'models'), '2.0.0');
    const models = await listModels([catalog, own]);
    expect(models).toMatchObject([
      { id: 'fake', version: '1.0.0', directory: join(catalog, 'fake'), canBeDeleted: false },
    ]);
  });

  test('an unknown id names those that are installed', async () => {
    await expect(findModel([folders.options.catalog], 'other')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('Installed are: fake'),
    });
  });
});
