import {
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import fs, { createWriteStream } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ZipFile } from 'yazl';
import { exportDataset, type DatasetExport } from '../../../app/features/dataset/dataset-export.ts';
import { detectDataset } from '../../../app/features/dataset/dataset-formats.ts';
import { importDataset } from '../../../app/features/dataset/dataset-import.ts';
import { openDataset } from '../../../app/files/dataset-on-disk.ts';
import { createApplication, type Application } from '../../../app/application.ts';
import type { JobEnd } from '../../../app/api/contract/jobs.ts';
import { createProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let database: ProjectDatabase;
const context = () => ({
  jobId: crypto.randomUUID(),
  signal: new AbortController().signal,
  progress: () => undefined,
});
const at = (...names: string[]): string => join(folders.folder, ...names);

beforeEach(async () => {
  folders = await makeApplicationFolders();
  await mkdir(at('work'));
  database = createProjectDatabase(at('work', 'p.pixelsail'), 'p');
});

afterEach(async () => {
  database.close();
  await folders.remove();
});

async function photo(color: string): Promise<Buffer> {
  const background = color;
  return sharp({ create: { width: 32, height: 24, channels: 3, background } })
    .png()
    .toBuffer();
}

const coco = JSON.stringify({
  images: [{ id: 7, file_name: 'birds/a.png', width: 32, height: 24 }],
  annotations: [{ id: 1, image_id: 7, category_id: 3, bbox: [4, 4, 10, 8], iscrowd: 0 }],
  categories: [{ id: 3, name: 'owl' }],
});

type Packed = Readonly<Record<string, string | Buffer | { link: string }>>;

/** Packs files as they are named, also as no careful program names them. */
async function zipOf(name: string, files: Packed): Promise<string> {
  const zip = new ZipFile();
  const renamed: [from: string, to: string][] = [];
  for (const [path, content] of Object.entries(files)) {
    const isOdd = path.includes('..') || path.startsWith('/');
    const plain = isOdd ? path.replaceAll('.', '_').replaceAll('/', '-') : path;
    if (isOdd) renamed.push([plain, path]);
    const isLink = typeof content === 'object' && 'link' in content;
    const bytes = Buffer.from(isLink ? content.link : content);
    zip.addBuffer(bytes, plain, { mode: isLink ? 0o120777 : 0o100644 });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(at(name)));
  let bytes = (await readFile(at(name))).toString('latin1');
  for (const [from, to] of renamed) bytes = bytes.replaceAll(from, to);
  await writeFile(at(name), Buffer.from(bytes, 'latin1'));
  return at(name);
}

/** Packs files as they are, so that their bytes can be found in the archive. */
async function storedZipOf(name: string, files: Readonly<Record<string, string | Buffer>>) {
  const zip = new ZipFile();
  for (const [path, content] of Object.entries(files)) {
    zip.addBuffer(Buffer.from(content), path, { compress: false });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(at(name)));
  return at(name);
}

function importZip(path: string) {
  return importDataset(database, { path }, context());
}

describe('a zip archive', () => {
  test('is imported with its photos, which are unpacked beside the project once', async () => {
    const file = await zipOf('Birds.zip', {
      'set/annotations.json': coco,
      'set/birds/a.png': await photo('#336699'),
      'set/birds/.hidden.png': await photo('#000000'),
      '__MACOSX/set/._annotations.json': 'x',
    });
    expect(await detectDataset(file)).toMatchObject({ isFolder: false, formats: [{ id: 'coco' }] });
    expect(await importZip(file)).toMatchObject({ images: 1, annotations: 1, skipped: [] });
    const [row] = database.exportImages();
    expect(row!.image).toMatchObject({ path: 'birds/a.png', width: 32 });
    expect((await readdir(at('work'))).filter((name) => name.startsWith('Birds'))).toEqual([
      'Birds',
    ]);
    expect(await importZip(file)).toMatchObject({ existing: { alreadyThere: 1 }, skipped: [] });
    expect(database.imageCount()).toBe(1);
    expect(await readdir(at('work', 'Birds', 'birds'))).toEqual(['a.png']);
  });

  test('with another content under the same name is unpacked beside the first', async () => {
    await importZip(
      await zipOf('a.zip', { 'x.json': coco, 'birds/a.png': await photo('#336699') }),
    );
    await importZip(
      await zipOf('a.zip', { 'x.json': coco, 'birds/a.png': await photo('#993366') }),
    );
    expect(await readdir(at('work', 'a-2', 'birds'))).toEqual(['a.png']);
  });

  test('is unpacked beside the project, whatever its name', async () => {
    for (const name of ['..zip', '...zip', '.zip']) {
      await rm(at('work', 'archive'), { recursive: true, force: true });
      await importZip(await zipOf(name, { 'x.json': coco, 'birds/a.png': await photo('#336699') }));
      expect(await readdir(at('work', 'archive', 'birds'))).toEqual(['a.png']);
    }
    expect((await readdir(at('..'))).filter((name) => name.includes(`${basename(at())}-`))).toEqual(
      [],
    );
    expect((await readdir(at())).filter((name) => name.startsWith('work'))).toEqual(['work']);
  });

  test('never writes or reads outside', async () => {
    for (const name of ['../out.png', '/out.png', 'birds/../../out.png']) {
      const file = await zipOf('evil.zip', { 'x.json': coco, [name]: await photo('#ff0000') });
      await expect(importZip(file)).rejects.toMatchObject({ sentence: 'zipInvalid' });
    }
    expect(await stat(at('out.png')).catch(() => null)).toBeNull();
    const linked = await zipOf('link.zip', {
      'x.json': coco,
      'birds/a.png': { link: '/etc/passwd' },
    });
    expect(await (await openDataset(linked)).list()).toEqual(['x.json']);
    await rm(linked);
    await symlink('/etc/hostname', at('not.zip'));
    await expect(openDataset(at('not.zip'))).rejects.toMatchObject({ sentence: 'zipInvalid' });
  });

  test('that is damaged is refused, be it in its labels or in a photo', async () => {
    const files = { 'x.json': coco, 'birds/a.png': await photo('#336699') };
    for (const [part, other] of [
      ['"bbox":[4,4,10,8]', '"bbox":[4,4,19,8]'],
      ['IEND', 'IENX'],
    ] as const) {
      const file = await storedZipOf('damaged.zip', files);
      const bytes = (await readFile(file)).toString('latin1').replace(part, other);
      await writeFile(file, Buffer.from(bytes, 'latin1'));
      await expect(importZip(file)).rejects.toMatchObject({ sentence: 'zipInvalid' });
      expect(database.annotationCount()).toBe(0);
    }
  });

  test.each([
    ['UTF-8, as macOS packs it', Buffer.from('鸟鸟', 'utf8')],
    ['GBK, as Windows packs it', Buffer.from('c4f1c4f1', 'hex')],
  ])('whose names are in %s without saying so is read', async (_, name) => {
    const plain = 'Z'.repeat(name.length);
    const file = await zipOf('names.zip', {
      'x.json': coco.replace('birds/a.png', 'birds/鸟鸟.png'),
      [`birds/${plain}.png`]: await photo('#336699'),
    });
    const text = (await readFile(file)).toString('latin1');
    const bytes = Buffer.from(text.replaceAll(plain, name.toString('latin1')), 'latin1');
    for (const [mark, offset] of [
      ['PK\x03\x04', 7],
      ['PK\x01\x02', 9],
    ] as const) {
      for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) {
        bytes[at + offset]! &= ~0x08;
      }
    }
    await writeFile(file, bytes);
    expect(await importZip(file)).toMatchObject({ images: 1, annotations: 1, skipped: [] });
  });

  test('that unpacks to far too much, or is cut off, is refused before anything is written', async () => {
    const file = await zipOf('bomb.zip', { 'x.json': Buffer.alloc(300 * 2 ** 20) });
    await expect(importZip(file)).rejects.toMatchObject({ sentence: 'zipInvalid' });
    const whole = await zipOf('cut.zip', { 'x.json': coco, 'birds/a.png': await photo('#00ff00') });
    await writeFile(whole, (await readFile(whole)).subarray(0, -30));
    await expect(importZip(whole)).rejects.toMatchObject({ sentence: 'zipInvalid' });
    expect(database.imageCount()).toBe(0);
    expect(await readdir(at('work'))).not.toContain('cut');
  });
});

