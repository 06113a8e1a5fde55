import {
  addition,
  emptyDiff,
  removal,
  replacement,
  squashDiffs,
  type Diff,
} from '../../../core/diff.ts';
import { stateAfterCheck } from '../../../core/image-states.ts';
import { categoriesFor } from '../../../core/project/category-names.ts';
import { stepLabel } from '../../../core/project/step-labels.ts';
import type { Annotation, RecordId } from '../../../core/records.ts';
import { makeReview } from '../../../core/reviewing/make-review.ts';
import { reviewBy } from '../../../core/reviewing/verdicts.ts';
import { isUnchecked } from '../../../core/reviewing/waiting.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import type { JobContext } from '../../jobs/job-kind.ts';
import { withStoredDependents } from '../journal/dependents.ts';

/** Which regions of a model a person judges, and how. */
export interface RegionVerdict {
  /** These, or all that wait with this score or a higher one. */
  readonly which: { readonly ids: readonly RecordId[] } | { readonly atLeast: number };
  readonly verdict: 'accept' | 'remove';
  /** The category that they are accepted under; left out, each keeps its own. */
  readonly category?: string | undefined;
}

/** Regions that are looked up at once. */
const pageSize = 10_000;

/**
 * Accepts or removes regions that wait to be checked, as one step. An image of which none waits
 * any more and some are left is done; one that nothing is left of is open again.
 * @returns how many regions were judged
 * @throws AppError `cancelled`, after which nothing is changed.
 */
export async function judgeRegions(
  database: ProjectDatabase,
  { which, verdict, category }: RegionVerdict,
  context: Pick<JobContext, 'signal' | 'progress'>,
): Promise<number> {
  const byImage = waitingByImage(database, which);
  const images = [...byImage.keys()];
  const { added, ids } = categoriesFor(
    database.categories(),
    category === undefined ? [] : [category],
  );
  const categoryId = category === undefined ? undefined : ids.get(category)!;
  let judged = 0;
  const diffs = function* (): Generator<Diff> {
    if (added.length > 0) yield addition(...added);
    for (const [done, imageId] of images.entries()) {
      const regions = byImage.get(imageId)!.flatMap((id) => database.annotation(id) ?? []);
      judged += regions.length;
      const diff = regions.reduce((sum, region) => {
        return squashDiffs(sum, judgeOne(database, region, verdict, categoryId));
      }, emptyDiff());
      yield squashDiffs(diff, stateAfter(database, imageId, regions, verdict));
      context.progress(done + 1, images.length);
    }
  };
  const regions = [...byImage.values()].reduce((sum, { length }) => sum + length, 0);
  await database.gradually.applyEach(stepLabel('judgeRegions', { verdict, regions }), diffs(), {
    signal: context.signal,
  });
  return judged;
}

function waitingByImage(
  database: ProjectDatabase,
  which: RegionVerdict['which'],
): Map<RecordId, RecordId[]> {
  const byImage = new Map<RecordId, RecordId[]>();
  const add = (imageId: RecordId, id: RecordId) => {
    const known = byImage.get(imageId);
    if (known) known.push(id);
    else byImage.set(imageId, [id]);
  };
  if ('ids' in which) {
    for (const id of which.ids) {
      const region = database.annotation(id);
      if (region) add(region.imageId, id);
    }
    return byImage;
  }
  const { atLeast } = which;
  const { above } = database.waitingRegions({ offset: 0, limit: 1, order: 'best', atLeast });
  for (let offset = 0; offset < above; offset += pageSize) {
    const limit = Math.min(pageSize, above - offset);
    const { rows } = database.waitingRegions({ offset, limit, order: 'best', atLeast });
    for (const { imageId, id } of rows) add(imageId, id);
  }
  return byImage;
}

function judgeOne(
  database: ProjectDatabase,
  region: Annotation,
  verdict: RegionVerdict['verdict'],
  categoryId: RecordId | undefined,
): Diff {
  if (verdict === 'remove') return withStoredDependents(database, removal(region));
  const reviewer = database.person?.id ?? null;
  const fresh = makeReview(region, { reviewer, verdict: 'accept' });
  const given = database
    .reviews(region.imageId)
    .filter(({ annotationId }) => annotationId === region.id);
  // Another window may have judged it since it was listed.
  const own = reviewBy(given, reviewer);
  const reviewed = own ? replacement(own, { ...fresh, id: own.id }) : addition(fresh);
  const isRenamed = categoryId !== undefined && categoryId !== region.categoryId;
  const renamed = isRenamed
    ? replacement(region, { ...region, categoryId, updatedAtMs: Date.now() })
    : emptyDiff();
  return squashDiffs(renamed, reviewed);
}

/** The state of the image after some of its regions are judged. */
function stateAfter(
  database: ProjectDatabase,
  imageId: RecordId,
  judged: readonly Annotation[],
  verdict: RegionVerdict['verdict'],
): Diff {
  const image = database.image(imageId);
  if (image?.state !== 'to-check') return emptyDiff();
  const now = new Set(judged.map(({ id }) => id));
  const reviewed = new Set(database.reviews(imageId).map(({ annotationId }) => annotationId));
  const others = database.annotations(imageId).filter(({ id }) => !now.has(id));
  if (others.some((region) => isUnchecked(region, reviewed))) return emptyDiff();
  const regions = others.length + (verdict === 'accept' ? judged.length : 0);
  return replacement(image, { ...image, state: stateAfterCheck(regions) });
}
