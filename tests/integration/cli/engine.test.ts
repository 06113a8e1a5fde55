import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { BatchReport } from '../../../app/api/contract/jobs.ts';
import { JobStore } from '../../../app/jobs/job-store.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { hasProcesses, listProcesses } from '../../support/processes.ts';
import { commandTimeoutMs, Workplace, type Running } from './workplace.ts';

vi.setConfig({ testTimeout: commandTimeoutMs });

const workplace = new Workplace();
const photoCount = 30;

beforeAll(async () => {
  await workplace.convertModel();
  await workplace.drawPhotos(...Array.from({ length: photoCount }, (_, n) => `photos/${n}.jpg`));
});
afterAll(() => workplace.remove());

async function makeProject(name: string): Promise<void> {
  await workplace.run('init', name);
  await workplace.run('import', name, 'photos');
}

/** The engine process of a running command, once it is there. */
function engineOf({ child }: Running): Promise<number> {
  return vi.waitFor(
    () => {
      const engine = listProcesses().find(
        ({ parent, command }) => parent === child.pid && command.includes('engine.ts'),
      );
      expect(engine).toBeDefined();
      return engine!.pid;
    },
    { timeout: commandTimeoutMs, interval: 20 },
  );
}

function waitForEnd(pid: number): Promise<void> {
  return vi.waitFor(() => expect(listProcesses().map((one) => one.pid)).not.toContain(pid), {
    timeout: 30_000,
  });
}

/** Slow enough that something can happen to the engine meanwhile. */
const everything = ['--everything', '--grid', '12'];

describe.runIf(hasProcesses)('the engine process of the command line', () => {
  test('is started again when it is killed, and what was asked of it is asked again', async () => {
    await makeProject('killed');
    const running = workplace.start(['annotate', 'killed', ...everything, '--json']);
    await running.seen('annotate with');
    process.kill(await engineOf(running), 'SIGKILL');
    const { code, stdout, stderr } = await running.finished;
    expect([code, stderr]).toEqual([0, expect.stringContaining('The engine stopped (SIGKILL)')]);
    const report = JSON.parse(stdout) as BatchReport;
    expect(report).toMatchObject({ isComplete: true, images: photoCount, failed: [] });
  });

  test('keeps nobody from stopping annotate, whatever it computes', async () => {
    await makeProject('stopped');
    const running = workplace.start(['annotate', 'stopped', ...everything]);
    await running.seen('annotate with');
    const engine = await engineOf(running);
    process.kill(engine, 'SIGSTOP');
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.finished;
    expect(code).toBe(130);
    expect(stderr).toContain('To continue, run the same command again');
    const images = Number(/Annotated (\d+) image/.exec(stdout)![1]);
    expect(images).toBeLessThan(photoCount);
    await waitForEnd(engine);
    const project = openProjectDatabase(workplace.path('stopped', 'stopped.pixelsail'));
    expect(project.check()).toEqual([]);
    expect(project.annotationCount() > 0).toBe(images > 0);
    project.close();
  });

  test('keeps nobody from stopping a command while it loads the model', async () => {
    await makeProject('loading');
    const running = workplace.start(['annotate', 'loading', ...everything]);
    const engine = await engineOf(running);
    process.kill(engine, 'SIGSTOP');
    running.child.kill('SIGINT');
    const { code, stderr } = await running.finished;
    expect([code, stderr]).toEqual([130, expect.stringContaining('cancelled')]);
    await waitForEnd(engine);
  });

  test('ends with a command that is killed', async () => {
    await makeProject('ended');
    const running = workplace.start(['annotate', 'ended', ...everything]);
    await running.seen('annotate with');
    const engine = await engineOf(running);
    running.child.kill('SIGKILL');
    await waitForEnd(engine);
  });

  test.each([
    ['annotate', 'detector', 'annotate', 'resumed-a', '--detector', 'tiny'],
    ['score', 'model', 'score', '--project', 'resumed-s', '--task', 'detection', '--model', 'tiny'],
  ])(
    'a killed %s leaves a job that names the same model in any folder',
    async (kind, field, ...words) => {
      await makeProject(`resumed-${kind[0]!}`);
      const running = workplace.start(words);
      const engine = await engineOf(running);
      process.kill(engine, 'SIGSTOP');
      running.child.kill('SIGKILL');
      process.kill(engine, 'SIGKILL');
      await running.finished;
      const jobs = await new JobStore(workplace.home).interrupted();
      expect(JSON.stringify(jobs.findLast((job) => job.kind === kind)!.input)).toContain(
        `"${field}":${JSON.stringify(workplace.path('tiny'))}`,
      );
    },
  );
});
