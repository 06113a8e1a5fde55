import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { TrainingReport } from '../../../app/api/contract/jobs.ts';
import { writeLabelledImages } from '../../../app/features/finetune/labelled-images.ts';
import { trainingPython } from '../../../app/features/finetune/python-environment.ts';
import { replacement } from '../../../core/diff.ts';
import { encodeRle } from '../../../core/geometry/rle.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { commandTimeoutMs, Workplace } from './workplace.ts';

vi.setConfig({ testTimeout: 2 * commandTimeoutMs });

const workplace = new Workplace();
beforeAll(() => workplace.convertModel());
afterAll(() => workplace.remove());
afterEach(() => {
  vi.unstubAllEnvs();
});

interface Failure {
  readonly error: { readonly code: string; readonly message: string };
}
interface Written {
  readonly images: { id: number; file_name: string; split: string }[];
  readonly annotations: { image_id: number; box_only?: boolean }[];
}

const python = process.env['PIXELSAIL_PYTHON'];
const canTrain =
  python !== undefined &&
  spawnSync(python, ['-c', 'import torch, cv2, pycocotools, tokenizers']).status === 0;
/** The Python of a new environment. */
const noPython =
  spawnSync('python3', ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 11))']).status !==
  0;
if (!canTrain)
  console.log('Skipped: PIXELSAIL_PYTHON names no Python with torch to fine-tune with.');

/** A project of drawn photos, each with its square as a mask, the last one as a box. */
async function makeProject(name: string, photos: number): Promise<string> {
  const files = Array.from({ length: photos }, (_, index) => `${name}-photos/${index}.jpg`);
  await workplace.drawPhotos(...files);
  const mask = new Uint8Array(64 * 48);
  for (let y = 12; y < 36; y++) mask.fill(1, 64 * y + 16, 64 * y + 40);
  const rle = encodeRle({ width: 64, height: 48, data: mask });
  const coco = {
    images: files.map((file, id) => ({
      ...{ id: id + 1, file_name: file.split('/')[1]!, width: 64, height: 48 },
    })),
    categories: [{ id: 1, name: 'square' }],
    annotations: files.map((_, id) => ({
      ...{ id: id + 1, image_id: id + 1, category_id: 1, bbox: [16, 12, 24, 24], area: 576 },
      ...(id === photos - 1 ? { box_only: true, segmentation: [] } : { segmentation: rle }),
      iscrowd: 0,
    })),
  };
  await writeFile(workplace.path(`${name}.json`), JSON.stringify(coco));
  await workplace.run('init', name);
  await workplace.run('import', name, `${name}.json`, '--images', `${name}-photos`);
  return workplace.path(name, `${name}.pixelsail`);
}

async function writeLabels(file: string, folder: string): Promise<Written> {
  await mkdir(folder, { recursive: true });
  const database = openProjectDatabase(file);
  const job = { jobId: 'test', signal: new AbortController().signal, progress: () => undefined };
  try {
    const { file: written } = await writeLabelledImages(database, folder, job);
    return JSON.parse(await readFile(written, 'utf8')) as Written;
  } finally {
    database.close();
  }
}

describe('the labels that are learnt from', () => {
  test('are masks, with paths of photos and a seventh of the images held out', async () => {
    const file = await makeProject('labels', 14);
    const { images, annotations } = await writeLabels(file, workplace.path('work'));
    expect(images.every(({ file_name: path }) => existsSync(path))).toBe(true);
    expect([images.length, annotations.length]).toEqual([13, 13]);
    const heldOut = images.filter(({ split }) => split === 'dev');
    expect(heldOut).toHaveLength(2);
    expect(annotations.map(({ image_id: id }) => id)).toEqual(
      expect.arrayContaining(heldOut.map(({ id }) => id)),
    );
  });

  test('are those of the images that are done, where some are', async () => {
    const file = await makeProject('done', 9);
    const database = openProjectDatabase(file);
    for (const { id } of database.images().slice(4)) {
      const before = database.image(id)!;
      expect(before.state).toBe('to-check');
      database.apply('Done', replacement(before, { ...before, state: 'done' }));
    }
    database.close();
    const { images } = await writeLabels(file, workplace.path('work-done'));
    expect(images).toHaveLength(4);
  });

  test('hold out the images that the project keeps for validation', async () => {
    const file = await makeProject('split', 6);
    const database = openProjectDatabase(file);
    const before = database.image(database.images()[2]!.id)!;
    database.apply('Choose a split', replacement(before, { ...before, split: 'validation' }));
    database.close();
    const { images } = await writeLabels(file, workplace.path('work-split'));
    const heldOut = images.filter(({ split }) => split === 'dev');
    expect(heldOut.map(({ file_name: path }) => path.split('/').at(-1))).toEqual([before.path]);
  });

  test('must be enough', async () => {
    await makeProject('few', 3);
    const { code, value } = await workplace.json<Failure>('finetune', 'few');
    expect([code, value.error.code]).toEqual([3, 'invalid-input']);
    expect(value.error.message).toContain('2 images with masks');
  });
});

