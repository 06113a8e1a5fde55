import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, utimes } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { detectDataset } from '../../../app/features/dataset/dataset-formats.ts';
import { draftName } from '../../../app/files/new-file.ts';
import { makeHandout } from '../../../app/features/handout/make-handout.ts';
import { mergeHandout, previewMerge } from '../../../app/features/handout/merge-handout.ts';
import { locateImage } from '../../../app/features/images/image-files.ts';
import { importFolder } from '../../../app/features/images/image-import.ts';
import { Projects } from '../../../app/features/project/projects.ts';
import { addition, removal, replacement } from '../../../core/diff.ts';
import { makeItem, oneSegment } from '../../../core/project/make-item.ts';
import { personOf } from '../../../core/project/person.ts';
import type { Annotation, ImageRecord } from '../../../core/records.ts';
import {
  createProjectDatabase,
  openProjectDatabase,
  type ProjectDatabase,
} from '../../../db/project-database.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';
import { drawnRegion, makeCategory } from '../../support/test-editor.ts';

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let project: ProjectDatabase;
let images: readonly ImageRecord[];
let region: Annotation;
const cat = makeCategory('cat');

const context = { jobId: 'x', signal: new AbortController().signal, progress: () => undefined };
const place = (name: string) => join(folders.folder, name);

beforeEach(async () => {
  folders = await makeApplicationFolders();
  project = createProjectDatabase(place('whole.pixelsail'), 'whole');
  await importFolder(project, folders.options.samplePhotos, context);
  images = [...project.exportImages()].map(({ image }) => image);
  const [first, second] = images as [ImageRecord, ImageRecord];
  region = { ...drawnRegion(first, { kind: 'box', box: [9, 9, 30, 30] }, 0), categoryId: cat.id };
  const other = drawnRegion(second, { kind: 'box', box: [5, 5, 10, 10] }, 0);
  project.apply('Label', addition(cat, region, { ...other, extra: { secret: 'unseen-word' } }));
  project.apply('Split', replacement(first, { ...first, split: 'test' }));
});

afterEach(async () => {
  expect(project.check()).toEqual([]);
  await project.endReads();
  project.close();
  await folders.remove();
});

/** The edits of a colleague in a file. */
async function inFile(file: string, work: (handout: ProjectDatabase) => void): Promise<void> {
  const handout = openProjectDatabase(file);
  try {
    work(handout.by({ window: null, person: personOf('Mei'), others: () => [] }));
    expect(handout.check()).toEqual([]);
  } finally {
    await handout.endReads();
    handout.close();
  }
}

test('a handout has the chosen images with what is about them, no history, and nothing of the others', async () => {
  const file = place('part.pixelsail');
  expect(await makeHandout(project, { file, split: 'test' }, context)).toMatchObject({
    ...{ file, images: 1, photos: null },
  });
  await inFile(file, (handout) => {
    expect(handout.name).toBe('part');
    expect([handout.imageCount(), handout.annotationCount()]).toEqual([1, 1]);
    expect(handout.history().map(({ label }) => label)).toEqual([{ key: 'handOut', parts: {} }]);
    expect(handout.folders()[0]!.path).toBe(project.folders()[0]!.path);
    expect(handout.categories()).toEqual([cat]);
  });
  expect((await readFile(file)).includes('unseen-word')).toBe(false);
  await expect(makeHandout(project, { file }, context)).rejects.toMatchObject({
    code: 'already-exists',
  });
  const none = { file: place('none.pixelsail'), split: 'train' } as const;
  await expect(makeHandout(project, none, context)).rejects.toMatchObject({
    code: 'invalid-input',
  });
});

