import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exportDataset } from '../../../app/features/dataset/dataset-export.ts';
import { importDataset } from '../../../app/features/dataset/dataset-import.ts';
import { createProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';

// Every export names what it leaves out.

let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
let database: ProjectDatabase;
const at = (name: string): string => join(folders.folder, name);
const context = () => ({
  jobId: crypto.randomUUID(),
  signal: new AbortController().signal,
  progress: () => undefined,
});

beforeEach(async () => {
  folders = await makeApplicationFolders();
  database = createProjectDatabase(at('p.pixelsail'), 'p');
  const create = { width: 32, height: 24, channels: 3 as const, background: '#336699' };
  await sharp({ create }).png().toFile(at('a.png'));
  const annotation = { image_id: 1, category_id: 1, bbox: [4, 4, 10, 8], iscrowd: 0 };
  const coco = {
    images: [{ id: 1, file_name: 'a.png', width: 32, height: 24 }],
    categories: [{ id: 1, name: 'owl', keypoints: ['beak', 'tail'], skeleton: [[1, 2]] }],
    annotations: [
      { ...annotation, id: 1, keypoints: [4, 4, 2, 14, 12, 1] },
      { ...annotation, id: 2, bbox: [16, 4, 10, 8], keypoints: [16, 4, 2] },
      { ...annotation, id: 3, bbox: [4, 14, 10, 8] },
    ],
  };
  await writeFile(at('in.json'), JSON.stringify(coco));
  await importDataset(database, { path: at('in.json') }, context());
});

afterEach(async () => {
  database.close();
  await folders.remove();
});

test.each([
  ['yolo', 2],
  ['voc', 2],
  ['labelme', 2],
  ['datumaro', 2],
  ['label-studio', 2],
  ['csv-table', 2],
  ['cvat', 1],
  ['coco-keypoints', 1],
  ['coco', 0],
])('%s says that it leaves the keypoints of %i regions out', async (format, count) => {
  const { changed, proof } = await exportDataset(database, { path: at('out'), format }, context());
  const said = changed.filter(({ reason }) => reason.includes('have keypoints'));
  expect(said.map(({ reason }) => parseInt(reason))).toEqual(count > 0 ? [count] : []);
  expect(proof.ok).toBe(true);
});
