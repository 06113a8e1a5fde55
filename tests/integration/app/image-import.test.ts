import { chmod, copyFile, mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApplication, type Application } from '../../../app/application.ts';
import type { ImageRow, ImportReport, JobEnd, ProjectSummary } from '../../../app/api/contract.ts';
import { createProjectDatabase } from '../../../db/project-database.ts';
import { importFolder } from '../../../app/services/image-import.ts';
import type { Emit } from '../../../app/services/jobs.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';
import { asOrdinaryUser } from '../../support/ordinary-user.ts';

type Folders = Awaited<ReturnType<typeof makeApplicationFolders>>;

let folders: Folders;
let photos: string;
let application: Application;
let listeners: ((name: string, payload: unknown) => void)[];

beforeEach(async () => {
  folders = await makeApplicationFolders();
  photos = join(folders.folder, 'photos');
  listeners = [];
  const emit: Emit = (name, payload) => listeners.forEach((listener) => listener(name, payload));
  application = createApplication(folders.options, emit);
  await application.handlers['project.create']({ folder: folders.folder, name: 'Test' });
});

afterEach(async () => {
  await application.close();
  await folders.remove();
});

function jpeg(width: number, height: number, orientation = 1): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#4080c0' } })
    .withMetadata({ orientation })
    .jpeg()
    .toBuffer();
}

function endOfJob(): Promise<JobEnd> {
  return new Promise((resolve) => {
    listeners.push((name, payload) => {
      if (name === 'job:end') resolve((payload as { end: JobEnd }).end);
    });
  });
}

async function importPhotos(): Promise<ImportReport> {
  const ended = endOfJob();
  await application.handlers['images.importFolder']({ folder: photos });
  const end = await ended;
  if (end.outcome !== 'done' || !('skipped' in end.result)) throw new Error(JSON.stringify(end));
  return end.result;
}

async function listRows(): Promise<readonly ImageRow[]> {
  return (await application.handlers['images.list']({ offset: 0, limit: 1000 })).rows;
}

async function listPaths(): Promise<string[]> {
  return (await listRows()).map(({ path }) => path);
}

async function summary(): Promise<ProjectSummary | null> {
  return application.handlers['project.current'](null);
}

describe('importing a folder', () => {
  test('finds images in subfolders under their own names, same names apart', async () => {
    const names = [
      'a/1.jpg',
      'b/1.jpg',
      'with space.jpg',
      'naïve.jpg',
      'e\u0301te\u0301.jpg',
      '🌊.jpg',
    ];
    for (const folder of ['a', 'b', '.hidden']) await mkdir(join(photos, folder));
    for (const name of names) await writeFile(join(photos, name), await jpeg(4, 3));
    await writeFile(join(photos, '.hidden', '2.jpg'), await jpeg(4, 3));
    await writeFile(join(photos, 'notes.txt'), 'not an image, and not said to be one');
    expect(await importPhotos()).toEqual({ images: 6, annotations: 0, categories: 0, skipped: [] });
    expect(new Set(await listPaths())).toEqual(new Set(names));
  });

  test('takes the size as it is shown, for all eight orientations', async () => {
    for (let orientation = 1; orientation <= 8; orientation++) {
      await writeFile(join(photos, `${orientation}.jpg`), await jpeg(40, 20, orientation));
    }
    await importPhotos();
    const rows = await listRows();
    const upright = { width: 40, height: 20 };
    const turned = { width: 20, height: 40 };
    expect(rows.map(({ width, height }) => ({ width, height }))).toEqual([
      ...Array<object>(4).fill(upright),
      ...Array<object>(4).fill(turned),
    ]);
  });

  test('skips bad files with a reason each and takes the rest', async () => {
    await writeFile(join(photos, 'good.jpg'), await jpeg(30, 30));
    await writeFile(join(photos, 'empty.jpg'), '');
    await writeFile(join(photos, 'text.png'), 'this is not a PNG file at all');
    await copyFile(join(folders.options.samplePhotos, 'cat.jpg'), join(photos, 'cut.jpg'));
    await truncate(join(photos, 'cut.jpg'), 9000);
    await writeFile(join(photos, 'outside.txt'), 'x');
    await writeFile(join(folders.folder, 'secret.jpg'), await jpeg(8, 8));
    await symlink(join(folders.folder, 'secret.jpg'), join(photos, 'link.jpg'));
    await symlink(join(folders.folder, 'nowhere.jpg'), join(photos, 'broken-link.jpg'));
    const { images, skipped } = await importPhotos();
    expect(images).toBe(1);
    expect(Object.fromEntries(skipped.map(({ what, reason }) => [what, reason]))).toEqual({
      'empty.jpg': expect.stringContaining('empty (0 bytes)'),
      'text.png': expect.stringContaining('cannot be read as an image'),
      'cut.jpg': expect.stringContaining('cannot be read as an image'),
      'link.jpg': expect.stringContaining('outside the image folder'),
      'broken-link.jpg': expect.stringContaining('does not exist'),
    });
    expect(await listPaths()).toEqual(['good.jpg']);
  });

  test('takes one-pixel, 16-bit, CMYK and animated images', async () => {
    const base = sharp(await jpeg(16, 12));
    await writeFile(
      join(photos, 'pixel.png'),
      await sharp(await jpeg(1, 1))
        .png()
        .toBuffer(),
    );
    await base.clone().toColourspace('rgb16').png().toFile(join(photos, 'deep.png'));
    await base.clone().toColourspace('cmyk').jpeg().toFile(join(photos, 'print.jpg'));
    const frames = sharp([await jpeg(8, 6), await jpeg(8, 6)], { join: { animated: true } });
    await frames.gif().toFile(join(photos, 'moving.gif'));
    expect(await importPhotos()).toMatchObject({ images: 4, skipped: [] });
    const rows = await listRows();
    expect(rows.find(({ path }) => path === 'moving.gif')).toMatchObject({ width: 8, height: 6 });
  });

  test('again adds only what is new, and one undo takes one import back', async () => {
    for (let index = 0; index < 20; index++) {
      await writeFile(join(photos, `${index}.jpg`), await jpeg(4, 4));
    }
    expect((await importPhotos()).images).toBe(20);
    await writeFile(join(photos, 'new.jpg'), await jpeg(4, 4));
    expect((await importPhotos()).images).toBe(1);
    await application.handlers['document.undo'](null);
    expect((await summary())?.images).toBe(20);
    await application.handlers['document.undo'](null);
    expect(await summary()).toMatchObject({ images: 0, canUndo: false });
  });

  test('keeps what is done when it is cancelled, and goes on from there', async () => {
    for (let index = 0; index < 40; index++) {
      await writeFile(join(photos, `${index}.jpg`), await jpeg(4, 4));
    }
    const ended = endOfJob();
    listeners.push((name, payload) => {
      if (name === 'job:progress') {
        application.handlers['jobs.cancel']({ jobId: (payload as { jobId: string }).jobId });
      }
    });
    await application.handlers['images.importFolder']({ folder: photos });
    expect(await ended).toMatchObject({
      outcome: 'cancelled',
      error: { sentence: 'imagesKept', detail: { imported: 16, total: 40 } },
    });
    expect((await summary())?.images).toBe(16);
    listeners = [];
    expect((await importPhotos()).images).toBe(24);
  });

  test('a subfolder that may not be read is told, and the rest is taken', async () => {
    await mkdir(join(photos, 'closed'), { mode: 0o000 });
    await mkdir(join(photos, 'open'));
    await writeFile(join(photos, 'open', '1.jpg'), await jpeg(4, 4));
    await chmod(folders.folder, 0o777);
    const context = { jobId: '1', signal: new AbortController().signal, progress: () => undefined };
    const file = join(folders.folder, 'Closed.pixelsail');
    const report = await asOrdinaryUser(async () => {
      const database = createProjectDatabase(file, 'Closed');
      const imported = await importFolder(database, photos, context);
      database.close();
      return imported;
    });
    await chmod(join(photos, 'closed'), 0o755);
    expect(report).toMatchObject({
      images: 1,
      skipped: [{ what: 'closed', reason: expect.stringContaining('permission is missing') }],
    });
  });

  test('a folder that is missing, a file, or not readable is refused at once', async () => {
    const importing = async (folder: string) =>
      application.handlers['images.importFolder']({ folder });
    await expect(importing(join(photos, 'none'))).rejects.toMatchObject({ code: 'not-found' });
    await writeFile(join(photos, 'file'), '');
    await expect(importing(join(photos, 'file'))).rejects.toMatchObject({ code: 'invalid-input' });
    await chmod(photos, 0o000);
    await expect(asOrdinaryUser(() => importing(photos))).rejects.toMatchObject({
      code: 'permission-denied',
      message: expect.stringContaining(photos),
    });
    await chmod(photos, 0o755);
  });
});

