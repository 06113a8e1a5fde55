import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { annotateBatch } from '../../../app/features/annotation/batch-annotation.ts';
import { addition } from '../../../core/diff.ts';
import { fakeBatchModel } from '../../fuzz/kill/fake-batch-model.ts';
import { makeAnnotation, makeImage } from '../db/make-records.ts';
import { temporaryProject } from '../db/temporary-project.ts';

test('answers that come together during a large undo share the category that they need', async () => {
  const database = temporaryProject();
  const folder = join(dirname(database.file), 'photos');
  await mkdir(folder);
  const folderId = database.addFolder('photos').id;
  const asked = ['one.png', 'two.png'].map((path) =>
    makeImage(folderId, { path, width: 64, height: 48 }),
  );
  const photo = sharp({ create: { width: 64, height: 48, channels: 3, background: '#888' } });
  for (const { path } of asked) await photo.clone().png().toFile(join(folder, path));
  const reviewed = makeImage(folderId, { state: 'done' });
  database.apply('Add the images', addition(reviewed, ...asked));
  const annotations = Array.from({ length: 6000 }, () => makeAnnotation(reviewed.id));
  database.apply('Add annotations', addition(...annotations));
  const undone = database.gradually.undo();
  const report = await annotateBatch(
    database,
    { ...fakeBatchModel, imagesAtOnce: 2 },
    { kind: 'categories', names: ['square'] },
    {
      ...{ includesReviewed: false, minimumScore: 0, overlap: 'all', splitsParts: false },
      ...{ signal: new AbortController().signal, progress: () => undefined },
    },
  );
  await undone;
  expect(report).toMatchObject({ images: 2, annotations: 2, failed: [] });
  expect(database.categories()).toMatchObject([{ name: 'square' }]);
  expect(database.check()).toEqual([]);
  await database.endReads();
});
