import { draftItems } from '../../../core/authoring/draft-items.ts';
import { addition, type Diff } from '../../../core/diff.ts';
import { stepLabel } from '../../../core/project/step-labels.ts';
import { seededRandom } from '../../../core/seeded-random.ts';
import { newSeed } from '../../../core/authoring/shuffle.ts';
import type { TaskId } from '../../../core/tasks/registry.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import type { JobContext } from '../../jobs/job-kind.ts';

/**
 * Makes draft items from the regions of a project that no item of a task is about, as one step.
 * @param seed decides choices and their order; the same regions give the same drafts
 * @returns how many were made
 * @throws AppError `cancelled`, after which nothing is changed.
 */
export async function draftProjectItems(
  database: ProjectDatabase,
  { tasks, seed }: { readonly tasks: readonly TaskId[]; readonly seed: number },
  context: Pick<JobContext, 'signal' | 'progress'>,
): Promise<number> {
  const names = new Map(database.categories().map(({ id, name }) => [id, name]));
  const total = database.imageCount();
  const random = seededRandom(seed);
  let made = 0;
  const diffs = function* (): Generator<Diff> {
    let done = 0;
    for (const { image, annotations: count } of database.exportImages()) {
      done += 1;
      if (count === 0) continue;
      const annotations = database.annotations(image.id);
      const items = database.items(image.id);
      const drafts = draftItems({ image, annotations, items, names }, tasks, newSeed(random));
      made += drafts.length;
      if (drafts.length > 0) yield addition(...drafts);
      context.progress(done, total);
    }
  };
  await database.gradually.applyEach(stepLabel('draftItems'), diffs(), { signal: context.signal });
  return made;
}