test('what a colleague changed is merged in one step, beside what was changed here', async () => {
  const file = place('part.pixelsail');
  await makeHandout(project, { file }, context);
  const mei = personOf('Mei')!;
  const item = makeItem(
    { task: 'description', content: { text: 'a tabby' } },
    { imageId: region.imageId, segments: oneSegment('description', region.id) },
    { source: 'person', by: mei.id },
  );
  const theirDog = makeCategory('dog');
  await inFile(file, (handout) => {
    handout.addPerson(mei);
    handout.apply('Describe', addition(item, theirDog));
    handout.apply('Relabel', replacement(region, { ...region, categoryId: theirDog.id }));
  });
  const ownDog = makeCategory('Dog');
  project.apply('Own', addition(ownDog));
  project.apply('Order', replacement(region, { ...region, zOrder: 7 }));
  const before = project.history().length;

  expect(await mergeHandout(project, file, () => 'here', context)).toMatchObject({
    added: 1,
    updated: 1,
    removed: 0,
    conflicts: [],
    leftOut: [],
  });
  expect(project.history()).toHaveLength(before + 1);
  expect(project.annotation(region.id)).toMatchObject({ categoryId: ownDog.id, zOrder: 7 });
  expect(project.items(region.imageId)).toEqual([item]);
  expect(project.people()).toContainEqual(mei);

  expect(await mergeHandout(project, file, () => 'here', context)).toMatchObject({
    added: 0,
    updated: 0,
  });
  project.undo();
  expect(project.items(region.imageId)).toEqual([]);
});

test('what both changed is named with both sides, and stays as is decided', async () => {
  const file = place('part.pixelsail');
  await makeHandout(project, { file }, context);
  await inFile(file, (handout) =>
    handout.apply('Order', replacement(region, { ...region, zOrder: 3 })),
  );
  project.apply('Order', replacement(region, { ...region, zOrder: 7 }));
  const conflict = {
    reason: 'changed-by-both',
    fields: ['zOrder'],
    before: { zOrder: 0 },
    here: { zOrder: 7 },
    there: { zOrder: 3 },
  };
  expect(await previewMerge(project, file)).toMatchObject({ conflicts: [conflict] });
  await mergeHandout(project, file, () => 'here', context);
  expect(project.annotation(region.id)?.zOrder).toBe(7);
  await mergeHandout(project, file, () => 'there', context);
  expect(project.annotation(region.id)?.zOrder).toBe(3);
});

test('photos that a colleague took out or brought in come and go, once', async () => {
  const file = place('part.pixelsail');
  await makeHandout(project, { file }, context);
  const [, , third, fourth] = images as [ImageRecord, ImageRecord, ImageRecord, ImageRecord];
  await inFile(file, (handout) => {
    const there = handout.image(third.id)!;
    handout.apply('Take out', removal(there));
    handout.apply('Bring', addition({ ...there, id: 'new', path: 'new.jpg' }));
    handout.apply(
      'State',
      replacement(handout.image(fourth.id)!, { ...handout.image(fourth.id)!, split: 'train' }),
    );
  });
  expect(await mergeHandout(project, file, () => 'here', context)).toMatchObject({
    added: 1,
    updated: 1,
    removed: 1,
    conflicts: [],
  });
  expect(project.image(third.id)).toBeNull();
  expect(project.image('new')?.folderId).toBe(third.folderId);
  expect(project.image(fourth.id)).toEqual({ ...fourth, split: 'train' });
});

test('a look at what would be merged writes nothing into the project', async () => {
  const file = place('part.pixelsail');
  await makeHandout(project, { file }, context);
  await inFile(file, (handout) => {
    const folderId = handout.addFolder(place('elsewhere')).id;
    handout.apply('Bring', addition({ ...images[0]!, id: 'new', folderId }));
  });
  const before = project.folders();
  expect(await previewMerge(project, file)).toMatchObject({ conflicts: [], leftOut: [] });
  expect(project.folders()).toEqual(before);
  expect(await mergeHandout(project, file, () => 'here', context)).toMatchObject({ added: 1 });
  expect(project.folders()).toHaveLength(before.length + 1);
});

test('a file of another project is refused, whatever it is', async () => {
  const other = createProjectDatabase(place('other.pixelsail'), 'other');
  await other.endReads();
  other.close();
  await expect(mergeHandout(project, other.file, () => 'there', context)).rejects.toMatchObject({
    code: 'invalid-input',
    detail: {},
  });
  await expect(mergeHandout(project, project.file, () => 'there', context)).rejects.toMatchObject({
    code: 'conflict',
  });
});

