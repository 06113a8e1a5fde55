import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import {
  annotateBatch,
  type BatchOptions,
} from '../../../app/features/annotation/batch-annotation.ts';
import { addition } from '../../../core/diff.ts';
import { fakeBatchModel } from '../../fuzz/kill/fake-batch-model.ts';
import { makeImage } from '../db/make-records.ts';
import { temporaryProject } from '../db/temporary-project.ts';

const names = ['bear', 'dog', 'person'];
const options: BatchOptions = {
  ...{ includesReviewed: false, minimumScore: 0, overlap: 'all', splitsParts: false },
  ...{ signal: new AbortController().signal, progress: () => undefined },
};

/** The memory of an image whose names were asked before they competed. */
function keyOfOldVersion(): string {
  const questions = names.map((name) => ({
    request: { task: 'segment', text: name, regions: [] },
    categories: [name],
  }));
  const asked = { hash: fakeBatchModel.hash, minimumScore: 0, questions };
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 16);
}

test('names that compete are asked once, also of images that an older version asked', async () => {
  const database = temporaryProject();
  const folder = join(dirname(database.file), 'photos');
  await mkdir(folder);
  const folderId = database.addFolder('photos').id;
  const size = { width: 64, height: 48 };
  const photo = sharp({ create: { ...size, channels: 3, background: '#888' } });
  await photo.png().toFile(join(folder, 'new.png'));
  const image = makeImage(folderId, { ...size, path: 'new.png' });
  const extra = { pixel_sail_studio_batches: [keyOfOldVersion()] };
  const before = makeImage(folderId, { ...size, path: 'before.png', extra });
  database.apply('Add the images', addition(image, before));

  const report = await annotateBatch(
    database,
    fakeBatchModel,
    { kind: 'categories', names },
    options,
  );

  expect(report).toMatchObject({ images: 1, doneBefore: 1, failed: [] });
  const made = database.annotations(image.id);
  expect(made).toHaveLength(names.length);
  // Each of a thousand names would keep all of them.
  for (const { provenance } of made) {
    expect(provenance).toMatchObject({ source: 'model', request: { task: 'segment' } });
    expect(provenance).not.toHaveProperty('request.beside');
  }
});
