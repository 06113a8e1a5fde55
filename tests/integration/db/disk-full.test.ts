import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, expect, test } from 'vitest';
import { addition } from '../../../core/diff.ts';
import type { Annotation } from '../../../core/records.ts';
import {
  createProjectDatabase,
  SqliteProjectDatabase,
  type ProjectDatabase,
} from '../../../db/project-database.ts';
import { openProjectFile } from '../../../db/project-file.ts';
import { makeAnnotation, makeImage } from './make-records.ts';
import { reopen, temporaryFolder, temporaryProject } from './temporary-project.ts';

function addImage(database: ProjectDatabase): string {
  const image = makeImage(database.addFolder('photos').id);
  database.apply('Add', addition(image));
  return image.id;
}

/** A mask that needs several pages. */
function largeAnnotation(imageId: string): Annotation {
  const counts = 'x'.repeat(30_000);
  return makeAnnotation(imageId, { geometry: { kind: 'mask', rle: { size: [480, 640], counts } } });
}

/** Adds until the disk is full; the annotations that were acknowledged before. */
function fill(database: ProjectDatabase, imageId: string): Annotation[] {
  const added: Annotation[] = [];
  for (;;) {
    const annotation = largeAnnotation(imageId);
    try {
      database.apply('Add', addition(annotation));
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: 'disk-full' });
      return added;
    }
    added.push(annotation);
    if (added.length > 10_000) throw new Error('The disk never became full.');
  }
}

test('an edit that no longer fits changes nothing, and the next one works when there is room', () => {
  const project = temporaryProject();
  const imageId = addImage(project);
  project.close();
  const file = openProjectFile(project.file);
  const database = new SqliteProjectDatabase(file);
  onTestFinished(() => database.close());
  file.pragma(`max_page_count = ${Number(file.pragma('page_count')) + 40}`);

  const added = fill(database, imageId);
  expect(added.length).toBeGreaterThan(0);
  expect(database.annotations(imageId)).toEqual(added);
  expect(database.history()).toHaveLength(added.length + 1);
  expect(database.check()).toEqual([]);

  file.pragma('max_page_count = 4294967294');
  const another = largeAnnotation(imageId);
  database.apply('Add', addition(another));
  expect(database.annotations(imageId)).toEqual([...added, another]);
});

/** Mounts a file system of 4 MB; null where that is not allowed. */
function smallDisk(): string | null {
  const folder = temporaryFolder();
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], {
      stdio: 'ignore',
    });
  } catch {
    return null;
  }
  onTestFinished(() => void execFileSync('/bin/umount', ['-l', folder]));
  return folder;
}

test('a really full disk loses nothing that was acknowledged', async (context) => {
  const folder = smallDisk();
  if (folder === null) context.skip('mounting a small file system needs root on Linux');
  const database = createProjectDatabase(join(folder!, 'test.pixelsail'), 'Test');
  onTestFinished(() => database.close());
  const ballast = join(folder!, 'ballast');
  writeFileSync(ballast, Buffer.alloc(1 << 20));
  const imageId = addImage(database);

  const added = fill(database, imageId);
  expect(added.length).toBeGreaterThan(0);
  expect(database.annotations(imageId)).toEqual(added);
  await expect(database.backup(join(folder!, 'copy.pixelsail'))).rejects.toMatchObject({
    code: 'disk-full',
    message: expect.stringContaining('copy.pixelsail'),
  });

  rmSync(ballast);
  const another = largeAnnotation(imageId);
  database.apply('Add', addition(another));
  expect(database.check()).toEqual([]);
  const reopened = reopen(database);
  expect(reopened.annotations(imageId)).toEqual([...added, another]);
});
