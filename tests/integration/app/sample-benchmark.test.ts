import { expect, test } from 'vitest';
import { createApplication } from '../../../app/application.ts';
import { problemsOfItem } from '../../../core/tasks/registry.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { makeApplicationFolders } from '../../support/application-folders.ts';

test('the sample benchmark is a whole project of sound items, and is made once', async () => {
  const folders = await makeApplicationFolders();
  try {
    const application = createApplication(folders.options, () => undefined);
    const { file, images } = await application.handlers['project.openBenchmark'](null);
    expect(images).toBe(8);
    expect(await application.handlers['project.openBenchmark'](null)).toMatchObject({ file });
    await application.close();

    const database = openProjectDatabase(file);
    expect(database.check()).toEqual([]);
    expect(database.annotationCount()).toBe(76);
    const items = [...database.exportItems()];
    const countOf = (task: string) => items.filter((item) => item.task === task).length;
    expect(
      Object.fromEntries(
        ['description', 'multiple-choice', 'referring'].map((task) => [task, countOf(task)]),
      ),
    ).toEqual({ description: 71, 'multiple-choice': 67, referring: 49 });
    expect(items.flatMap((item) => problemsOfItem(item))).toEqual([]);
    database.close();
  } finally {
    await folders.remove();
  }
});
