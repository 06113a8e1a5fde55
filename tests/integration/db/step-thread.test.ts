import { join } from 'node:path';
import { onTestFinished, expect, test } from 'vitest';
import { addition } from '../../../core/diff.ts';
import { createProjectDatabase } from '../../../db/project-database.ts';
import { Database } from '../../../db/database.ts';
import { StepThread, type TakenStep } from '../../../db/step-thread-client.ts';
import { makeImage } from './make-records.ts';
import { temporaryFolder } from './temporary-project.ts';

const dying = new URL('dying-step-thread.ts', import.meta.url);

function projectWithStep() {
  const file = join(temporaryFolder(), 'test.pixelsail');
  const project = createProjectDatabase(file, 'Test');
  project.apply('Add', addition(makeImage(project.addFolder('photos').id)));
  project.close();
  const database = new Database(file, { mustExist: true });
  onTestFinished(() => database.close());
  const countSteps = () =>
    database.get<{ count: number }>('SELECT count(*) AS count FROM journal_step')!.count;
  const undo = (thread: StepThread) => {
    const { promise, resolve, reject } = Promise.withResolvers<TakenStep>();
    const taker = { window: null, person: null, others: [] };
    const work = { kind: 'take' as const, to: 'undo' as const, taker, recordsTold: 10 };
    const about = { signal: undefined, watcher: null, isFree: () => database.isFree() };
    database.enqueue(thread.work({ file, work, ...about }, resolve, reject));
    return promise;
  };
  return { database, countSteps, undo };
}

test('a step whose thread dies changes nothing and says so, and the next one is taken', async () => {
  const { countSteps, undo } = projectWithStep();
  const thread = new StepThread(dying);
  await expect(undo(thread)).rejects.toThrow('no memory left');
  await expect(undo(thread)).rejects.toThrow('no memory left');
  await thread.end();
  expect(countSteps()).toBe(1);
  const whole = new StepThread();
  expect((await undo(whole)).step?.label).toBe('Add');
  await whole.end();
});

test('a write that waits for a step whose thread dies goes on', async () => {
  const { database, countSteps, undo } = projectWithStep();
  const thread = new StepThread(dying, 1);
  const undone = undo(thread);
  database.run("UPDATE project SET name = 'Written'");
  await expect(undone).rejects.toMatchObject({ code: 'internal', sentence: 'threadEnded' });
  await thread.end();
  expect([countSteps(), database.get('SELECT name FROM project')]).toEqual([
    1,
    { name: 'Written' },
  ]);
});

test('a thread that cannot be started fails its step only', async () => {
  const { countSteps, undo } = projectWithStep();
  await expect(
    undo(new StepThread(new URL('no-such-thread.ts', import.meta.url))),
  ).rejects.toThrow();
  await expect(undo(new StepThread(new URL('https://no-file')))).rejects.toThrow();
  expect(countSteps()).toBe(1);
});
