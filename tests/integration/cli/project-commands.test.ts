import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync } from 'node:fs';
import { chown, cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ExportReport, ImportReport } from '../../../app/api/contract/dataset.ts';
import type { DraftReport } from '../../../app/api/contract/jobs.ts';
import type { ProjectSummary } from '../../../app/api/contract/project.ts';
import { emptyDiff } from '../../../core/diff.ts';
import { encodeRle } from '../../../core/geometry/rle.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { commandTimeoutMs, launcher, Workplace } from './workplace.ts';

vi.setConfig({ testTimeout: commandTimeoutMs });

const workplace = new Workplace();
beforeAll(() => workplace.convertModel());
afterAll(() => workplace.remove());

const demo = join(dirname(launcher), 'demo');
const benchmark = (name: string) => join(demo, 'benchmark', name);
const photosOfBenchmark = join(demo, 'photos');

interface Failure {
  readonly error: { readonly code: string; readonly message: string };
}

describe('a project from init to backup', () => {
  const names = [
    'a/photo.jpg',
    'b/photo.jpg',
    'with space.jpg',
    'caf\u00e9.jpg',
    'cafe\u0301.jpg',
    '🐈/猫.jpg',
  ];

  test('init makes it under its name and refuses to make it twice', async () => {
    const made = await workplace.json<ProjectSummary>('init', 'Möwen 🐦', '--name', 'Möwen & Co');
    expect(made.code).toBe(0);
    expect(made.value.file).toBe(workplace.path('Möwen 🐦', 'Möwen & Co.pixelsail'));
    const again = await workplace.json<Failure>('init', 'Möwen 🐦', '--name', 'Möwen & Co');
    expect(again.code).toBe(3);
    expect(again.value.error.code).toBe('already-exists');
  });

  test('init begins a benchmark with the regions of a COCO file, and drafts items from them', async () => {
    const words = ['init', 'bench', '--as', 'perbench', '--from', benchmark('annotations.json')];
    const made = await workplace.json<ProjectSummary & { drafted: DraftReport }>(
      ...words,
      '--images',
      photosOfBenchmark,
    );
    expect(made.code).toBe(0);
    expect(made.value.drafted.imported).toMatchObject({ images: 8, annotations: 76 });
    expect(made.value.drafted.items).toBeGreaterThan(60);
    const database = openProjectDatabase(made.value.file);
    expect(database.settings().purpose).toBe('perbench');
    database.close();
    const absent = await workplace.json<Failure>('init', 'none', '--from', 'nothing.json');
    expect(absent.code).toBe(3);
    expect(existsSync(workplace.path('none'))).toBe(false);
  });

  test('import takes every readable photo, whatever its name, and names the others', async () => {
    await workplace.drawPhotos(...names.map((name) => `photos/${name}`));
    await workplace.writeBroken('photos/empty.png');
    await workplace.writeBroken('photos/not a photo.jpg', 'Dear Sir or Madam');
    const { code, value } = await workplace.json<ImportReport>('import', 'Möwen 🐦', 'photos');
    expect(code).toBe(4);
    expect(value.images).toBe(names.length);
    expect(value.skipped.map(({ what }) => what)).toEqual(['empty.png', 'not a photo.jpg']);
    const again = await workplace.json<ImportReport>('import', 'Möwen 🐦', 'photos');
    expect(again.value.images).toBe(0);
    const database = openProjectDatabase(workplace.path('Möwen 🐦', 'Möwen & Co.pixelsail'));
    expect(database.images().map(({ path }) => path)).toEqual(expect.arrayContaining(names));
    database.close();
  });

  test('check finds a whole project whole and counts it', async () => {
    const { code, stdout } = await workplace.run('check', 'Möwen 🐦');
    expect(code).toBe(0);
    expect(stdout).toContain(`${names.length} images, 0 annotations\nno problems found\n`);
  });

  test('backup writes a copy that opens, and never over a file', async () => {
    const copied = await workplace.run('backup', 'Möwen 🐦', 'copies.pixelsail');
    expect(copied.code).toBe(0);
    const checked = await workplace.json<{ images: number }>('check', 'copies.pixelsail');
    expect(checked.value.images).toBe(names.length);
    const again = await workplace.json<Failure>('backup', 'Möwen 🐦', 'copies.pixelsail');
    expect([again.code, again.value.error.code]).toEqual([3, 'already-exists']);
    await workplace.run('backup', 'Möwen 🐦');
    expect((await workplace.run('check', 'Möwen 🐦')).code).toBe(0);
  });

  test('a project that another process has open is left alone, and the process is named', async () => {
    const database = openProjectDatabase(workplace.path('copies.pixelsail'));
    const { code, value } = await workplace.json<Failure>('check', 'copies.pixelsail');
    database.close();
    expect([code, value.error.code]).toEqual([5, 'project-locked']);
    expect(value.error.message).toContain(String(process.pid));
  });

  test('a file that is no project is refused and left as it is', async () => {
    await writeFile(workplace.path('notes.pixelsail'), 'My notes');
    const { code, value } = await workplace.json<Failure>('check', 'notes.pixelsail');
    expect([code, value.error.code]).toEqual([5, 'database-corrupt']);
    expect(await readFile(workplace.path('notes.pixelsail'), 'utf8')).toBe('My notes');
    const missing = await workplace.json<Failure>('check', 'nowhere');
    expect([missing.code, missing.value.error.code]).toEqual([3, 'not-found']);
  });
});