describe('serving images', () => {
  const idOf = async (path: string) => (await listRows()).find((row) => row.path === path)!.id;

  test('a photo is served as it is, what browsers show otherwise as a PNG of its pixels', async () => {
    const base = sharp(await jpeg(16, 12));
    await writeFile(join(photos, 'plain.jpg'), await jpeg(16, 12, 6));
    await base.clone().toColourspace('cmyk').jpeg().toFile(join(photos, 'print.jpg'));
    await base.clone().withMetadata({ orientation: 6 }).tiff().toFile(join(photos, 'turned.tif'));
    await importPhotos();
    expect(await application.imageFile(await idOf('plain.jpg'), 'full')).toEqual({
      file: join(photos, 'plain.jpg'),
      contentType: 'image/jpeg',
    });
    for (const [name, width, height] of [
      ['print.jpg', 16, 12],
      ['turned.tif', 12, 16],
    ] as const) {
      const served = await application.imageFile(await idOf(name), 'full');
      expect(served.contentType).toBe('image/png');
      expect(await sharp(served.file).metadata()).toMatchObject({ width, height, space: 'srgb' });
    }
  });

  test('a thumbnail is at most 256 pixels and upright', async () => {
    await writeFile(join(photos, 'wide.jpg'), await jpeg(1024, 512, 6));
    await importPhotos();
    const served = await application.imageFile(await idOf('wide.jpg'), 'thumbnail');
    expect(await sharp(served.file).metadata()).toMatchObject({ width: 128, height: 256 });
  });

  test('a registered file that was replaced by a link out of the folder is not served', async () => {
    await writeFile(join(photos, 'a.jpg'), await jpeg(4, 4));
    await importPhotos();
    const id = await idOf('a.jpg');
    await writeFile(join(folders.folder, 'secret.jpg'), await jpeg(9, 9));
    await rm(join(photos, 'a.jpg'));
    await expect(application.imageFile(id, 'full')).rejects.toMatchObject({ code: 'not-found' });
    await symlink(join(folders.folder, 'secret.jpg'), join(photos, 'a.jpg'));
    await expect(application.imageFile(id, 'full')).rejects.toMatchObject({
      code: 'permission-denied',
    });
  });

  test('an unknown image is not found', async () => {
    await expect(application.imageFile('../../etc/passwd', 'full')).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
