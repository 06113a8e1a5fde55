import { execFileSync } from 'node:child_process';
import {
  copyFile,
  cp,
  link,
  mkdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ExportReport, ImportReport } from '../../../app/api/contract/dataset.ts';
import { exportDataset, type DatasetExport } from '../../../app/features/dataset/dataset-export.ts';
import { importDataset } from '../../../app/features/dataset/dataset-import.ts';
import { locateImage } from '../../../app/features/images/image-files.ts';
import { importFolder } from '../../../app/features/images/image-import.ts';
import { settlePhotos } from '../../../app/features/images/settle-photos.ts';
import { checkPhotos } from '../../../app/features/images/photo-check.ts';
import { createProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import { failureText } from '../../../renderer/i18n/failure-text.ts';
import { speak } from '../../../renderer/i18n/text.svelte.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';

// Files that other tools wrote, or that were merged by hand: small ones, with drawn photos.

const cases = fileURLToPath(new URL('../../fixtures/cases', import.meta.url));
const context = () => ({
  jobId: crypto.randomUUID(),
  signal: new AbortController().signal,
  progress: () => undefined,
});

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let database: ProjectDatabase;

beforeEach(async () => {
  folders = await makeApplicationFolders();
  database = createProjectDatabase(join(folders.folder, 'Cases.pixelsail'), 'Cases');
});

afterEach(async () => {
  expect(database.check()).toEqual([]);
  database.close();
  await folders.remove();
});

async function importCase(name: string): Promise<ImportReport> {
  const folder = join(folders.folder, name);
  await cp(join(cases, name), folder, { recursive: true });
  const file = join(folder, 'in.json');
  return importDataset(
    database,
    { path: file, format: 'coco', images: join(folder, 'photos') },
    context(),
  );
}

interface Written {
  images: { id: number; file_name: string; split?: string }[];
  categories: { id: number; name: string; supercategory: string }[];
  annotations: {
    image_id: number;
    category_id: number;
    bbox: number[];
    box_only?: boolean;
    score?: number;
  }[];
}

async function exportAll(
  options: Partial<DatasetExport> = {},
): Promise<Written & { report: ExportReport }> {
  const file = join(folders.folder, 'out.json');
  const report = await exportDataset(
    database,
    { path: file, format: 'coco', overwrite: true, ...options },
    context(),
  );
  return { ...(JSON.parse(await readFile(file, 'utf8')) as Written), report };
}

/** The boxes of each image's annotations by its file name. */
function boxesByImage({ images, annotations }: Written): Record<string, number[][]> {
  return Object.fromEntries(
    images.map(({ id, file_name: name }) => [
      name,
      annotations.filter(({ image_id: image }) => image === id).map(({ bbox }) => bbox),
    ]),
  );
}

/** The message, after a check that it exists in Chinese. */
function reasonsIn(notes: ImportReport['skipped'] | undefined): string[] {
  speak('zh-CN', []);
  for (const { error } of notes ?? []) {
    expect(failureText(error)).toMatch(/^(?!.*英文详情).*\p{Script=Han}/su);
  }
  speak('en', []);
  return (notes ?? []).map(({ what, reason }) => `${what}: ${reason}`);
}

describe('ids', () => {
  test('that two photos share leave out both rows and what is drawn under them', async () => {
    const { skipped, images, annotations } = await importCase('duplicate-image-ids');
    expect({ images, annotations }).toEqual({ images: 0, annotations: 0 });
    const shared = 'several images have the id 1; the annotations cannot be assigned';
    expect(reasonsIn(skipped)).toEqual([
      `images[0] (id 1): ${shared}`,
      `images[1] (id 1): ${shared}`,
      `annotations[0] (id 1): its image 1 was dropped: ${shared}`,
      `annotations[1] (id 2): its image 1 was dropped: ${shared}`,
    ]);
  });

  test('beyond 2^53 stay apart', async () => {
    expect(await importCase('huge-image-ids')).toMatchObject({ skipped: [], annotations: 2 });
    expect(boxesByImage(await exportAll())).toEqual({
      'a.png': [[4, 4, 10, 8]],
      'b.png': [[18, 10, 10, 10]],
    });
  });

  test('beyond 2^53 are kept by an export as they stood', async () => {
    await importCase('huge-image-ids');
    const { report } = await exportAll({ options: { keepIds: true } });
    expect(report).toMatchObject({ proof: { ok: true, objects: 2 }, changed: [] });
    const text = await readFile(join(folders.folder, 'out.json'), 'utf8');
    const [first, second] = ['9007199254740992', '9007199254740993'];
    expect(text.match(/"id":\d{10,}/g)).toEqual([`"id":${first}`, `"id":${second}`]);
    expect(text.match(/"image_id":\d+/g)).toEqual([`"image_id":${first}`, `"image_id":${second}`]);
  });

  test('that are text are kept by an export, and those that cannot be are told', async () => {
    const folder = join(folders.folder, 'text-ids');
    await cp(join(cases, 'huge-image-ids', 'photos'), join(folder, 'photos'), { recursive: true });
    const size = { width: 32, height: 24 };
    const box = { category_id: 'owl-1', iscrowd: 0 };
    const given = {
      images: [
        { id: 'a7f3', file_name: 'a.png', ...size },
        { id: '7', file_name: 'b.png', ...size },
      ],
      categories: [{ id: 'owl-1', name: 'owl' }],
      annotations: [
        { id: 'x', image_id: 'a7f3', bbox: [4, 4, 10, 8], ...box },
        { id: 0, image_id: '7', bbox: [18, 10, 10, 10], ...box },
        { id: 7, image_id: '7', bbox: [2, 2, 8, 8], ...box },
      ],
    };
    const path = join(folder, 'in.json');
    await writeFile(path, JSON.stringify(given));
    const images = join(folder, 'photos');
    const report = await importDataset(database, { path, format: 'coco', images }, context());
    expect(report).toMatchObject({ annotations: 3, skipped: [] });
    const written = await exportAll({ options: { keepIds: true } });
    expect(written.report).toMatchObject({ proof: { ok: true, objects: 3 } });
    expect(reasonsIn(written.report.changed)).toEqual([
      'Cases: 1 of its annotations have another id than in their file: another one has that id, or it is 0, which evaluation takes for no match',
    ]);
    expect(written.images.map(({ id }) => id)).toEqual(['a7f3', '7']);
    expect(written.categories.map(({ id }) => id)).toEqual(['owl-1']);
    const ids = written.annotations as unknown as { id: unknown; image_id: unknown }[];
    expect(ids.map(({ id, image_id: image }) => [id, image])).toEqual([
      ['x', 'a7f3'],
      [9, '7'],
      [7, '7'],
    ]);
  });

  test('that are text of many digits are kept as text, those that are numbers as numbers', async () => {
    const folder = join(folders.folder, 'quoted-ids');
    await cp(join(cases, 'huge-image-ids', 'photos'), join(folder, 'photos'), { recursive: true });
    const [quoted, bare] = ['"12345678901234567890"', '12345678901234567891'];
    const size = '"width": 32, "height": 24';
    const path = join(folder, 'in.json');
    await writeFile(
      path,
      `{"images": [{"id": ${quoted}, "file_name": "a.png", ${size}}, {"id": ${bare}, "file_name": "b.png", ${size}}],
      "categories": [{"id": ${quoted}, "name": "owl"}, {"id": ${bare}, "name": "cat"}],
      "annotations": [
        {"id": ${quoted}, "image_id": ${quoted}, "category_id": ${quoted}, "bbox": [4, 4, 10, 8]},
        {"id": ${bare}, "image_id": ${bare}, "category_id": ${bare}, "bbox": [18, 10, 10, 10]}]}`,
    );
    const images = join(folder, 'photos');
    const imported = await importDataset(database, { path, format: 'coco', images }, context());
    expect(imported).toMatchObject({ annotations: 2, skipped: [] });
    const { report } = await exportAll({ options: { keepIds: true } });
    expect(report).toMatchObject({ proof: { ok: true, objects: 2 }, changed: [] });
    const text = await readFile(join(folders.folder, 'out.json'), 'utf8');
    for (const key of ['image_id', 'category_id']) {
      expect(text.match(new RegExp(`"${key}":[^,}]+`, 'g'))).toEqual(
        [quoted, bare].map((id) => `"${key}":${id}`),
      );
    }
    const kept = [quoted, bare].map((id) => `"id":${id}`);
    expect(text.match(/"id":[^,}]+/g)!.sort()).toEqual([...kept, ...kept, ...kept].sort());
  });

  test('may be numbers in one place and strings in another', async () => {
    expect(await importCase('ids-of-two-types')).toMatchObject({ skipped: [], annotations: 1 });
    const { annotations, categories } = await exportAll();
    expect(annotations[0]!.category_id).toBe(categories[0]!.id);
  });
});

