import { join } from 'node:path';
import { annotateBatch } from '../../../app/features/annotation/batch-annotation.ts';
import type { MethodName } from '../../../app/api/contract.ts';
import type { Category } from '../../../core/records.ts';
import { openProjectDatabase } from '../../../db/project-database.ts';
import { fakeBatchModel } from './fake-batch-model.ts';
import type { ApplicationUnderTest } from '../application-under-test.ts';
import { valueOf } from '../project-walk.ts';

/** Operations during which a process is killed. */
export const operations = [
  'import',
  'annotate',
  'export',
  'backup',
  'merge',
  'migration',
  'undo',
] as const;
export type Operation = (typeof operations)[number];

/** Files of one round; the photos lie in `photos` beside the folder. */
export interface RoundFiles {
  readonly folder: string;
  readonly project: string;
  readonly coco: string;
  readonly photos: string;
  readonly exported: string;
}

export function roundFiles(folder: string): RoundFiles {
  return {
    folder,
    project: join(folder, 'p.pixelsail'),
    coco: join(folder, '..', 'more.json'),
    photos: join(folder, '..', 'photos'),
    exported: join(folder, 'out.json'),
  };
}

/** Does one of the operations on the project of a round, which it opens first. */
export async function operate(
  operation: Operation,
  application: ApplicationUnderTest,
  { project, coco, photos, exported }: RoundFiles,
): Promise<void> {
  const call = async (method: MethodName, input: unknown) =>
    valueOf(await application.call(method, input));
  if (operation === 'annotate') return annotate(project);
  await call('project.open', { file: project });
  switch (operation) {
    case 'import':
      await call('dataset.import', { path: coco, format: 'coco', images: photos });
      break;
    case 'export':
      await call('dataset.export', { path: exported, format: 'coco' });
      break;
    case 'backup':
      await call('project.backup', null);
      break;
    case 'merge': {
      const [first, second] = (await call('categories.list', null)) as Category[];
      // Done before, in a round that was killed after it: only one is left.
      if (!first || !second) break;
      const merge = { label: 'Merge', categoryId: first.id, mergeInto: second.id };
      await call('categories.remove', merge);
      break;
    }
    case 'undo':
      await call('journal.undo', null);
      break;
    case 'migration':
      break; // Opening the file was all of it.
  }
  await call('project.close', null);
}

async function annotate(file: string): Promise<void> {
  const database = openProjectDatabase(file);
  try {
    await annotateBatch(
      database,
      fakeBatchModel,
      { kind: 'text', text: 'square', category: 'found' },
      {
        includesReviewed: true,
        minimumScore: 0,
        overlap: 'all',
        splitsParts: false,
        signal: new AbortController().signal,
        progress: () => undefined,
      },
    );
  } finally {
    database.close();
  }
}