describe('the Python that trains', () => {
  const options = () => ({
    userData: workplace.home,
    requirements: join(import.meta.dirname, '../../../models/training/requirements.lock.txt'),
    signal: new AbortController().signal,
    say: () => undefined,
  });

  test('is asked for in words when there is none', async () => {
    vi.stubEnv('PIXELSAIL_PYTHON', undefined);
    vi.stubEnv('PATH', workplace.path('nothing here'));
    await expect(trainingPython(options())).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('needs Python 3.11 or later') as string,
    });
  });

  test('is not used when PIXELSAIL_PYTHON names one that lacks the packages', async () => {
    await workplace.writeBroken('python', '#!/bin/sh\necho "No module named torch" >&2\nexit 1\n');
    await chmod(workplace.path('python'), 0o755);
    vi.stubEnv('PIXELSAIL_PYTHON', workplace.path('python'));
    await expect(trainingPython(options())).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('pip install -r models/training/requirements.txt') as string,
    });
  });
});

describe('the packages that training needs', () => {
  const folder = join(import.meta.dirname, '../../../models/training');
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');

  test('are all locked to one version, with hashes', () => {
    const entries = read('requirements.lock.txt')
      .replaceAll(/^#.*\n/gm, '')
      .replaceAll('\\\n', ' ')
      .trim()
      .split('\n');
    const locked = new Set<string>();
    for (const entry of entries) {
      expect(entry).toMatch(/^[a-z0-9-]+==[\w.]+ ( *; [^\\]*)?( +--hash=sha256:[0-9a-f]{64})+$/);
      locked.add(entry.split(' ')[0]!);
    }
    for (const wanted of read('requirements.txt').trim().split('\n')) {
      expect(locked).toContain(wanted);
    }
  });

  test.skipIf(noPython)(
    'are refused where a file has another hash',
    { timeout: 120_000 },
    async () => {
      vi.stubEnv('PIXELSAIL_PYTHON', undefined);
      // An index of one package, whose file is not the one that was locked.
      const index = workplace.path('index');
      await mkdir(index);
      await writeFile(join(index, 'harmless-1.0-py3-none-any.whl'), 'not what was locked');
      const requirements = workplace.path('locked.txt');
      await writeFile(requirements, `harmless==1.0 --hash=sha256:${'0'.repeat(64)}\n`);
      vi.stubEnv('PIP_NO_INDEX', '1');
      vi.stubEnv('PIP_FIND_LINKS', index);
      await expect(
        trainingPython({
          userData: workplace.home,
          requirements,
          signal: new AbortController().signal,
          say: () => undefined,
        }),
      ).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining('DO NOT MATCH THE HASHES') as string,
      });
      expect(existsSync(join(workplace.home, 'python'))).toBe(false);
    },
  );
});

/** At once on a machine that does nothing else. */
const soonMs = 5000;

/** Processes that a process started, and those that these started. */
function descendantsOf(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = stdout.trim().split('\n');
  const all = rows.map((row) => row.trim().split(/ +/).map(Number) as [number, number]);
  const found: number[] = [];
  for (let parents = [pid]; parents.length > 0; found.push(...parents)) {
    parents = all.flatMap(([child, parent]) => (parents.includes(parent) ? [child] : []));
  }
  return found;
}

function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}

describe.skipIf(!canTrain)('finetune', () => {
  test.each(['SIGTERM', 'SIGKILL'] as const)(
    'takes every process that trains along when it ends on %s, even within a long step',
    async (signal) => {
      await makeProject(`ended-${signal}`, 7);
      const running = workplace.start(['finetune', `ended-${signal}`, '--minutes', '9']);
      await running.seen('training on');
      const training = descendantsOf(running.child.pid!);
      onTestFinished(() => {
        for (const pid of training.filter(isAlive)) process.kill(pid, 'SIGKILL');
      });
      expect(training.length).toBeGreaterThan(1);
      // As in a step that takes long: those that train do not come to its end.
      for (const pid of training.slice(1)) process.kill(pid, 'SIGSTOP');
      running.child.kill(signal);
      expect((await running.finished).code).toBe(128 + constants.signals[signal]);
      await expect.poll(() => training.filter(isAlive), { timeout: soonMs }).toEqual([]);
    },
  );

  test('stops on Ctrl-C with what it learnt, and makes a package of it when asked again', async () => {
    await makeProject('squares', 7);
    const running = workplace.start(['finetune', 'squares', '--minutes', '9']);
    await running.seen('training on');
    running.child.kill('SIGINT');
    const stopped = await running.finished;
    expect([stopped.code, stopped.stderr]).toEqual([130, expect.stringContaining('are kept in')]);
    expect(existsSync(workplace.path('home/models/squares'))).toBe(false);

    const { code, value } = await workplace.json<TrainingReport>(
      ...['finetune', 'squares', '--minutes', '0.0001'],
    );
    expect(code).toBe(0);
    expect(value).toMatchObject({
      id: 'squares',
      package: workplace.path('home/models/squares'),
      base: { id: 'tiny' },
      images: { training: 5, heldOut: 1 },
      annotations: 6,
      skipped: [{ reason: 'it is a box without a mask' }],
    });
    expect(value.samples).toBeGreaterThan(0);
    for (const scores of [value.before, value.after]) {
      expect(scores.box).toMatchObject({ count: 1 });
      expect(scores.text.miou).toBeGreaterThanOrEqual(0);
    }
    const [verified] = (
      await workplace.json<{ problem: string | null }[]>('models', 'verify', 'squares')
    ).value;
    expect(verified!.problem).toBeNull();
    const card = await readFile(workplace.path('home/models/squares/README.md'), 'utf8');
    expect(card).toContain('| box | ');
    const answered = await workplace.run(
      ...['segment', 'squares-photos/0.jpg', '--model', 'squares', '--box', '16,12,24,24'],
    );
    expect(answered.code).toBe(0);
    expect(await readdir(value.workFolder)).toContain('run');
  });
});