test('photos go along into a folder beside the file, and what changed with them comes back', async () => {
  const file = place('with.pixelsail');
  const made = await makeHandout(project, { file, hasPhotos: true }, context);
  expect(made).toEqual({ file, images: 8, photos: place('with photos'), leftOut: [] });
  await inFile(file, (handout) => {
    const [row] = handout.exportImages();
    const [folder] = handout.folders();
    expect(folder!.path).toBe(join('with photos', '1'));
    const { path, sha256 } = row!.image;
    const bytes = readFileSync(place(join('with photos', '1', path)));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    handout.apply('State', replacement(row!.image, { ...row!.image, state: 'done' }));
  });
  const folderIds = project.folders().length;
  const merged = await mergeHandout(project, file, () => 'here', context);
  expect(merged).toMatchObject({ added: 0, updated: 1, conflicts: [] });
  const [first] = project.exportImages();
  expect(first!.image.state).toBe('done');
  expect(project.folders().length).toBe(folderIds);
  const again = makeHandout(project, { file: place('with photos.pixelsail') }, context);
  await expect(again).resolves.toMatchObject({ images: 8 });
});

test('one zip archive holds photos and project, is opened as it is, and comes back merged', async () => {
  await mkdir(place('theirs'));
  const file = place('for Mei.zip');
  const made = await makeHandout(project, { file, split: 'test' }, context);
  expect(made).toEqual({ file, images: 1, photos: null, leftOut: [] });
  expect((await readdir(folders.folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  expect(await detectDataset(file)).toMatchObject({ formats: [], hasProject: true });
  const sent = place(join('theirs', 'for Mei.zip'));
  await copyFile(file, sent);

  const there = new Projects(place('home'));
  const [row] = project.exportImages();
  for (const text of ['a tabby', 'an old tabby']) {
    // The second time, what the first one wrote is still there.
    expect(await there.open(sent)).toMatchObject({ name: 'for Mei', images: 1 });
    const database = there.require();
    expect(database.file).toBe(place(join('theirs', 'for Mei', 'for Mei.pixelsail')));
    const photo = await locateImage(database, database.image(row!.image.id)!);
    const hash = createHash('sha256').update(readFileSync(photo)).digest('hex');
    expect(hash).toBe(row!.image.sha256);
    const subject = { imageId: row!.image.id, segments: [] };
    const words = { task: 'description', content: { text } } as const;
    database.apply('Describe', addition(makeItem(words, subject, { source: 'person' })));
    await there.close();
  }

  const textsHere = () =>
    project
      .items(row!.image.id)
      .map(({ content }) => (content as { text: string }).text)
      .sort();
  const theirs = place(join('theirs', 'for Mei', 'for Mei.pixelsail'));
  expect(await mergeHandout(project, theirs, () => 'here', context)).toMatchObject({ added: 2 });
  expect(textsHere()).toEqual(['a tabby', 'an old tabby']);
  project.undo();
  // The archive as it was sent brings nothing; packed again, it brings the same.
  expect(await mergeHandout(project, file, () => 'here', context)).toMatchObject({ added: 0 });
  const back = place('back.zip');
  const zip = new ZipFile();
  zip.addFile(theirs, 'for Mei/for Mei.pixelsail');
  zip.end();
  await pipeline(zip.outputStream as PassThrough, createWriteStream(back));
  expect(await mergeHandout(project, back, () => 'here', context)).toMatchObject({ added: 2 });
  expect(textsHere()).toEqual(['a tabby', 'an old tabby']);
});

test('an archive is no handout without one project, and replaces no file', async () => {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from('x'), 'a.txt');
  zip.end();
  const file = place('none.zip');
  await pipeline(zip.outputStream as PassThrough, createWriteStream(file));
  await expect(new Projects(place('home')).open(file)).rejects.toMatchObject({
    sentence: 'handoutZipWithout',
  });
  await expect(makeHandout(project, { file }, context)).rejects.toMatchObject({
    code: 'already-exists',
  });
  const stopped = { ...context, signal: AbortSignal.abort() };
  await expect(makeHandout(project, { file: place('stopped.zip') }, stopped)).rejects.toMatchObject(
    { code: 'cancelled' },
  );
  const names = await readdir(folders.folder);
  expect(names.filter((name) => name.startsWith('.') || name === 'stopped.zip')).toEqual([]);
});

test('a photo that a colleague took out of a handout with photos is taken out, and is no conflict', async () => {
  const file = place('with.pixelsail');
  await makeHandout(project, { file, hasPhotos: true }, context);
  const [, , third, fourth] = images as [ImageRecord, ImageRecord, ImageRecord, ImageRecord];
  await inFile(file, (handout) => {
    const [there, other] = [handout.image(third.id)!, handout.image(fourth.id)!];
    handout.apply('Take out', removal(there));
    handout.apply('Bring', addition({ ...there, id: 'new', path: 'new.jpg' }));
    handout.apply('State', replacement(other, { ...other, state: 'done' }));
  });
  project.apply('Take out', removal(fourth));
  const merged = await mergeHandout(project, file, () => 'there', context);
  expect(merged).toMatchObject({ added: 2, removed: 1 });
  expect(merged.conflicts.map(({ reason }) => reason)).toEqual(['removed-here']);
  expect(project.image(third.id)).toBeNull();
  expect(project.image(fourth.id)).toEqual({ ...fourth, state: 'done' });
  expect(project.image('new')!.folderId).not.toBe(fourth.folderId);
});

test('a photo is never copied out of the folder, however a stranger has named it', async () => {
  const photos = realpathSync(folders.options.samplePhotos);
  const parts = photos.split(sep).slice(-3);
  const [first] = images as [ImageRecord];
  const path = ['..', '..', '..', ...parts, first.path].join('/');
  project.apply('Name', replacement(project.image(first.id)!, { ...first, path }));
  const file = place('with.pixelsail');
  const made = await makeHandout(project, { file, hasPhotos: true }, context);
  expect(made.leftOut).toMatchObject([{ what: path }]);
  expect(existsSync(place(parts[0]!))).toBe(false);
});

test('a file that somebody put in the place of a handout meanwhile is kept', async () => {
  const file = place('late.pixelsail');
  const progress = () => writeFileSync(file, 'theirs');
  const made = makeHandout(project, { file, hasPhotos: true }, { ...context, progress });
  await expect(made).rejects.toMatchObject({ code: 'already-exists' });
  expect(readFileSync(file, 'utf8')).toBe('theirs');
  const names = await readdir(folders.folder);
  expect(names.filter((name) => name.startsWith('.') || name === 'late photos')).toEqual([]);
});

test('a handout that is cancelled, or whose process was killed, leaves nothing behind', async () => {
  const stopped = { ...context, signal: AbortSignal.abort() };
  const cancelled = makeHandout(project, { file: place('a.pixelsail'), hasPhotos: true }, stopped);
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  const endedProcess = spawnSync(process.execPath, ['-e', '']).pid;
  const left = place(draftName(endedProcess));
  await mkdir(left);
  const minutesAgo = new Date(Date.now() - 300_000);
  await utimes(left, minutesAgo, minutesAgo);
  await makeHandout(project, { file: place('b.pixelsail') }, context);
  const names = await readdir(folders.folder);
  expect(names.filter((name) => name.startsWith('.'))).toEqual([]);
  expect(names).not.toContain('a.pixelsail');
});

test('a merge that is cancelled changes nothing', async () => {
  const file = place('part.pixelsail');
  await makeHandout(project, { file }, context);
  await inFile(file, (handout) => {
    const [row] = handout.exportImages();
    handout.apply('State', replacement(row!.image, { ...row!.image, state: 'done' }));
  });
  const stopped = { ...context, signal: AbortSignal.abort() };
  const steps = project.history().length;
  const cancelled = mergeHandout(project, file, () => 'here', stopped);
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  expect(project.history().length).toBe(steps);
});

test('a handout that comes back unchanged is said to have nothing, and makes no step', async () => {
  const file = place('part.pixelsail');
  await makeHandout(project, { file }, context);
  expect(await previewMerge(project, file)).toMatchObject({ conflicts: [], changesNothing: true });
  const steps = project.history().length;
  const merged = await mergeHandout(project, file, () => 'here', context);
  expect(merged).toMatchObject({ added: 0, updated: 0, removed: 0 });
  expect(project.history()).toHaveLength(steps);

  await inFile(file, (handout) => {
    const [row] = handout.exportImages();
    handout.apply('State', replacement(row!.image, { ...row!.image, state: 'done' }));
  });
  expect(await previewMerge(project, file)).toMatchObject({ changesNothing: false });
});