describe('COCO in and out', () => {
  const square = new Uint8Array(64 * 48);
  for (let row = 12; row < 36; row++) square.fill(1, row * 64 + 16, row * 64 + 40);
  const mask = encodeRle({ width: 64, height: 48, data: square });
  const wrongSize = encodeRle({ width: 4, height: 4, data: new Uint8Array(16).fill(1) });
  const coco = {
    images: [
      { id: 0, file_name: 'a/one.jpg', width: 64, height: 48 },
      { id: 2, file_name: 'b/one.jpg', width: 64, height: 48 },
      { id: 3, file_name: 'missing.jpg', width: 64, height: 48 },
    ],
    categories: [{ id: 0, name: 'square', supercategory: 'shape' }],
    annotations: [
      { id: 0, image_id: 0, category_id: 0, segmentation: mask, iscrowd: 0, reviewer: 'Ada' },
      { id: 1, image_id: 2, category_id: 0, segmentation: [[16, 12, 40, 12, 40, 36, 16, 36]] },
      { id: 2, image_id: 2, category_id: 0, segmentation: [[1, 2, 3, 4]] },
      { id: 3, image_id: 2, category_id: 0, segmentation: wrongSize },
      { id: 4, image_id: 77, category_id: 0, segmentation: mask },
      { id: 5, image_id: 3, category_id: 0, segmentation: mask },
    ],
  };

  test('import reports every dropped row with its reason and keeps the rest', async () => {
    await workplace.drawPhotos('dataset/a/one.jpg', 'dataset/b/one.jpg');
    await writeFile(workplace.path('dataset/coco.json'), JSON.stringify(coco));
    await workplace.run('init', 'shapes');
    const { code, value } = await workplace.json<ImportReport>(
      'import',
      'shapes',
      'dataset/coco.json',
    );
    expect(code).toBe(4);
    expect(value).toMatchObject({ images: 2, annotations: 2 });
    expect(
      value.skipped
        .map(({ what }) => what)
        .sort()
        .reverse(),
    ).toEqual([
      expect.stringContaining('images[2]'),
      ...[5, 4, 3, 2].map((index) => expect.stringContaining(`annotations[${index}]`) as unknown),
    ]);
    expect(value.skipped.every(({ reason }) => reason.length > 10)).toBe(true);
  });

  test.each(['evaluation', 'training', 'uncompressed'] as const)(
    'export for %s proves exact and numbers from 1',
    async (profile) => {
      const file = `out/${profile}.json`;
      await mkdir(workplace.path('out'), { recursive: true });
      const { code, value } = await workplace.json<ExportReport>(
        ...['export', 'shapes', file, '--profile', profile],
      );
      expect(code).toBe(0);
      expect(value.proof).toMatchObject({ ok: true, objects: 2, exact: 2, minimumIou: 1 });
      const written = JSON.parse(await readFile(workplace.path(file), 'utf8')) as typeof coco;
      expect(written.images.map(({ id }) => id)).toEqual([1, 2]);
      expect(written.annotations.map(({ id }) => id)).toEqual([1, 2]);
      expect(written.annotations[0]).toMatchObject({
        area: 576,
        bbox: [16, 12, 24, 24],
        reviewer: 'Ada',
      });
    },
  );

  test('a file that is no COCO is refused', async () => {
    await writeFile(workplace.path('list.json'), '[1, 2]');
    const { code, value } = await workplace.json<Failure>('import', 'shapes', 'list.json');
    expect([code, value.error.code]).toEqual([3, 'dataset-invalid']);
    const cut = JSON.stringify(coco).slice(0, 300);
    await writeFile(workplace.path('cut.json'), cut);
    const truncated = await workplace.json<Failure>('import', 'shapes', 'cut.json');
    expect([truncated.code, truncated.value.error.code]).toEqual([3, 'dataset-invalid']);
    expect((await workplace.run('check', 'shapes')).stdout).toContain('2 annotations');
  });

  test('importing again adds nothing, or replaces what is there, and says so', async () => {
    const words = ['import', 'shapes', 'dataset/coco.json'];
    const again = await workplace.json<ImportReport>(...words);
    expect(again.value).toMatchObject({
      annotations: 0,
      existing: { alreadyThere: 2, replaced: 0, skipped: 0 },
    });
    const { stdout } = await workplace.run(...words, '--existing', 'replace');
    expect(stdout).toContain('2 annotations of the project replaced');
    expect((await workplace.run('check', 'shapes')).stdout).toContain('2 annotations');
    expect((await workplace.run(...words, '--existing', 'both')).code).toBe(2);
  });

  test('photos of the same name in another folder keep no row of the file out', async () => {
    await workplace.drawPhotos(
      'here/one.jpg',
      'here/a/two.jpg',
      'there/one.jpg',
      'there/b/two.jpg',
    );
    const images = ['one.jpg', 'b/two.jpg'].map((name, index) => {
      return { id: index + 1, file_name: name, width: 64, height: 48 };
    });
    const annotations = [1, 2].map((id) => {
      return { id, image_id: id, category_id: 0, segmentation: mask };
    });
    const file = { ...coco, images, annotations };
    await writeFile(workplace.path('there.json'), JSON.stringify(file));
    await workplace.run('init', 'names');
    await workplace.run('import', 'names', 'here');
    const { code, value } = await workplace.json<ImportReport>(
      ...['import', 'names', 'there.json', '--images', 'there'],
    );
    expect([code, value.skipped]).toEqual([0, []]);
    expect(value).toMatchObject({ images: 2, annotations: 2 });
    const database = openProjectDatabase(workplace.path('names', 'names.pixelsail'));
    const folder = database.folders().find(({ path }) => path.endsWith('there'))!;
    const labelled = ['one.jpg', 'b/two.jpg'].map((path) => {
      return database.annotations(database.imageByPath(folder.id, path)!.id).length;
    });
    database.close();
    expect(labelled).toEqual([1, 1]);
  });

  test('an export names the annotations that it leaves out, and ends as one that left some out', async () => {
    const database = openProjectDatabase(workplace.path('shapes', 'shapes.pixelsail'));
    const [exported] = [...database.exportAnnotations()];
    const { annotation } = exported!;
    const without = { ...annotation, categoryId: null };
    database.apply('Take the category away', {
      ...emptyDiff(),
      updated: { [annotation.id]: [annotation, without] },
    });
    database.close();
    const { code, value } = await workplace.json<ExportReport>('export', 'shapes', 'out/left.json');
    expect(code).toBe(4);
    const reason = 'it has no category';
    expect(value.skipped).toEqual([
      expect.objectContaining({
        section: 'images',
        what: expect.stringMatching(/one\.jpg$/),
        reason: 'none of its regions has a category',
      }),
      {
        section: 'annotations',
        what: expect.stringMatching(/one\.jpg, annotation \d+$/),
        reason,
        error: expect.objectContaining({ message: reason }),
      },
    ]);
    const { stdout } = await workplace.run('export', 'shapes', 'out/left-again.json');
    expect(stdout).toMatch(/one\.jpg, annotation \d+: it has no category/);
    expect(stdout.match(/left out/g), 'and its image').toHaveLength(2);
  });

  test('an export names the images that it leaves out with their reason, but not a thousand of them', async () => {
    await workplace.drawPhotos(...Array.from({ length: 22 }, (_, index) => `many/${index}.jpg`));
    await workplace.run('init', 'many');
    await workplace.run('import', 'many', 'many');
    const { code, stdout } = await workplace.run('export', 'many', 'out/many.json');
    expect(code).toBe(0);
    expect(
      stdout.match(/^ {2}left out .*\.jpg: it has no regions and is not marked as empty$/gm),
    ).toHaveLength(20);
    expect(stdout).toContain('  and 2 more; --json lists all');
  });

  test('an export into a missing folder says so', async () => {
    const { code, value } = await workplace.json<Failure>('export', 'shapes', 'no/such/out.json');
    expect([code, value.error.code]).toEqual([3, 'not-found']);
  });
});

