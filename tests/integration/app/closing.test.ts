import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApplication } from '../../../app/application.ts';
import { addition } from '../../../core/diff.ts';
import { newId } from '../../../core/ids.ts';
import type { Category } from '../../../core/records.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;

beforeEach(async () => {
  folders = await makeApplicationFolders();
});

afterEach(() => folders.remove());

function categories(count: number): Category[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: 'category',
    id: newId(),
    name: `category ${index}`,
    parentId: null,
    color: '#336699',
    attributes: [],
    extra: {},
  }));
}

test('closing commits a large change that is under way and answers its caller', async () => {
  const application = createApplication(folders.options, () => undefined);
  const { file } = await application.handlers['project.create']({
    folder: folders.folder,
    name: 'Large',
  });
  const change = application.handlers['journal.apply']({
    label: 'Add categories',
    diff: addition(...categories(5000)),
  });
  await Promise.all([
    expect(change).resolves.toMatchObject({ canUndo: true }),
    application.close(),
  ]);
  const database = openProjectDatabase(file);
  expect(database.categories()).toHaveLength(5000);
  database.close();
});
