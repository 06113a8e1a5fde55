import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../../core/seeded-random.ts';
import { createProjectDatabase, openProjectDatabase } from '../../../db/project-database.ts';
import { ApplicationUnderTest } from '../application-under-test.ts';
import { drawPhoto } from '../draw-photo.ts';
import { valueOf } from '../project-walk.ts';
import { operate, roundFiles, type Operation, type RoundFiles } from './operations.ts';

export interface KillResult {
  readonly operation: Operation;
  readonly rounds: number;
  /** Rounds in which the process had finished before it was killed. */
  readonly finished: number;
  readonly losses: readonly string[];
}

const oldestProject = fileURLToPath(
  new URL('../../fixtures/projects/version-10.pixelsail', import.meta.url),
);
const photoCount = 40;
const oldestCounts = { images: 4, annotations: 2 };
const baseAnnotations = 400;
const importedAnnotations = 4000;

/**
 * Kills a process in each operation at random moments; says what was lost, damaged or left half
 * done.
 */
export async function killRounds(
  operations: readonly Operation[],
  rounds: number,
  seed: number,
): Promise<KillResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pixel-sail-kill-'));
  const application = await ApplicationUnderTest.make();
  const random = seededRandom(seed);
  try {
    await prepare(folder, application);
    const results: KillResult[] = [];
    for (const operation of operations) {
      results.push(await killInOperation(operation, rounds, { folder, application, random }));
    }
    return results;
  } finally {
    await application.application.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Setting {
  readonly folder: string;
  readonly application: ApplicationUnderTest;
  readonly random: () => number;
}

async function killInOperation(
  operation: Operation,
  rounds: number,
  { folder, application, random }: Setting,
): Promise<KillResult> {
  const losses: string[] = [];
  let finished = 0;
  const whole = await round(operation, folder, application, Infinity);
  losses.push(...whole.losses);
  for (let index = 0; index < rounds; index++) {
    const moment = random() * whole.tookMs * 1.1;
    const { hasFinished, losses: found } = await round(operation, folder, application, moment);
    if (hasFinished) finished++;
    losses.push(...found.map((loss) => `killed after ${Math.round(moment)} ms: ${loss}`));
  }
  return { operation, rounds, finished, losses };
}

async function round(
  operation: Operation,
  folder: string,
  application: ApplicationUnderTest,
  killAfterMs: number,
): Promise<{ hasFinished: boolean; tookMs: number; losses: string[] }> {
  const files = roundFiles(join(folder, 'round'));
  rmSync(files.folder, { recursive: true, force: true });
  mkdirSync(files.folder);
  const source = operation === 'migration' ? 'old' : operation === 'undo' ? 'imported' : 'base';
  copyFileSync(join(folder, source, 'p.pixelsail'), files.project);
  if (operation === 'export')
    writeFileSync(files.exported, readFileSync(join(folder, 'earlier.json')));
  const { hasFinished, tookMs } = await killDuring(operation, files, killAfterMs);
  const losses = await findLosses(operation, files, application, hasFinished).catch(
    (thrown: unknown) => [`not opened again: ${String(thrown)}`],
  );
  return { hasFinished, tookMs, losses };
}

async function killDuring(operation: Operation, files: RoundFiles, killAfterMs: number) {
  const script = fileURLToPath(new URL('./operation-child.ts', import.meta.url));
  const child = spawn(process.execPath, [script, operation, files.folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const closed = once(child, 'close');
  const began = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      resolve();
    });
  });
  await Promise.race([began, closed]);
  const startedMs = performance.now();
  if (killAfterMs < Infinity) {
    await Promise.race([delay(killAfterMs), closed]);
    child.kill('SIGKILL');
  }
  await closed;
  return { hasFinished: said.includes('done'), tookMs: performance.now() - startedMs };
}

/** Opens what the killed process left and compares it with what must be there. */
async function findLosses(
  operation: Operation,
  files: RoundFiles,
  application: ApplicationUnderTest,
  hasFinished: boolean,
): Promise<string[]> {
  const losses: string[] = [];
  const database = openProjectDatabase(files.project);
  losses.push(...database.check().map(({ message }) => `check: ${message}`));
  const count = database.annotationCount();
  const images = database.imageCount();
  const expectedImages = operation === 'migration' ? oldestCounts.images : photoCount;
  if (images !== expectedImages) losses.push(`${images} images instead of ${expectedImages}`);
  const [least, most] = expectedCounts(operation);
  if (count < least || count > most) losses.push(`${count} annotations, not ${least} to ${most}`);
  if (hasFinished && operation !== 'undo' && count !== most) {
    losses.push(`said to be done with ${count} of ${most} annotations`);
  }
  if (operation === 'undo' && count !== least && count !== most) {
    losses.push(`half an undo: ${count} annotations`);
  }
  if (operation === 'import' && count > baseAnnotations) {
    database.undo();
    const left = database.annotationCount();
    if (left !== baseAnnotations) losses.push(`one undo of the import left ${left} annotations`);
  }
  database.close();
  if (operation === 'export') losses.push(...findExportLoss(files));
  if (operation === 'backup') losses.push(...(await findBackupLosses(files, application)));
  // An interrupted operation can be repeated.
  try {
    await operate(operation, application, files);
  } catch (thrown) {
    losses.push(`not possible again: ${(thrown as Error).message}`);
  }
  return losses;
}

