import { execFileSync } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createProgram } from '../../../cli/program.ts';
import { exitCodes } from '../../../cli/exit-codes.ts';
import { runHere } from './run-here.ts';
import {
  isPath,
  lackingCommands,
  leafCommands,
  makeSamples,
  sampleCalls,
  wordsOf,
} from './sample-commands.ts';
import { commandTimeoutMs, Workplace } from './workplace.ts';

vi.setConfig({ testTimeout: commandTimeoutMs });

const workplace = new Workplace();
const folderBefore = process.cwd();
let names = 0;
const samples = sampleCalls(workplace, () => workplace.path(`made-${++names}`));
const commands = leafCommands(createProgram());

beforeAll(async () => {
  vi.stubEnv('PIXELSAIL_HOME', workplace.home);
  vi.stubEnv('PIXELSAIL_MODEL', workplace.model);
  vi.stubEnv('PIXELSAIL_PYTHON', workplace.path('no python'));
  process.chdir(workplace.folder);
  await makeSamples(workplace);
  execFileSync('mkfifo', [workplace.path('pipe')]);
  await symlink('circle', workplace.path('circle'));
  await mkdir(workplace.path('empty'));
  await workplace.writeBroken('deep.json', `{"images": ${'['.repeat(5000)}${']'.repeat(5000)}}`);
  await workplace.writeBroken('cut.json', '{"images": [{"id": 1');
  await workplace.writeBroken('zeros', new Uint8Array(3000));
});
afterAll(() => {
  process.chdir(folderBefore);
  workplace.remove();
});

const paths = [
  '',
  'x'.repeat(300),
  `${'long/'.repeat(1000)}end`,
  'a\0b',
  '\ud800',
  'circle',
  'pipe',
  'empty',
  'deep.json',
  'cut.json',
  'zeros',
  '/dev/zero',
  '/dev/full',
  '/proc/self/mem',
  '/proc/none/x',
];
const values = [
  '',
  ' ',
  '-1',
  '0',
  '1e999',
  '1e308',
  '1000000000',
  'NaN',
  '1,2',
  '1e308,1e308,1e308,1e308',
  '0,0,0,0,0',
  'a\0b',
  '\ud800',
  '\u202e../../x',
  'x'.repeat(300),
  ',,,',
];

/**
 * Five of the values for each parameter, taken in turn, so that over all commands each meets every
 * kind of parameter.
 */
let taken = 0;
const someOf = (all: readonly string[]) =>
  Array.from({ length: 5 }, () => all[taken++ % all.length]!);

test('every command of the program has a sample call, and nothing else has', () => {
  expect([...samples.keys()].sort()).toEqual([...commands.keys()].sort());
});

// `serve` does not end by itself: what it refuses is in its own test.
describe.each([...commands].filter(([name]) => name !== 'serve'))('%s', (name, command) => {
  const sample = () => sampleCalls(workplace, () => workplace.path(`made-${++names}`)).get(name)!;

  test('does what its sample call asks', async () => {
    const { code, stderr } = await runHere(...wordsOf(name, sample()));
    // A machine may lack a device.
    const expected = lackingCommands.includes(name) ? exitCodes.badInput : exitCodes.done;
    expect(code, stderr).toBe(expected);
  });

  const calls: [string, () => string[]][] = [];
  for (const [index, argument] of command.registeredArguments.entries()) {
    for (const value of someOf(isPath(argument) ? paths : values)) {
      calls.push([
        `<${argument.name()}> ${JSON.stringify(value.slice(0, 40))}`,
        () => {
          const call = sample();
          return wordsOf(name, { ...call, arguments: call.arguments.with(index, value) });
        },
      ]);
    }
  }
  for (const option of command.options) {
    if (option.isBoolean() || option.long === '--json') continue;
    for (const value of someOf(isPath(option) ? paths : values)) {
      calls.push([
        `${option.long} ${JSON.stringify(value.slice(0, 40))}`,
        () => [...wordsOf(name, sample()), option.long!, value],
      ]);
    }
  }

  test.runIf(calls.length > 0)(
    'answers whatever it is given with a documented exit code and words',
    async () => {
      for (const [title, words] of calls) {
        const { code, stdout, stderr } = await runHere(...words());
        const said = `${title}\n${stdout}${stderr}`;
        expect(Object.values(exitCodes), said).toContain(code);
        expect(code, said).not.toBe(exitCodes.internal);
        expect(said, said).not.toMatch(/^ +at .+:\d+:\d+\)?$/m);
        if (code !== exitCodes.done) expect(stderr, said).not.toBe('');
      }
    },
  );
});