describe('categories', () => {
  test('of one name under two supercategories stay two', async () => {
    const { warnings } = await importCase('same-name-categories');
    expect(reasonsIn(warnings)).toEqual([
      'categories[1] (id 2): another category of the file has the name "other"; this one is renamed to "other (vehicle)"',
    ]);
    const first = await exportAll();
    const named = first.categories.map(({ name, supercategory }) => [name, supercategory]);
    expect(named).toEqual([
      ['other', 'animal'],
      ['other (vehicle)', 'vehicle'],
    ]);
    expect(first.annotations.map(({ category_id: id }) => id)).toEqual([1, 2]);
    const again = await importCase('same-name-categories');
    expect(again).toMatchObject({ annotations: 0, existing: { alreadyThere: 2 } });
  });

  test('that lie under each other lose the link that closes the circle', async () => {
    const { skipped, warnings, annotations } = await importCase('category-cycle');
    expect({ skipped, annotations }).toEqual({ skipped: [], annotations: 2 });
    expect(reasonsIn(warnings)).toEqual([
      'categories[1] (id 2): its supercategory "a" is a descendant of "b"; it is kept without a supercategory',
    ]);
    expect((await exportAll()).annotations).toHaveLength(2);
  });

  test('whose name ends in half a character are kept under a whole name', async () => {
    const { skipped, warnings } = await importCase('broken-surrogate-category');
    expect(skipped).toEqual([]);
    expect(reasonsIn(warnings)).toEqual([
      'categories[0] (id 1): its name has a broken surrogate pair (half a character); it is kept as "cat\uFFFD"',
    ]);
    expect((await exportAll()).categories.map(({ name }) => name)).toEqual(['cat\uFFFD', 'ok']);
  });
});

