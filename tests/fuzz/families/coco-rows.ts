import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportReport } from '../../../app/api/contract/dataset.ts';
import { ApplicationUnderTest } from '../application-under-test.ts';
import { refused, type Family } from '../family.ts';
import { findDamage } from '../project-walk.ts';
import { dataset, writeDatasetPhotos } from './coco-dataset.ts';

/**
 * COCO files that are JSON, with damaged keys and values: every annotation is imported or named.
 */
export const cocoRows: Family = {
  name: 'coco-rows',
  weight: 22,
  async prepare(shared) {
    const application = await ApplicationUnderTest.make();
    const images = join(shared, 'photos');
    await writeDatasetPhotos(images);
    return async (mutator, folder) => {
      const value = mutator.damagedJson(dataset);
      const file = join(folder, 'in.json');
      await writeFile(file, JSON.stringify(value));
      await application.newProject(folder);
      try {
        const result = await application.call('dataset.import', {
          path: file,
          format: 'coco',
          images,
        });
        if (!result.ok) return refused(result.error);
        const fault =
          findSilentDrop(JSON.parse(JSON.stringify(value)), result.value as ImportReport) ??
          (await findDamage(application));
        return { ended: 'accepted', ...(fault ? { fault } : {}) };
      } finally {
        await application.clear();
      }
    };
  },
};

/** Rows of the file that are neither in the project nor named among those left out. */
export function findSilentDrop(value: unknown, report: ImportReport): string | null {
  const rows = (value as { annotations?: unknown } | null)?.annotations;
  if (!Array.isArray(rows)) return null;
  const named = new Set(
    report.skipped.flatMap(({ what }) => /^annotations\[(\d+)\]/.exec(what)?.[1] ?? []),
  );
  const { alreadyThere = 0, skipped = 0 } = report.existing ?? {};
  const told = report.annotations + named.size + alreadyThere + skipped;
  // A caption becomes words of its image, which are no annotation.
  const captions = rows.filter(isCaption).length;
  if (told >= rows.length - captions) return null;
  return `silent drop: ${rows.length} rows, ${captions} of them captions, but only ${told} told of`;
}

function isCaption(row: unknown): boolean {
  return typeof row === 'object' && row !== null && 'caption' in row && !('bbox' in row);
}