function expectedCounts(operation: Operation): [number, number] {
  switch (operation) {
    case 'import':
      return [baseAnnotations, baseAnnotations + importedAnnotations];
    case 'annotate':
      return [baseAnnotations, baseAnnotations + photoCount];
    case 'undo':
      return [baseAnnotations, baseAnnotations + importedAnnotations];
    case 'migration':
      return [oldestCounts.annotations, oldestCounts.annotations];
    default:
      return [baseAnnotations, baseAnnotations];
  }
}

function findExportLoss({ exported }: RoundFiles): string[] {
  if (!existsSync(exported)) return ['the earlier export is gone'];
  try {
    JSON.parse(readFileSync(exported, 'utf8'));
    return [];
  } catch {
    return ['the export is half a file'];
  }
}

async function findBackupLosses(
  { project }: RoundFiles,
  application: ApplicationUnderTest,
): Promise<string[]> {
  const listed = valueOf(await application.call('project.backups', { file: project }));
  return (listed as { file: string }[]).flatMap(({ file }) => {
    try {
      const backup = openProjectDatabase(file);
      const problems = backup.check().map(({ message }) => `backup: ${message}`);
      if (backup.annotationCount() !== baseAnnotations) problems.push('a backup lacks annotations');
      backup.close();
      return problems;
    } catch (thrown) {
      return [`a listed backup cannot be opened: ${(thrown as Error).message}`];
    }
  });
}

/**
 * The photos, a project with annotations, the same with an import on top, one of the oldest
 * format, and COCO files.
 */
async function prepare(folder: string, application: ApplicationUnderTest): Promise<void> {
  const photos = join(folder, 'photos');
  for (const name of ['photos', 'base', 'imported', 'old']) mkdirSync(join(folder, name));
  for (let index = 0; index < photoCount; index++) {
    writeFileSync(join(photos, photoName(index)), await drawPhoto('jpeg', index));
  }
  writeFileSync(join(folder, 'less.json'), JSON.stringify(makeDataset(baseAnnotations, 0)));
  writeFileSync(join(folder, 'more.json'), JSON.stringify(makeDataset(importedAnnotations, 1)));
  const base = join(folder, 'base', 'p.pixelsail');
  createProjectDatabase(base, 'Base').close();
  const call = async (...[method, input]: Parameters<ApplicationUnderTest['call']>) =>
    valueOf(await application.call(method, input));
  await call('project.open', { file: base });
  await call('dataset.import', { path: join(folder, 'less.json'), images: photos });
  await call('dataset.export', { path: join(folder, 'earlier.json'), format: 'coco' });
  await call('project.close', null);
  const imported = join(folder, 'imported', 'p.pixelsail');
  copyFileSync(base, imported);
  await call('project.open', { file: imported });
  await call('dataset.import', { path: join(folder, 'more.json'), images: photos });
  await call('project.close', null);
  copyFileSync(oldestProject, join(folder, 'old', 'p.pixelsail'));
}

function photoName(index: number): string {
  return `photo-${String(index).padStart(3, '0')}.jpg`;
}

function makeDataset(annotations: number, offset: number): object {
  return {
    images: Array.from({ length: photoCount }, (_, index) => ({
      id: index + 1,
      file_name: photoName(index),
      width: 64,
      height: 48,
    })),
    categories: [
      { id: 1, name: 'cat' },
      { id: 2, name: 'dog' },
    ],
    annotations: Array.from({ length: annotations }, (_, index) => {
      const [x, y] = [offset + (index % 40), offset + (Math.floor(index / photoCount) % 30)];
      const [w, h] = [5 + (index % 11), 5 + (index % 13) / 2];
      return {
        id: index + 1,
        image_id: (index % photoCount) + 1,
        category_id: (index % 2) + 1,
        bbox: [x, y, w, h],
        segmentation: [[x, y, x + w, y, x + w, y + h, x + offset / 2, y + h]],
        area: w * h,
        iscrowd: 0,
      };
    }),
  };
}
