import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApplication, type Application } from '../../../app/application.ts';
import type { ImportReport } from '../../../app/api/contract/dataset.ts';
import type { ImageRow } from '../../../app/api/contract/images.ts';
import type { JobEnd } from '../../../app/api/contract/jobs.ts';
import type { ProjectSummary } from '../../../app/api/contract/project.ts';
import { createProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import { importFolder } from '../../../app/features/images/image-import.ts';
import type { Emit } from '../../../app/jobs/local-queue.ts';
import { Thumbnails } from '../../../app/features/images/thumbnails.ts';
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
  if (end.outcome !== 'done' || end.result.kind !== 'import') throw new Error(JSON.stringify(end));
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
    expect(await importPhotos()).toEqual({
      kind: 'import',
      images: 6,
      annotations: 0,
      categories: 0,
      skipped: [],
    });
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
    await application.handlers['journal.undo'](null);
    expect((await summary())?.images).toBe(20);
    await application.handlers['journal.undo'](null);
    expect(await summary()).toMatchObject({ images: 0, canUndo: false });
  });

  test('tells of the images that are there already while it goes on', async () => {
    for (let index = 0; index < 20; index++) {
      await writeFile(join(photos, `${index}.jpg`), await jpeg(4, 4));
    }
    const told: number[] = [];
    listeners.push((name, payload) => {
      if (name === 'job:end') told.push(Infinity);
      if (name === 'project:changed') {
        told.push((payload as { summary: ProjectSummary }).summary.images);
      }
    });
    await importPhotos();
    expect(told).toEqual([16, 20, Infinity]);
  });

  test('keeps what is done when it is cancelled, and goes on from there', async () => {
    for (let index = 0; index < 40; index++) {
      await writeFile(join(photos, `${index}.jpg`), await jpeg(4, 4));
    }
    const ended = endOfJob();
    listeners.push((name, payload) => {
      if (name === 'job:progress') {
        void application.handlers['jobs.cancel']({ jobId: (payload as { jobId: string }).jobId });
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

describe('an import reads headers and hashes', () => {
  const thumbnailsMade = () =>
    readdir(join(folders.options.home, 'cache', 'thumbnails'), { recursive: true }).catch(() => []);

  test('and leaves thumbnails to when they are seen', async () => {
    await writeFile(join(photos, 'a.jpg'), await jpeg(40, 30));
    const atEnd = new Promise<string[]>((resolve) => {
      listeners.push((name) => {
        if (name === 'job:end') resolve(thumbnailsMade());
      });
    });
    await importPhotos();
    expect(await atEnd).toEqual([]);
    const [row] = await listRows();
    await application.imageFile(row!.id, 'thumbnail');
    expect(await thumbnailsMade()).toContainEqual(expect.stringMatching(/\.webp$/));
  });

  test('so a file that was cut off anywhere is named, whatever its format', async () => {
    const noise = { type: 'gaussian', mean: 120, sigma: 40 } as const;
    const base = sharp({
      create: { width: 90, height: 70, channels: 3, background: '#808080', noise },
    });
    const whole: Record<string, Buffer> = {
      jpg: await base.clone().jpeg().toBuffer(),
      png: await base.clone().png().toBuffer(),
      webp: await base.clone().webp().toBuffer(),
      avif: await base.clone().avif({ effort: 0 }).toBuffer(),
      gif: await base.clone().gif().toBuffer(),
      tif: await base.clone().tiff({ compression: 'deflate' }).toBuffer(),
    };
    for (const [ending, bytes] of Object.entries(whole)) {
      await writeFile(join(photos, `whole.${ending}`), bytes);
      for (const part of [0.5, 0.9]) {
        const cut = bytes.subarray(0, Math.floor(part * bytes.length));
        await writeFile(join(photos, `cut-${part}.${ending}`), cut);
      }
    }
    const { images, skipped } = await importPhotos();
    expect(images).toBe(6);
    expect(skipped.map(({ what }) => what).sort()).toEqual(
      Object.keys(whole)
        .flatMap((ending) => [`cut-0.5.${ending}`, `cut-0.9.${ending}`])
        .sort(),
    );
  });

  test('and takes photos with a film behind their end, but not for the end of their EXIF thumbnail', async () => {
    const film = Buffer.concat([await jpeg(300, 200), Buffer.alloc(3000, 'moov')]);
    await writeFile(join(photos, 'film.jpg'), film);
    const small = await jpeg(16, 12);
    const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), small]);
    const head = Buffer.from([0xff, 0xe1, 0, 0]);
    head.writeUInt16BE(2 + exif.length, 2);
    const photo = await jpeg(300, 200);
    const thumbnailed = Buffer.concat([photo.subarray(0, 2), head, exif, photo.subarray(2)]);
    await writeFile(join(photos, 'thumbnailed.jpg'), thumbnailed);
    await writeFile(join(photos, 'cut.jpg'), thumbnailed.subarray(0, -40));
    const { skipped } = await importPhotos();
    expect(await listPaths()).toEqual(['film.jpg', 'thumbnailed.jpg']);
    expect(skipped).toMatchObject([{ what: 'cut.jpg', error: { sentence: 'imageUnreadable' } }]);
  });

  test('of files too large to be held, too', async () => {
    const filler = Buffer.alloc(40 * 2 ** 20, 'x');
    const whole = Buffer.concat([await jpeg(300, 200), filler]);
    await writeFile(join(photos, 'whole.jpg'), whole);
    await writeFile(
      join(photos, 'cut.jpg'),
      await jpeg(300, 200).then((bytes) => bytes.subarray(0, -2)),
    );
    await truncate(join(photos, 'cut.jpg'), 40 * 2 ** 20);
    expect((await importPhotos()).skipped.map(({ what }) => what)).toEqual(['cut.jpg']);
    const [row] = await listRows();
    const { image } = await application.handlers['images.document']({ imageId: row!.id });
    expect(image.sha256).toBe(createHash('sha256').update(whole).digest('hex'));
  });

  test.skipIf(process.platform === 'win32')(
    'and passes over pipes with a word instead of waiting for them',
    async () => {
      execFileSync('mkfifo', [join(photos, 'pipe.jpg')]);
      await writeFile(join(photos, 'a.jpg'), await jpeg(4, 4));
      await mkdir(join(photos, 'folder.png'));
      const { images, skipped } = await importPhotos();
      expect(images).toBe(1);
      expect(skipped).toMatchObject([
        { what: 'pipe.jpg', error: { sentence: 'notPlainFile', detail: { kind: 'pipe' } } },
      ]);
    },
  );

  test('until it is cancelled in the middle of a batch, and keeps what it has read', async () => {
    for (let index = 0; index < 40; index++) {
      await writeFile(join(photos, `${index}.jpg`), await jpeg(4, 4));
    }
    const controller = new AbortController();
    const file = join(folders.folder, 'Other.pixelsail');
    const database = createProjectDatabase(file, 'Other');
    const isWanted = (path: string): boolean => {
      if (path === '7.jpg') setImmediate(() => controller.abort());
      return true;
    };
    const context = { jobId: '1', signal: controller.signal, progress: () => undefined };
    await expect(importFolder(database, photos, context, isWanted)).rejects.toMatchObject({
      sentence: 'imagesKept',
    });
    expect(database.imageCount()).toBeLessThan(17);
    database.close();
  });
});

describe('thumbnails', () => {
  const made: Thumbnails[] = [];
  afterEach(async () => {
    for (const thumbnails of made.splice(0)) await thumbnails.stop();
  });

  /**
   * A project with these files, and thumbnails that are made ahead without waiting for a quiet
   * second.
   */
  async function projectWith(
    files: Record<string, Buffer>,
  ): Promise<{ database: ProjectDatabase; cache: string }> {
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(photos, name), bytes);
    const database = createProjectDatabase(join(folders.folder, 'Other.pixelsail'), 'Other');
    const context = { jobId: '1', signal: new AbortController().signal, progress: () => undefined };
    await importFolder(database, photos, context);
    return { database, cache: join(folders.folder, 'cache') };
  }

  async function damagedPng(): Promise<Buffer> {
    const noise = { type: 'gaussian', mean: 120, sigma: 40 } as const;
    const create = { width: 200, height: 200, channels: 3, background: '#888', noise } as const;
    const bytes = await sharp({ create }).png().toBuffer();
    const middle = bytes.length >> 1;
    bytes.fill(0, middle, middle + 200);
    return bytes;
  }

  test('are made ahead while nothing else goes on, and name each damaged file once', async () => {
    const { database, cache } = await projectWith({
      'a.jpg': await jpeg(40, 30),
      'b.png': await damagedPng(),
      'c.jpg': await jpeg(50, 30),
    });
    expect(database.imageCount()).toBe(3);
    const named: string[] = [];
    let isBusy = true;
    const thumbnails = new Thumbnails({
      cache,
      isBusy: () => isBusy,
      onUnreadable: ({ path }) => named.push(path),
      idleMs: 0,
    });
    made.push(thumbnails);
    const all = [...database.exportImages()].map(({ image }) => image);
    const fileOf = ({ sha256 }: (typeof all)[number]) =>
      join(cache, 'thumbnails', sha256.slice(0, 2), `${sha256}.webp`);
    thumbnails.fill(database);
    isBusy = false;
    await expect.poll(() => existsSync(fileOf(all[2]!)), { timeout: 20_000 }).toBe(true);
    expect(existsSync(fileOf(all[0]!))).toBe(true);
    expect(named).toEqual(['b.png']);
    await expect(thumbnails.serve(join(photos, 'b.png'), all[1]!)).rejects.toMatchObject({
      code: 'image-unreadable',
    });
    expect(named).toEqual(['b.png']);
    await thumbnails.stop();
    database.close();
  });

  test('are not made while work is under way, and stopping lets the project close', async () => {
    const { database, cache } = await projectWith({ 'a.jpg': await jpeg(40, 30) });
    const asked = Promise.withResolvers<null>();
    const isBusy = (): boolean => {
      asked.resolve(null);
      return true;
    };
    const thumbnails = new Thumbnails({ cache, isBusy, onUnreadable: () => undefined, idleMs: 0 });
    thumbnails.fill(database);
    await asked.promise;
    await thumbnails.stop();
    database.close();
    expect(existsSync(join(cache, 'thumbnails'))).toBe(false);
  });

  test('of damaged files are told to the window', async () => {
    const told = new Promise<unknown>((resolve) => {
      listeners.push((name, payload) => {
        if (name === 'image:unreadable') resolve(payload);
      });
    });
    await writeFile(join(photos, 'b.png'), await damagedPng());
    await importPhotos();
    const [row] = await listRows();
    await expect(application.imageFile(row!.id, 'thumbnail')).rejects.toMatchObject({
      code: 'image-unreadable',
    });
    expect(await told).toMatchObject({ path: 'b.png', error: { sentence: 'imageUnreadable' } });
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

  test('a photo that another one of the same size took the place of is named when it is opened', async () => {
    const size = { width: 8, height: 6, channels: 3 } as const;
    const own = await jpeg(size.width, size.height);
    const other = await sharp(Buffer.alloc(8 * 6 * 3, 9), { raw: size })
      .jpeg()
      .toBuffer();
    await writeFile(join(folders.folder, 'other.jpg'), other);
    // Older than the import, as a file that is moved into the place of another one may be.
    await utimes(join(folders.folder, 'other.jpg'), 1000, 1000);
    await writeFile(join(photos, 'a.jpg'), own);
    await importPhotos();
    const id = await idOf('a.jpg');
    const problem = () => application.handlers['images.problem']({ imageId: id });
    expect(await problem()).toBeNull();
    await rename(join(folders.folder, 'other.jpg'), join(photos, 'a.jpg'));
    expect(await problem()).toMatchObject({ sentence: 'imageChanged' });
    await writeFile(join(photos, 'a.jpg'), own);
    expect(await problem()).toBeNull();
    await rm(join(photos, 'a.jpg'));
    expect(await problem()).toMatchObject({ code: 'not-found' });
    expect((await problem())!.chinese).toBeDefined();
  });

  test('an unknown image is not found', async () => {
    await expect(application.imageFile('../../etc/passwd', 'full')).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
