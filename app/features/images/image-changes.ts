import { replacement, removal, squashAll, type Diff } from '../../../core/diff.ts';
import { canBeSaid } from '../../../core/image-states.ts';
import type { ImageFilter } from '../../../core/project/image-filter.ts';
import { stepLabel, type StepLabel } from '../../../core/project/step-labels.ts';
import type { ImageRecord, ImageState, RecordId, Split } from '../../../core/records.ts';
import type { ImageQuery, ImageRow } from '../../../db/project.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import type { ImageChangeReport } from '../../api/contract/jobs.ts';
import { withoutUndefined } from '../../api/without-undefined.ts';
import type { JobContext } from '../../jobs/job-kind.ts';
import { withStoredDependents } from '../journal/dependents.ts';

/** Images that change in one diff. */
const batchSize = 100;
/** Images that are listed at once; others wait meanwhile. */
const pageSize = 2000;

/** The change of many images at once: a state, a split, or their removal. */
export type ImageChange =
  | { readonly kind: 'state'; readonly state: ImageState }
  | { readonly kind: 'split'; readonly split: Split | null }
  | { readonly kind: 'take-out' };

/**
 * Changes images as one step that can be undone. Taking out leaves the files where they are; what
 * was drawn and written goes with the image, and comes back with it.
 * @throws AppError `cancelled`, after which nothing is changed.
 */
export async function changeImages(
  database: ProjectDatabase,
  { filter, change }: { readonly filter: ImageFilter; readonly change: ImageChange },
  context: Pick<JobContext, 'signal' | 'progress'> | null = null,
): Promise<ImageChangeReport> {
  const query = withoutUndefined(filter);
  const total = database.imageCount(query);
  const report = { changed: 0, passedOver: 0 };
  const diffs = function* (): Generator<Diff> {
    for (const batch of batchesOf(database, query)) {
      const changed = batch.flatMap((row) => diffOf(database, row, change) ?? []);
      report.changed += changed.length;
      report.passedOver += batch.length - changed.length;
      yield squashAll(changed);
      context?.progress(report.changed + report.passedOver, total);
    }
  };
  const label = labelOf(change, total);
  await database.gradually.applyEach(label, diffs(), context ? { signal: context.signal } : {});
  return report;
}

/** The images of a list, which stays as it is while the diffs of a change are made. */
function* batchesOf(database: ProjectDatabase, query: ImageQuery): Generator<ImageRow[]> {
  for (let offset = 0; ; offset += pageSize) {
    const rows = database.images({ ...query, offset, limit: pageSize });
    for (let start = 0; start < rows.length; start += batchSize) {
      yield rows.slice(start, start + batchSize);
    }
    if (rows.length < pageSize) return;
  }
}

/** Null where the image is so already, or cannot be. */
function diffOf(
  database: ProjectDatabase,
  { id, annotations }: ImageRow,
  change: ImageChange,
): Diff | null {
  const image = database.image(id);
  if (!image) return null;
  if (change.kind === 'take-out') return removalOf(database, image);
  if (change.kind === 'split') {
    return image.split === change.split
      ? null
      : replacement(image, { ...image, split: change.split });
  }
  const { state } = change;
  const isPossible = canBeSaid(state, annotations, textsOf(database, id));
  return image.state === state || !isPossible ? null : replacement(image, { ...image, state });
}

function textsOf(database: ProjectDatabase, imageId: RecordId): number {
  return database.items(imageId).length;
}

function removalOf(database: ProjectDatabase, image: ImageRecord): Diff {
  return withStoredDependents(database, removal(image, ...database.annotations(image.id)));
}

function labelOf(change: ImageChange, images: number): StepLabel {
  if (change.kind === 'take-out') return stepLabel('takeOutImages', { images });
  if (change.kind === 'split') {
    return stepLabel('splitImages', { split: change.split ?? 'none', images });
  }
  return stepLabel('stateOfImages', { state: change.state, images });
}
