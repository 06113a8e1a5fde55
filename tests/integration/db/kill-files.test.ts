import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { addition } from '../../../core/diff.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { makeAnnotation, makeImage } from './make-records.ts';
import { temporaryFolder, temporaryProject } from './temporary-project.ts';

const rounds = Number(process.env.KILL_ROUNDS ?? 20);

/**
 * Lets a process make files and kills it in the middle of one; the numbers of those that it said
 * are made.
 */
async function killWhileMaking(kind: string, folder: string, project: string): Promise<number[]> {
  const script = fileURLToPath(new URL('./kill-files-child.ts', import.meta.url));
  const child = spawn(process.execPath, [script, kind, folder, project], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  const closed = once(child, 'close');
  const lines = 1 + Math.ceil(Math.random() * 4);
  await new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.split('\n').length > lines) resolve();
    });
    void closed.then(() => resolve());
  });
  await delay(Math.random() * 40);
  child.kill('SIGKILL');
  await closed;
  return said.split('\n').slice(1, -1).map(Number);
}

/** A project with some records in it, closed. */
function madeProject(): string {
  const project = temporaryProject();
  const image = makeImage(project.addFolder('photos').id);
  const annotations = Array.from({ length: 200 }, () => makeAnnotation(image.id));
  project.apply('Add', addition(image, ...annotations));
  project.close();
  return project.file;
}

/** Every whole name in the folder is a sound project with so many annotations. */
function expectSoundProjects(folder: string, annotations: number): void {
  for (const name of readdirSync(folder).filter((name) => name.endsWith('.pixelsail'))) {
    const database = openProjectDatabase(join(folder, name));
    expect([name, database.annotationCount(), database.check()]).toEqual([name, annotations, []]);
    database.close();
  }
}

async function killOften(kind: string, project: string, annotations: number): Promise<void> {
  const parent = temporaryFolder();
  let made = 0;
  for (let round = 0; round < rounds; round++) {
    const folder = join(parent, String(round));
    mkdirSync(folder);
    const numbers = await killWhileMaking(kind, folder, project);
    for (const number of numbers) {
      expect(existsSync(join(folder, `${number}.pixelsail`)), `${round}: ${number}`).toBe(true);
    }
    expectSoundProjects(folder, annotations);
    made += numbers.length;
  }
  console.log(`kill test, ${kind}: ${made} files in ${rounds} rounds, all sound`);
  expect(made).toBeGreaterThan(rounds / 2);
}

test('a process killed while it makes projects leaves whole ones only', async () => {
  await killOften('create', '', 0);
}, 300_000);

test('a process killed while it makes backups leaves whole ones only', async () => {
  await killOften('backup', madeProject(), 200);
}, 300_000);

test('a process killed while it brings projects to the newest format loses nothing', async () => {
  const project = join(temporaryFolder(), 'old.pixelsail');
  copyFileSync(new URL('../../fixtures/projects/version-10.pixelsail', import.meta.url), project);
  const old = new Sqlite(project);
  const annotations = old.prepare('SELECT count(*) FROM annotation').pluck().get() as number;
  old.close();
  await killOften('migrate', project, annotations);
}, 300_000);
