import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importDataset } from '../../../app/features/dataset/dataset-import.ts';
import { importFolder } from '../../../app/features/images/image-import.ts';
import { changeImages } from '../../../app/features/images/image-changes.ts';
import { addition, replacement } from '../../../core/diff.ts';
import { createProjectDatabase, type ProjectDatabase } from '../../../db/project-database.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';
import { makeCategory } from '../../support/test-editor.ts';

const context = { jobId: 'x', signal: new AbortController().signal, progress: () => undefined };

describe('work that changes nothing', () => {
  let folders: Awaited<ReturnType<typeof makeApplicationFolders>>;
  let project: ProjectDatabase;

  beforeEach(async () => {
    folders = await makeApplicationFolders();
    project = createProjectDatabase(join(folders.folder, 'idle.pixelsail'), 'idle');
  });
  afterEach(async () => {
    expect(project.check()).toEqual([]);
    await project.endReads();
    project.close();
    await folders.remove();
  });

  it('makes no step that could be undone: an import of the same photos or labels', async () => {
    await importFolder(project, folders.options.samplePhotos, context);
    const [row] = project.exportImages();
    const { path, width, height } = row!.image;
    const file = join(folders.folder, 'labels.json');
    const labels = {
      images: [{ id: 1, file_name: path, width, height }],
      categories: [{ id: 1, name: 'cat' }],
      annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 2, 30, 40], area: 1200 }],
    };
    await writeFile(file, JSON.stringify(labels));
    const images = folders.options.samplePhotos;
    await importDataset(project, { path: file, images }, context);
    const steps = project.history().length;
    await importFolder(project, images, context);
    for (const existing of ['merge', 'skip'] as const) {
      await importDataset(project, { path: file, images, existing }, context);
    }
    expect(project.history()).toHaveLength(steps);
  });

  it('makes no step of an update to the same values', () => {
    const cat = makeCategory('cat');
    project.apply('Add', addition(cat));
    const steps = project.history().length;
    project.apply('Again', replacement(cat, { ...cat }));
    expect(project.history()).toHaveLength(steps);
    project.apply('Other', replacement(cat, { ...cat, name: 'dog' }));
    expect(project.history()).toHaveLength(steps + 1);
  });

  it('refuses an update to the same values of a record that has others by now', () => {
    const cat = makeCategory('cat');
    project.apply('Add', addition(cat));
    project.apply('Other', replacement(cat, { ...cat, name: 'dog' }));
    expect(() => project.apply('Again', replacement(cat, { ...cat }))).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
  });

  it('makes no step of a state or split that the images have', async () => {
    await importFolder(project, folders.options.samplePhotos, context);
    const steps = project.history().length;
    const change = { kind: 'split', split: null } as const;
    expect(await changeImages(project, { filter: {}, change }, context)).toMatchObject({
      changed: 0,
    });
    expect(project.history()).toHaveLength(steps);
  });
});
