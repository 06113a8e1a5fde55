import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApplication, type Application } from '../../../app/application.ts';
import { addition, removal } from '../../../core/diff.ts';
import { newId } from '../../../core/ids.ts';
import type { Category } from '../../../core/records.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let application: Application;

beforeEach(async () => {
  folders = await makeApplicationFolders();
  application = createApplication(folders.options, () => undefined);
  await application.handlers['project.create']({ folder: folders.folder, name: 'Changes' });
});

afterEach(async () => {
  await application.close();
  await folders.remove();
});

test('a change is acknowledged without being sent back; undoing it says what it did', async () => {
  const category: Category = {
    kind: 'category',
    id: newId(),
    name: 'cat',
    parentId: null,
    color: '#336699',
    attributes: [],
    extra: {},
  };
  const change = { label: 'Add category', diff: addition(category) };
  const taken = { stepId: expect.any(Number), label: 'Add category' };
  expect(await application.handlers['journal.apply'](change)).toEqual({
    ...taken,
    canUndo: true,
    canRedo: false,
  });
  expect(await application.handlers['journal.undo'](null)).toEqual({
    ...taken,
    diff: removal(category),
    canUndo: false,
    canRedo: true,
  });
});
