import {
  addition,
  emptyDiff,
  removal,
  replacement,
  squashAll,
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

/** Regions that are taken over from the reading thread at once; others wait meanwhile. */
const pageSize = 5000;

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
  const listed =
    'ids' in which
      ? which.ids.flatMap((id) => database.annotation(id) ?? [])
      : await waitingAbove(database, which.atLeast, context.signal);
  const byImage = byImageOf(listed);
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
      const found = byImage.get(imageId)!.flatMap((id) => database.annotation(id) ?? []);
      const regions = 'ids' in which ? found : stillWaiting(database, imageId, found);
      judged += regions.length;
      const changed =
        verdict === 'accept'
          ? acceptance(database, imageId, regions, categoryId)
          : withStoredDependents(database, removal(...regions));
      // An image of which nothing is judged stays as it is.
      if (regions.length > 0) {
        yield squashDiffs(changed, stateAfter(database, imageId, regions, verdict));
      }
      context.progress(done + 1, images.length);
    }
  };
  const label = stepLabel('judgeRegions', { verdict, regions: listed.length });
  await database.gradually.applyEach(label, diffs(), { signal: context.signal });
  return judged;
}

/** A region, and the image that it is on. */
interface PlacedRegion {
  readonly id: RecordId;
  readonly imageId: RecordId;
}

function byImageOf(regions: readonly PlacedRegion[]): Map<RecordId, RecordId[]> {
  const byImage = new Map<RecordId, RecordId[]>();
  for (const { imageId, id } of new Map(regions.map((one) => [one.id, one])).values()) {
    const known = byImage.get(imageId);
    if (known) known.push(id);
    else byImage.set(imageId, [id]);
  }
  return byImage;
}

/**
 * The regions that wait with a score or a higher one. Finding them walks through all annotations,
 * so another thread does it; where one was judged between two pages, the list begins anew.
 */
async function waitingAbove(
  database: ProjectDatabase,
  atLeast: number,
  signal: AbortSignal,
): Promise<PlacedRegion[]> {
  const found: PlacedRegion[] = [];
  for (let expected: number | null = null; ;) {
    const query = { offset: found.length, limit: pageSize, order: 'best', atLeast } as const;
    const { above, rows } = await database.read('waitingRegions', query);
    if (above !== (expected ??= above)) {
      found.length = 0;
      expected = null;
      continue;
    }
    found.push(...rows.slice(0, above - found.length));
    // One who has stopped gets no further pages; applying refuses then.
    if (found.length >= above || rows.length === 0 || signal.aborted) return found;
  }
}

/** Those of an image's regions that nobody has taken over since they were listed. */
function stillWaiting(
  database: ProjectDatabase,
  imageId: RecordId,
  listed: readonly Annotation[],
): Annotation[] {
  if (database.image(imageId)?.state !== 'to-check') return [];
  const reviewed = new Set(database.reviews(imageId).map(({ annotationId }) => annotationId));
  return listed.filter((region) => isUnchecked(region, reviewed));
}

/** The acceptance of regions of an image. */
function acceptance(
  database: ProjectDatabase,
  imageId: RecordId,
  regions: readonly Annotation[],
  categoryId: RecordId | undefined,
): Diff {
  const reviewer = database.person?.id ?? null;
  const given = Map.groupBy(database.reviews(imageId), ({ annotationId }) => annotationId);
  return squashAll(
    regions.flatMap((region) => {
      const fresh = makeReview(region, { reviewer, verdict: 'accept' });
      // Another window may have judged it since it was listed.
      const own = reviewBy(given.get(region.id) ?? [], reviewer);
      const reviewed = own ? replacement(own, { ...fresh, id: own.id }) : addition(fresh);
      const isRenamed = categoryId !== undefined && categoryId !== region.categoryId;
      if (!isRenamed) return [reviewed];
      return [replacement(region, { ...region, categoryId, updatedAtMs: Date.now() }), reviewed];
    }),
  );
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