describe('photos without labels', () => {
  let application: Application;
  let ended: (end: JobEnd) => void;

  beforeEach(async () => {
    application = createApplication(folders.options, (name, payload) => {
      if (name === 'job:end') ended((payload as { end: JobEnd }).end);
    });
    await application.handlers['project.create']({ folder: at('work'), name: 'photos' });
  });

  afterEach(() => application.close());

  async function importAt(folder: string): Promise<JobEnd> {
    const end = new Promise<JobEnd>((resolve) => (ended = resolve));
    await application.handlers['images.importFolder']({ folder });
    return end;
  }

  async function paths(): Promise<string[]> {
    const { rows } = await application.handlers['images.list']({ offset: 0, limit: 100 });
    return rows.map(({ path }) => path);
  }

  test('in a zip archive are unpacked beside the project and imported, once', async () => {
    const file = await zipOf('Trip.zip', {
      'day 1/a.png': await photo('#336699'),
      'day 2/b.png': await photo('#993366'),
      'day 2/c.bmp': 'BM',
      'readme.txt': 'Photos of a trip.',
      '__MACOSX/day 1/._a.png': 'x',
    });
    expect(await detectDataset(file)).toEqual({
      ...{ isFolder: false, formats: [] },
      ...{ photos: 3, hasProject: false },
    });
    expect(await importAt(file)).toMatchObject({
      outcome: 'done',
      result: { images: 2, skipped: [{ what: 'day 2/c.bmp' }] },
    });
    expect(await paths()).toEqual(['day 1/a.png', 'day 2/b.png']);
    expect(await readdir(at('work', 'Trip', 'day 1'))).toEqual(['a.png']);
    expect(await importAt(file)).toMatchObject({ result: { images: 0 } });
    expect(await paths()).toHaveLength(2);
  });

  test('are imported one by one, too, whatever lies beside them', async () => {
    await writeFile(at('photos', 'one.png'), await photo('#336699'));
    await writeFile(at('photos', 'other.png'), await photo('#993366'));
    expect(await importAt(at('photos', 'one.png'))).toMatchObject({ result: { images: 1 } });
    expect(await paths()).toEqual(['one.png']);
  });

  test('that are none are refused before a job is made', async () => {
    const empty = await zipOf('text.zip', { 'readme.txt': 'No photos.' });
    await writeFile(at('notes.txt'), 'No photo.');
    for (const [path, sentence] of [
      [empty, 'zipWithoutPhotos'],
      [at('notes.txt'), 'fileNoPhoto'],
      [at('nothing.zip'), 'fileFailed'],
    ] as const) {
      const asked = application.handlers['images.importFolder']({ folder: path });
      await expect(Promise.resolve(asked)).rejects.toMatchObject({ sentence });
    }
  });
});

