import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createApplication, type Application } from '../../../app/application.ts';
import { ReaderThread } from '../../../db/reader-thread-client.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let application: Application;
beforeEach(async () => {
  folders = await makeApplicationFolders();
  application = createApplication(folders.options, () => undefined);
  await application.handlers['project.create']({ folder: folders.folder, name: 'Test' });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await application.close();
  await folders.remove();
});

test('a list that an index gives is read at once; one that is searched for, in a thread of its own', async () => {
  const elsewhere = vi.spyOn(ReaderThread.prototype, 'read');
  const page = { offset: 0, limit: 5 };
  await application.handlers['images.list']({ ...page, states: ['done'], order: 'added' });
  expect(elsewhere).not.toHaveBeenCalled();
  await application.handlers['images.list']({ ...page, text: 'boat' });
  expect(elsewhere).toHaveBeenCalledOnce();
});