describe('regions', () => {
  test('whose segmentation says nothing are the box beside it', async () => {
    const { skipped, warnings } = await importCase('box-beside-empty-segmentation');
    expect(skipped).toEqual([]);
    expect(reasonsIn(warnings)).toHaveLength(7);
    const { annotations } = await exportAll();
    expect(annotations.map(({ box_only: isBox, bbox }) => [isBox, bbox])).toEqual(
      [2, 4, 6, 8, 10, 12, 14, 16].map((x) => [true, [x, 3, 6, 5]]),
    );
  });

  test('are kept without the keys that hold NaN', async () => {
    const { skipped, warnings, annotations } = await importCase('nan-beside');
    expect({ skipped, annotations }).toEqual({ skipped: [], annotations: 2 });
    expect(reasonsIn(warnings)).toEqual([
      'annotations[0] (id 1): its score holds NaN or Infinity, which is not JSON; the key is left out',
      'annotations[1] (id 2): its area holds NaN or Infinity, which is not JSON; the key is left out',
    ]);
    expect((await exportAll()).annotations.map(({ score }) => score)).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('with a larger box than their mask keep the box beside it', async () => {
    expect(reasonsIn((await importCase('extra-box-lost')).warnings)).toEqual([
      'annotations[0] (id 1): its bbox [2,2,20,18] differs from the box [4,4,10,8] of its segmentation, which replaces it; the original is kept as given_bbox',
    ]);
    const [written] = (await exportAll()).annotations;
    expect(written).toMatchObject({ bbox: [4, 4, 10, 8], given_bbox: [2, 2, 20, 18] });
  });

  test('whose box is turned become the outline of the turned box', async () => {
    expect(reasonsIn((await importCase('rotated-box')).warnings)).toEqual([
      'annotations[0] (id 1): its bbox [4,4,10,8] is rotated by 45 degrees; it becomes an outline',
    ]);
    const { annotations } = await exportAll({ options: { profile: 'training' } });
    const [written] = annotations as unknown as { segmentation: number[][]; attributes: object }[];
    expect(written!.segmentation[0]!.map((value) => Math.round(100 * value) / 100)).toEqual([
      8.29, 1.64, 15.36, 8.71, 9.71, 14.36, 2.64, 7.29,
    ]);
    expect(written!.attributes).toEqual({ occluded: false });
    const again = await importCase('rotated-box');
    expect(again).toMatchObject({ annotations: 0, existing: { alreadyThere: 1 } });
  });

  test('of a photo that has another size on disk are scaled with it', async () => {
    const { skipped, warnings } = await importCase('scaled-sizes');
    expect(skipped).toEqual([]);
    expect(reasonsIn(warnings)).toEqual([
      'images[0] (id 1): its size is 64 x 48 in the file but 32 x 24 on disk; shapes are scaled to the size on disk',
    ]);
    expect(boxesByImage(await exportAll())).toEqual({
      'a.png': [
        [4, 4, 10, 8],
        [18, 10, 10, 10],
      ],
    });
  });

  test('of a photo that has other proportions on disk are left out with it', async () => {
    const folder = join(folders.folder, 'turned');
    await cp(join(cases, 'scaled-sizes'), folder, { recursive: true });
    const file = join(folder, 'in.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"width": 64, "height": 48', '"width": 48, "height": 64'));
    const report = await importDataset(
      database,
      { path: file, format: 'coco', images: join(folder, 'photos') },
      context(),
    );
    expect(reasonsIn(report.skipped)[0]).toBe(
      'images[0] (id 1): its size is 48 x 64 in the file but 32 x 24 on disk, with another ' +
        'aspect ratio; the shapes cannot be placed',
    );
    expect(report).toMatchObject({ annotations: 0 });
  });

  test('whose counts are the text of Python bytes are read', async () => {
    expect(await importCase('counts-bytes-repr')).toMatchObject({ skipped: [], annotations: 1 });
    expect(boxesByImage(await exportAll())).toEqual({ 'a.png': [[4, 4, 10, 8]] });
  });
});

describe('files', () => {
  test('in UTF-16 are read, with a mark and without, either byte first', async () => {
    expect(await importCase('utf16-file')).toMatchObject({ skipped: [], annotations: 1 });
    const marked = await readFile(join(cases, 'utf16-file', 'in.json'));
    const folder = join(folders.folder, 'utf16-file');
    for (const bytes of [marked.subarray(2), Buffer.from(marked).swap16()]) {
      const file = join(folder, 'other.json');
      await writeFile(file, bytes);
      const report = await importDataset(
        database,
        { path: file, format: 'coco', images: join(folder, 'photos') },
        context(),
      );
      expect(report).toMatchObject({ skipped: [], existing: { alreadyThere: 1 } });
    }
  });

  test('with licences, gaps and facts about themselves can be written so again', async () => {
    const { skipped, warnings } = await importCase('ids-and-licences-kept');
    expect([skipped, warnings]).toEqual([[], []]);
    const licenses = [{ id: 4, name: 'CC BY 2.0', url: 'http://example.org' }];
    expect(await exportAll()).toMatchObject({ licenses, images: [{ id: 1, license: 4 }] });
    const kept = await exportAll({ options: { keepIds: true } });
    expect(kept).toMatchObject({
      licenses,
      info: { contributor: 'someone', url: 'http://example.org' },
      images: [{ id: 397133, license: 4 }],
      annotations: [{ id: 82445, image_id: 397133, category_id: 90 }],
      categories: [
        { id: 13, name: 'stop sign' },
        { id: 90, name: 'toothbrush' },
      ],
    });
    expect(kept.report.proof).toMatchObject({ ok: true, objects: 1 });
  });

  test('in another encoding are refused before anything is changed', async () => {
    await expect(importCase('gbk-file')).rejects.toMatchObject({
      code: 'dataset-invalid',
      sentence: 'datasetNotUtf8',
    });
    expect(database.categories()).toEqual([]);
    expect(database.imageCount()).toBe(0);
  });
});

describe('images', () => {
  test('bring their split, which exports follow', async () => {
    expect(await importCase('split-contradicts')).toMatchObject({ skipped: [], warnings: [] });
    const { images } = await exportAll({ split: 'train' });
    expect(images).toMatchObject([{ file_name: 'a.png', split: 'train' }]);
    const { image } = [...database.exportImages()][0]!;
    const moved = { ...image, split: 'test' as const };
    database.apply('Move', { added: {}, removed: {}, updated: { [image.id]: [image, moved] } });
    expect((await exportAll()).images.map(({ split }) => split)).toEqual(['test', 'validation']);
    await importCase('split-contradicts');
    expect((await exportAll()).images.map(({ split }) => split)).toEqual(['test', 'validation']);
  });

  test('of which several may be meant are left out with their paths', async () => {
    expect(reasonsIn((await importCase('two-candidates')).skipped)).toEqual([
      'images[0] (id 1): the file name "a.png" fits 2 images of the project: x/a.png, y/a.png',
      expect.stringMatching(/^annotations\[0\]/),
    ]);
  });

  test('are found under the names that other tools write for them', async () => {
    const { skipped, warnings, annotations } = await importCase('file-names-of-other-tools');
    expect({ skipped, annotations }).toEqual({ skipped: [], annotations: 6 });
    const alike = (index: number, found: string, path: string): string =>
      `images[${index}] (id ${index + 1}): no image of the project has exactly the file name ${JSON.stringify(found)}; ` +
      `${path} is used`;
    expect(reasonsIn(warnings)).toEqual([
      alike(0, 'my%20photo.png', 'my photo.png'),
      alike(1, 'b.PNG', 'b.png'),
      alike(2, 'c', 'c.png'),
      alike(3, '/data/local-files/?d=d.png', 'd.png'),
      alike(4, 'http://host/e.png?sig=1', 'e.png'),
      alike(5, ' f.png ', 'f.png'),
    ]);
    expect(Object.values(boxesByImage(await exportAll())).flat()).toHaveLength(6);
  });

  test('with the very name are meant before those with a name that is alike', async () => {
    const folder = join(folders.folder, 'huge-image-ids');
    await cp(join(cases, 'huge-image-ids'), folder, { recursive: true });
    await cp(join(folder, 'photos', 'b.png'), join(folder, 'photos', 'A.PNG'));
    const file = join(folder, 'in.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('b.png', 'A.jpg'));
    const report = await importDataset(
      database,
      { path: file, format: 'coco', images: join(folder, 'photos') },
      context(),
    );
    expect(reasonsIn(report.skipped)[0]).toBe(
      'images[1] (id 9007199254740993): no image of the project has the file name "A.jpg"',
    );
    expect(boxesByImage(await exportAll())).toEqual({ 'a.png': [[4, 4, 10, 8]] });
  });

  test('whose photo is gone or another one are named by exports and checks, and not shown', async () => {
    await importCase('photo-changed-on-disk');
    const folder = join(folders.folder, 'photo-changed-on-disk');
    const path = (name: string): string => join(folder, 'photos', name);
    const context = { signal: new AbortController().signal, progress: () => undefined };
    const images = [...database.exportImages()].map(({ image }) => image);
    const check = (): Promise<ImportReport['skipped']> =>
      checkPhotos(database, images, { everyByte: true }, context).then((notes) => [...notes]);
    expect([(await exportAll()).report.photos, await check()]).toEqual([[], []]);
    await copyFile(join(folder, 'replaced.png'), path('a.png'));
    // Another photo of the same size.
    await copyFile(path('b.png'), path('c.png'));
    await rm(path('b.png'));
    const expected = [
      `a.png: ${path('a.png')} differs from the imported photo: it has 16 x 12 pixels instead of 32 x 24. ` +
        'Restore the photo, or import the new one under another name.',
      `b.png: Cannot read the image ${path('b.png')}: it does not exist. Check the path and try again.`,
      `c.png: ${path('c.png')} differs from the imported photo: its content has changed. ` +
        'Restore the photo, or check that its annotations still fit.',
    ];
    expect(reasonsIn((await exportAll()).report.photos)).toEqual(expected);
    expect(reasonsIn(await check())).toEqual(expected);
    const shown = images.find((image) => image.path === 'a.png')!;
    await expect(locateImage(database, shown)).rejects.toMatchObject({
      sentence: 'imageSizeChanged',
    });
  });

  test('whose path leads out of their folder, as a stranger may name it, are not read by checks', async () => {
    await importCase('photo-changed-on-disk');
    const image = database.image(database.images()[0]!.id)!;
    const context = { signal: new AbortController().signal, progress: () => undefined };
    const outside = { ...image, path: '../replaced.png' };
    expect(await checkPhotos(database, [outside], { everyByte: true }, context)).toMatchObject([
      { what: '../replaced.png', error: { code: 'permission-denied' } },
    ]);
  });

  test.skipIf(process.platform === 'win32')(
    'whose photo is a pipe now, or a file of the open project, are not opened by checks',
    async () => {
      await importCase('photo-changed-on-disk');
      const path = join(folders.folder, 'photo-changed-on-disk', 'photos', 'a.png');
      const image = [...database.exportImages()].find((row) => row.image.path === 'a.png')!.image;
      const context = { signal: new AbortController().signal, progress: () => undefined };
      const check = () => checkPhotos(database, [image], { everyByte: true }, context);
      await rm(path);
      await link(database.file, path);
      expect(await check()).toMatchObject([{ what: 'a.png', error: { code: 'conflict' } }]);
      await rm(path);
      execFileSync('mkfifo', [path]);
      expect(await check()).toMatchObject([{ what: 'a.png', error: { code: 'invalid-input' } }]);
    },
  );

  describe.each(['keep', 'scale', 'set-aside'] as const)('whose photo was changed', (choice) => {
    test(`can ${choice}, as one step that undo takes back`, async () => {
      await importCase('photo-changed-on-disk');
      const folder = join(folders.folder, 'photo-changed-on-disk');
      await copyFile(join(folder, 'replaced.png'), join(folder, 'photos', 'a.png'));
      await rm(join(folder, 'photos', 'b.png'));
      const before = await exportAll();
      const { photos } = await importFolder(database, join(folder, 'photos'), context());
      // A photo that is gone is not found again; the export names it.
      expect(photos!.map(({ what }) => what)).toEqual(['a.png']);
      const imageIds = before.report.photos.map(({ imageId }) => imageId);
      const report = await settlePhotos(database, { imageIds, choice }, context());
      const isAside = choice === 'set-aside';
      expect(report).toEqual({ changed: isAside ? 2 : 1, passedOver: isAside ? 0 : 1 });
      const after = await exportAll();
      const left = after.images.find(({ file_name: name }) => name === 'a.png');
      expect(after.report.photos.map(({ what }) => what)).toEqual(isAside ? [] : ['b.png']);
      if (isAside) expect(left).toBeUndefined();
      else expect(left).toMatchObject({ width: 16, height: 12 });
      const boxes = { keep: [[4, 4, 10, 8]], scale: [[2, 2, 5, 4]], 'set-aside': undefined };
      expect(boxesByImage(after)['a.png']).toEqual(boxes[choice]);
      database.undo();
      expect((await exportAll()).images).toEqual(before.images);
    });
  });

  test('whose photo was moved go with it', async () => {
    await importCase('photo-moved-in-folder');
    const photos = join(folders.folder, 'photo-moved-in-folder', 'photos');
    await mkdir(join(photos, 'new'));
    await rename(join(photos, 'a.png'), join(photos, 'new', 'a.png'));
    await cp(join(photos, 'new', 'a.png'), join(photos, 'new', 'copy.png'));
    const { images, skipped, warnings } = await importFolder(database, photos, context());
    expect({ images, skipped }).toEqual({ images: 1, skipped: [] });
    expect(reasonsIn(warnings)).toEqual([
      'new/a.png: it has the content of the missing photo a.png; the image and its annotations are moved to this path.',
    ]);
    expect(database.imageCount()).toBe(2);
    expect(boxesByImage(await exportAll())).toEqual({ 'new/a.png': [[4, 4, 10, 8]] });
  });

  test('whose photo was copied stay where they are', async () => {
    await importCase('photo-moved-in-folder');
    const photos = join(folders.folder, 'photo-moved-in-folder', 'photos');
    await cp(join(photos, 'a.png'), join(photos, 'copy.png'));
    const { images, warnings } = await importFolder(database, photos, context());
    expect({ images, warnings }).toEqual({ images: 1, warnings: undefined });
    expect(boxesByImage(await exportAll())).toEqual({ 'a.png': [[4, 4, 10, 8]] });
  });

  test('of the imported folder are meant, though another folder has the same names', async () => {
    const other = join(folders.folder, 'other', 'photos');
    await mkdir(dirname(other));
    await cp(join(cases, 'huge-image-ids', 'photos'), other, { recursive: true });
    await importFolder(database, other, context());
    expect(await importCase('huge-image-ids')).toMatchObject({ skipped: [], annotations: 2 });
    const own = [...database.exportAnnotations()].map(({ annotation }) => annotation.imageId);
    const [folder] = database.folders().filter(({ path }) => path.startsWith('huge-image-ids'));
    expect(own.map((id) => database.image(id)!.folderId)).toEqual([folder!.id, folder!.id]);
  });
});

describe('folders', () => {
  async function importPhotosOf(name: string): Promise<ImportReport> {
    const photos = join(folders.folder, name, 'photos');
    await cp(join(cases, name, 'photos'), photos, { recursive: true });
    return importFolder(database, photos, context());
  }

  function paths(): string[] {
    return [...database.exportImages()].map(({ image }) => image.path);
  }

  test('in which devices and archives keep small copies hold no photos', async () => {
    expect(await importPhotosOf('nas-thumbnails')).toMatchObject({ images: 1, skipped: [] });
    expect(paths()).toEqual(['a.png']);
  });

  test('that are links are named', async () => {
    const photos = join(folders.folder, 'links', 'photos');
    await cp(join(cases, 'huge-image-ids', 'photos'), photos, { recursive: true });
    await symlink(join(cases, 'nas-thumbnails', 'photos'), join(photos, 'sub'));
    const expected = [
      'sub: it is a link to a folder; such links are not followed. Import the folder itself.',
    ];
    const { images, skipped } = await importFolder(database, photos, context());
    expect({ images, skipped: reasonsIn(skipped) }).toEqual({ images: 2, skipped: expected });
    const file = join(cases, 'huge-image-ids', 'in.json');
    expect(
      reasonsIn(
        (await importDataset(database, { path: file, format: 'coco', images: photos }, context()))
          .skipped,
      ),
    ).toEqual(expected);
    const chosen = await importFolder(database, photos, context(), (path) => path === 'a.png');
    expect(chosen.skipped).toEqual([]);
  });

  test('name each picture that is not read, and the pages that are left out', async () => {
    const { images, skipped, warnings } = await importPhotosOf('unread-endings');
    expect(images).toBe(4);
    expect(paths()).toEqual(['b.jfif', 'c.jpe', 'many.tif', 'ok.png']);
    expect(reasonsIn(skipped)).toEqual(
      ['a.bmp', 'd.ppm', 'e.jp2'].map(
        (name) =>
          `${name}: the file type ${name.slice(1)} is not supported. Save it as PNG or JPEG.`,
      ),
    );
    expect(reasonsIn(warnings)).toEqual([
      'many.tif: it has 3 pages or frames; only the first is imported. Save the others as separate files.',
    ]);
  });
});
