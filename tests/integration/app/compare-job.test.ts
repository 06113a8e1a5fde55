import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compareDatasets } from '../../../app/jobs/kinds/compare-datasets.ts';
import type { JobRun } from '../../../app/jobs/job-kind.ts';
import { addition } from '../../../core/diff.ts';
import { makeImage } from '../db/make-records.ts';
import { temporaryFolder, temporaryProject } from '../db/temporary-project.ts';

function comparisonStoppedAfter(times: number) {
  const project = temporaryProject();
  const image = makeImage(project.addFolder('photos').id, { path: 'a.jpg' });
  project.apply('Add', addition(image));
  const path = join(temporaryFolder(), 'theirs.json');
  const box = { id: 1, image_id: 1, category_id: 1, bbox: [9, 9, 30, 30], area: 900, iscrowd: 0 };
  writeFileSync(
    path,
    JSON.stringify({
      images: [{ id: 1, file_name: 'a.jpg', width: 640, height: 480 }],
      categories: [{ id: 1, name: 'cat' }],
      annotations: [{ ...box, segmentation: [[9, 9, 39, 9, 39, 39, 9, 39]] }],
    }),
  );
  const stop = new AbortController();
  let seen = 0;
  const progress = () => {
    if (++seen === times) stop.abort();
  };
  const done = Promise.resolve();
  const run = { signal: stop.signal, progress, project: () => project, projectChanged: () => null };
  const asked = { path, minimumIou: 0.5, take: ['added' as const] };
  const ended = compareDatasets.run(asked, {
    ...run,
    backupBeforeLargeStep: () => done,
  } as unknown as JobRun);
  return { project, ended };
}

test('a comparison that is stopped before it takes anything over changes nothing', async () => {
  const { project, ended } = comparisonStoppedAfter(1);
  await expect(ended).rejects.toThrow();
  expect(project.annotationCount()).toBe(0);
});

test('a comparison that is stopped after it took regions over says what it took', async () => {
  const { project, ended } = comparisonStoppedAfter(2);
  expect(await ended).toMatchObject({ taken: ['added'], regions: { same: 1 } });
  expect(project.annotationCount()).toBe(1);
});
