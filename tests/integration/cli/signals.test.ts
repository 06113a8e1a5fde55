import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createProgram } from '../../../cli/program.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import {
  lackingCommands,
  leafCommands,
  makeSamples,
  sampleCalls,
  wordsOf,
} from './sample-commands.ts';
import { commandTimeoutMs, Workplace } from './workplace.ts';

vi.setConfig({ testTimeout: commandTimeoutMs });

const workplace = new Workplace();
const commands = [...leafCommands(createProgram()).keys()];
let names = 0;

const endSignals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const exitCodeOf = (signal: NodeJS.Signals) => 128 + constants.signals[signal];

const photoCount = 300;

beforeAll(async () => {
  await makeSamples(workplace);
  await workplace.drawPhotos(...Array.from({ length: photoCount }, (_, n) => `many/${n}.jpg`));
});
afterEach(() => void vi.unstubAllEnvs());
afterAll(() => workplace.remove());

/** Holds that the project opens, is whole and has what was acknowledged. */
function lookInto<Result>(name: string, look: (annotations: number, images: number) => Result) {
  const database = openProjectDatabase(workplace.path(name, `${name}.pixelsail`));
  try {
    expect(database.check()).toEqual([]);
    return look(database.annotationCount(), database.imageCount());
  } finally {
    database.close();
  }
}

/** 2 seconds on a machine that does nothing else. */
const soonMs = 5000;
const runModels = [
  'annotate',
  'ask',
  'bench',
  'calibrate',
  'compare',
  'describe',
  'doctor',
  'eval',
  'segment',
];

/** While the program starts, and at work; models are loaded later than everything else. */
function momentsOf(name: string, index: number): number[] {
  const early = [100 + 37 * index, 1200];
  return runModels.includes(name) ? [...early, 1800, 2600] : early;
}

/** How long the command went on after it had been told to end; 0 where it had ended before. */
function endedAfterMs(stderr: string): number {
  const at = /^signalled at (\d+)$/m.exec(stderr)?.[1];
  return at === undefined ? 0 : Date.now() - Number(at);
}

test.each(commands.map((name, index) => [name, endSignals[index % 3]!, index] as const))(
  '%s ends on %s, whenever it comes, and leaves the project whole',
  async (name, signal, index) => {
    const call = sampleCalls(workplace, () => workplace.path(`made-${++names}`)).get(name)!;
    vi.stubEnv(
      'NODE_OPTIONS',
      `--import=${pathToFileURL(`${import.meta.dirname}/../../support/signal-itself-child.ts`).href}`,
    );
    for (const afterMs of momentsOf(name, index)) {
      vi.stubEnv('SIGNAL_ITSELF', `${signal}@${afterMs}`);
      const { code, stdout, stderr } = await workplace.run(...wordsOf(name, call));
      const said = `${afterMs} ms: ${stdout}${stderr}`;
      expect(endedAfterMs(stderr), said).toBeLessThan(soonMs);
      // One that has ended before is not to be ended.
      const ended = name === 'serve' ? [] : [lackingCommands.includes(name) ? 3 : 0];
      // A second call finds what the first one has made.
      const isTaken = ['backup', 'convert', 'handout', 'init', 'models add', 'rescue'].includes(
        name,
      )
        ? [3]
        : [];
      expect([exitCodeOf(signal), ...ended, ...isTaken], said).toContain(code);
      expect(said).not.toMatch(/^ +at .+:\d+:\d+\)?$/m);
    }
    lookInto('birds', (annotations, images) =>
      expect([annotations >= 2, images]).toEqual([true, 2]),
    );
  },
);

describe.each(endSignals)('on %s', (signal) => {
  test('a long import keeps the photos that it has', async () => {
    const name = `import-${signal}`;
    await workplace.run('init', name);
    const running = workplace.start(['import', name, 'many']);
    await running.seen('import: ');
    running.child.kill(signal);
    const { code, stderr } = await running.finished;
    expect([code, stderr]).toEqual([exitCodeOf(signal), expect.stringContaining('Stopping')]);
    lookInto(name, (_, images) => expect(images).toBeLessThan(photoCount));
  });

  test('annotating keeps the images that are done', async () => {
    const name = `annotate-${signal}`;
    await workplace.run('init', name);
    await workplace.run('import', name, 'photos');
    const running = workplace.start(['annotate', name, '--everything', '--grid', '12']);
    await running.seen('annotate with');
    running.child.kill(signal);
    const { code, stderr } = await running.finished;
    expect([code, stderr]).toEqual([exitCodeOf(signal), expect.stringContaining('Stopping')]);
    lookInto(name, () => undefined);
  });

  test('work that does not stop by itself is ended, even while a thread waits', async () => {
    const child = spawn(process.execPath, [
      `${import.meta.dirname}/../../support/never-stopping-child.ts`,
      workplace.path(`pipe-${signal}`),
    ]);
    await new Promise((resolve) => child.stderr.once('data', resolve));
    child.kill(signal);
    expect(await new Promise((resolve) => child.once('exit', (_, by) => resolve(by)))).toBe(signal);
  });
});

test('a browser host ends on SIGTERM and lets go of its project', async () => {
  const running = workplace.start(['serve', 'birds']);
  await new Promise((resolve) => running.child.stdout!.once('data', resolve));
  running.child.kill('SIGTERM');
  expect((await running.finished).code).toBe(143);
});
