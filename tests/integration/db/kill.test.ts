import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { addition } from '../../../core/diff.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { journalPosition } from './journal-position.ts';
import { makeImage } from './make-records.ts';
import { temporaryFolder, temporaryProject } from './temporary-project.ts';

const rounds = 200;
/** An edit takes a few milliseconds: the delay spreads death over every moment of one. */
const longestDelayMs = 8;

type Editor = ChildProcessByStdio<Writable, Readable, null>;

test(`a process killed at ${rounds} random moments loses no acknowledged edit and leaves no half one`, async () => {
  const seed = Math.floor(Math.random() * 1e9);
  console.log(`kill test: seed ${seed}`);
  const project = temporaryProject();
  project.apply('start', addition(makeImage(project.addFolder('photos').id)));
  project.close();

  const cache = temporaryFolder();
  const waiting: Editor[] = [];
  onTestFinished(() => waiting.forEach((editor) => void editor.kill('SIGKILL')));
  const start = (round: number) => waiting.push(startEditor(project.file, seed + round, cache));
  start(0);
  start(1);

  let position = 'start/0';
  let acknowledged = 0;
  for (let round = 0; round < rounds; round++) {
    if (round + 2 < rounds) start(round + 2);
    const said = await killWhileEditing(waiting.shift()!);
    const { reached, next, edits } = whatItSaid(said, position);
    acknowledged += edits;

    const database = openProjectDatabase(project.file);
    position = journalPosition(database);
    expect([reached, next], `seed ${seed}, round ${round}: ${said.slice(-3)}`).toContain(position);
    expect(database.check(), `seed ${seed}, round ${round}`).toEqual([]);
    database.close();
  }
  console.log(`kill test: ${acknowledged} acknowledged edits in ${rounds} rounds, none lost`);
  expect(acknowledged).toBeGreaterThan(rounds);
}, 600_000);

/** Compiled code is kept in `cache`: it halves the time that a process needs to start. */
function startEditor(file: string, seed: number, cache: string): Editor {
  const script = fileURLToPath(new URL('./kill-child.ts', import.meta.url));
  return spawn(process.execPath, [script, file, String(seed)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
  });
}

/**
 * Lets the process open the project and edit, kills it at a random moment, and gives the lines it
 * said.
 */
async function killWhileEditing(editor: Editor): Promise<string[]> {
  // 0 kills it while it opens the project, 1 before its first edit.
  const linesUntilDeath = Math.floor(Math.random() * 20);
  let said = '';
  const closed = once(editor, 'close');
  const lived = new Promise<void>((resolve) => {
    editor.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.split('\n').length > linesUntilDeath) resolve();
    });
    if (linesUntilDeath === 0) resolve();
  });
  editor.stdin.write('go\n');
  await Promise.race([lived, closed]);
  await delay(Math.random() * longestDelayMs);
  editor.kill('SIGKILL');
  await closed;
  return said.split('\n').slice(0, -1);
}

/** The position that the process acknowledged last, and the one that it was about to reach. */
function whatItSaid(said: string[], before: string) {
  let reached = before;
  let next = before;
  let edits = 0;
  for (const line of said) {
    const [word, position] = line.split(' ');
    if (word === 'open') expect(position).toBe(before);
    if (word === 'will') next = position!;
    if (word === 'did') {
      reached = next;
      edits++;
    }
  }
  return { reached, next, edits };
}
