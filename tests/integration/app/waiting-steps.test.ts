import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApplication, type Application } from '../../../app/application.ts';
import { StepOrder } from '../../../app/features/journal/step-order.ts';
import { addition } from '../../../core/diff.ts';
import type { RescuedProject } from '../../../app/api/contract/project.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';
import { makeCategory } from '../../support/test-editor.ts';

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let application: Application;
let handlers: Application['handlers'];

beforeEach(async () => {
  folders = await makeApplicationFolders();
  application = createApplication(folders.options, () => undefined);
  ({ handlers } = application);
});

afterEach(async () => {
  await application.close();
  await folders.remove();
});

const create = (name: string) => handlers['project.create']({ folder: folders.folder, name });

async function add(...names: string[]) {
  const diff = addition(...names.map((name) => makeCategory(name)));
  return handlers['journal.apply']({ label: 'Add', diff });
}

const many = (word: string) => Array.from({ length: 5000 }, (_, index) => `${word} ${index}`);

async function namesIn(file: string): Promise<string[]> {
  const database = openProjectDatabase(file);
  try {
    return database.categories().map(({ name }) => name);
  } finally {
    await database.endReads();
    database.close();
  }
}

test('steps that wait while another project is opened are taken in their own project', async () => {
  const other = await create('Other');
  await add('dog');
  const { file } = await create('Own');
  await add('cat');
  const waiting = [add(...many('bird')), add(...many('fish')), add('cow')];
  const opened = handlers['project.open']({ file: other.file });
  await Promise.all(waiting);
  expect((await opened).file).toBe(other.file);
  expect(await handlers['categories.list'](null)).toMatchObject([{ name: 'dog' }]);
  await handlers['project.close'](null);
  expect((await namesIn(file)).length).toBe(10_002);
});

test('steps that wait while the project is saved elsewhere are in the saved one', async () => {
  await create('Own');
  const waiting = [add(...many('bird')), add(...many('fish'))];
  const target = join(folders.folder, 'Saved.pixelsail');
  const saved = handlers['project.saveAs']({ file: target });
  waiting.push(add('cow'));
  await Promise.all(waiting);
  expect((await saved).file).toBe(target);
  expect((await handlers['categories.list'](null)).length).toBe(10_001);
});

test('a step that is asked for while another project is being opened is refused', async () => {
  const steps = new StepOrder();
  const gate = Promise.withResolvers<null>();
  const opened = steps.inTurn(async () => {
    await gate.promise;
    steps.noteChange();
  });
  const undone = steps.take(() => Promise.resolve('undone'));
  gate.resolve(null);
  await expect(undone).rejects.toMatchObject({ code: 'conflict', sentence: 'stepOfOtherProject' });
  await opened;
  expect(await steps.take(() => Promise.resolve('undone'))).toBe('undone');
});

test('a project is rescued while the open one is worked on', async () => {
  const { file } = await create('Large');
  await add(...many('bird'));
  await create('Own');
  const order: string[] = [];
  const rescued = Promise.resolve(handlers['project.rescue']({ file })).finally(() =>
    order.push('rescued'),
  );
  for (const name of ['cat', 'dog', 'cow']) {
    await add(name);
    order.push(name);
  }
  const { file: target, report } = (await rescued) as RescuedProject;
  expect(order).toEqual(['cat', 'dog', 'cow', 'rescued']);
  expect(report).toMatchObject({ categories: 5000, skipped: [] });
  expect(await handlers['categories.list'](null)).toHaveLength(3);
  expect(await handlers['project.open']({ file: target })).toMatchObject({ name: 'Large rescued' });
});