describe('an export', () => {
  async function exported(request: Omit<DatasetExport, 'path'>, name = 'out.zip') {
    return exportDataset(database, { path: at('work', name), zip: true, ...request }, context());
  }

  beforeEach(async () => {
    await mkdir(at('photos', 'birds'));
    await writeFile(at('photos', 'birds', 'a.png'), await photo('#336699'));
    await writeFile(at('photos', 'in.json'), coco);
    await importDataset(database, { path: at('photos', 'in.json') }, context());
  });

  test('of a folder or a file is one archive, which another project reads', async () => {
    for (const [format, options] of [
      ['yolo', { photos: true }],
      ['coco', {}],
      ['labelme', { photos: true }],
    ] as const) {
      const report = await exported({ format, options }, `${format}.zip`);
      expect(report).toMatchObject({ images: 1, annotations: 1, proof: { ok: true } });
      const other = createProjectDatabase(at(`${format}.pixelsail`), 'other');
      try {
        const images = format === 'coco' ? at('photos') : undefined;
        const request = { path: at('work', `${format}.zip`), format, images };
        expect(await importDataset(other, request, context())).toMatchObject({
          ...{ annotations: 1, images: 1, skipped: [] },
        });
      } finally {
        other.close();
      }
    }
    expect((await readdir(at('work'))).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('replaces its own earlier archive, and no other file', async () => {
    await exported({ format: 'yolo' });
    await exported({ format: 'yolo' });
    await expect(exported({ format: 'voc' })).rejects.toMatchObject({ code: 'already-exists' });
    await exported({ format: 'voc', overwrite: true });
    await writeFile(at('work', 'theirs.zip'), 'PK');
    await expect(exported({ format: 'voc' }, 'theirs.zip')).rejects.toMatchObject({
      code: 'already-exists',
    });
    expect(await readFile(at('work', 'theirs.zip'), 'utf8')).toBe('PK');
  });

  test('brings to the disk once what stays of it', async () => {
    const handle = await open(at('photos', 'in.json'));
    const sync = vi.spyOn(Object.getPrototypeOf(handle) as FileHandle, 'sync');
    const syncOfMany = vi.spyOn(fs, 'fsync');
    syncBuiltinESMExports();
    await handle.close();
    try {
      const syncsOf = async (request: Omit<DatasetExport, 'path'>, name: string) => {
        sync.mockClear();
        syncOfMany.mockClear();
        await exported(request, name);
        return sync.mock.calls.length + syncOfMany.mock.calls.length;
      };
      const folder = 1;
      expect(await syncsOf({ format: 'yolo' }, 'yolo.zip')).toBe(1 + folder);
      expect(await syncsOf({ format: 'coco', zip: false }, 'coco.json')).toBe(1 + folder);
      const options = { photos: true };
      const syncs = await syncsOf({ format: 'yolo', zip: false, options }, 'yolo');
      const files = await readdir(at('work', 'yolo'), { recursive: true, withFileTypes: true });
      const made = files.filter((entry) => entry.isFile() && !entry.name.endsWith('.png'));
      expect(made.length).toBeGreaterThan(2);
      expect(syncs).toBe(made.length + folder);
    } finally {
      sync.mockRestore();
      syncOfMany.mockRestore();
      syncBuiltinESMExports();
    }
  });

  test('that is cancelled while it is packed leaves nothing', async () => {
    const controller = new AbortController();
    const stopping = {
      ...context(),
      signal: controller.signal,
      progress: () => controller.abort(),
    };
    const request = { path: at('work', 'out.zip'), zip: true, format: 'yolo' };
    await expect(exportDataset(database, request, stopping)).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect((await readdir(at('work'))).filter((name) => /zip|part/.test(name))).toEqual([]);
  });
});