const nobody = 65534;
const isRoot = process.geteuid?.() === 0;
const ordinaryUser = isRoot ? nobody : undefined;

/** Why the read-only tests cannot run here; null when they can. */
function readOnlyObstacle(): string | null {
  if (process.platform === 'win32') return 'permissions of folders work otherwise on Windows';
  if (ordinaryUser === undefined) return null;
  const probe = spawnSync(launcher, ['--help'], { uid: nobody, gid: nobody });
  return probe.status === 0 ? null : 'the checkout cannot be read by an ordinary user';
}

const obstacle = readOnlyObstacle();
if (obstacle !== null) console.log(`skipped the read-only folder: ${obstacle}`);

test.skipIf(obstacle !== null)(
  'a read-only folder is named, and nothing is left in it',
  async () => {
    chmodSync(workplace.folder, 0o755);
    await mkdir(workplace.home, { recursive: true });
    if (ordinaryUser !== undefined) await chown(workplace.home, ordinaryUser, ordinaryUser);
    await mkdir(workplace.path('sealed'));
    chmodSync(workplace.path('sealed'), 0o555);
    const words = ['init', 'sealed', '--name', 'inside', '--json'];
    const { code, stdout } = await workplace.start(words, ordinaryUser).finished;
    const { error } = JSON.parse(stdout) as Failure;
    expect([code, error.code]).toEqual([6, 'permission-denied']);
    expect(error.message).toContain('sealed');
    expect(existsSync(workplace.path('sealed', 'inside.pixelsail'))).toBe(false);
  },
);

describe('the launcher', () => {
  test('works through a chain of links from anywhere', async () => {
    accessSync(launcher, constants.X_OK);
    await symlink(launcher, workplace.path('first'));
    await symlink('first', workplace.path('second'));
    const { status, stdout } = spawnSync(workplace.path('second'), ['--help'], { cwd: '/' });
    expect(status).toBe(0);
    expect(String(stdout)).toContain('Exit codes:');
  });

  test('says what to do where the dependencies are missing', async () => {
    await mkdir(workplace.path('bare checkout'));
    await cp(launcher, workplace.path('bare checkout/pixelsail'));
    const { status, stderr } = spawnSync(workplace.path('bare checkout/pixelsail'), ['--help']);
    expect(status).toBe(1);
    expect(String(stderr)).toContain('npm ci');
  });
});
