import type { Annotation, Item, RecordId, Review, Verdict } from '../records.ts';
import type { TaskId } from '../tasks/registry.ts';
import { isAssigned, type Assignment } from './assignment.ts';
import { isDisputed, isSuggested, ownReviews, reviewBy, settlingReview } from './verdicts.ts';

/** The subject of a review: an item of a task, or the mask of a region. */
export type ReviewTask = TaskId | 'mask';

/**
 * Which things a queue holds. `open`: those that the reviewer has not judged; `disputed`: those
 * that reviewers disagree about; `suggested`: those that one reviewer would have otherwise, which
 * nobody has decided; `model`: those that the model's answer is far from.
 */
export const queueKinds = [
  'open',
  'judged',
  'disputed',
  'suggested',
  'model',
  'rejected',
  'all',
] as const;
export type QueueKind = (typeof queueKinds)[number];

/** Whether reviewers settle a queue and see the reviews of others, or judge it blind. */
export function isSettled(kind: QueueKind): boolean {
  return kind === 'disputed' || kind === 'suggested';
}

/** As they stand in the project, or those first that reviewers or the model disagree about. */
export const queueOrders = ['project', 'disagreement'] as const;
export type QueueOrder = (typeof queueOrders)[number];

/** An answer of the model that agrees less with the truth is one that disagrees with it. */
export const leastAgreement = 0.5;

export interface QueueFilter {
  readonly task: ReviewTask | null;
  readonly author: RecordId | null;
  readonly categoryId: RecordId | null;
  readonly kind: QueueKind;
  readonly order: QueueOrder;
}

/** A thing to review, without what a reviewer who has not judged it must not know. */
export interface QueueRow {
  readonly kind: 'item' | 'annotation';
  readonly id: RecordId;
  readonly imageId: RecordId;
  readonly task: ReviewTask;
  /** The verdict of the reviewer; null without one. */
  readonly verdict: Verdict | null;
}

export interface QueuePage {
  /** The first of those that the filter lets pass. */
  readonly rows: readonly QueueRow[];
  /** How many it lets pass. */
  readonly total: number;
  /**
   * Of all that the filter could let pass, whatever its kind: how many are the reviewer's, and
   * how many of these are judged.
   */
  readonly assigned: number;
  readonly judged: number;
  readonly disputed: number;
  /** When the reviewer judged these, in milliseconds since 1970; for the pace. */
  readonly judgedAtMs: readonly number[];
}

export interface Reviewable {
  readonly item: Item | null;
  readonly annotation: Annotation | null;
  /** Of the regions that it is about. */
  readonly categoryIds: readonly (RecordId | null)[];
  readonly reviews: readonly Review[];
  /** How near the model's newest answer came to the truth, 0 to 1; null without one. */
  readonly modelAgreement: number | null;
}

/** More rows are not told at once; what is judged makes room for the others. */
const mostRows = 300;
const mostTimes = 500;

/** The queue of a reviewer. Pure. */
export function reviewQueue(
  things: Iterable<Reviewable>,
  filter: QueueFilter,
  reviewer: RecordId | null,
  assignment: Assignment,
): QueuePage {
  const rows: { readonly row: QueueRow; readonly disagreement: number }[] = [];
  const times: number[] = [];
  const counts = { total: 0, assigned: 0, judged: 0, disputed: 0 };
  for (const thing of things) {
    const { item, annotation, reviews, modelAgreement } = thing;
    const subject = item ?? annotation!;
    const task: ReviewTask = item?.task ?? 'mask';
    if (!passes(thing, task, filter)) continue;
    const own = reviewBy(reviews, reviewer);
    const isMine = isAssigned(subject.id, reviewer, assignment) || own !== null;
    const disputed = isDisputed(item, reviews);
    counts.assigned += Number(isMine);
    counts.judged += Number(own !== null);
    counts.disputed += Number(disputed);
    if (own) times.push(own.atMs);
    const isIn: Record<QueueKind, boolean> = {
      open: isMine && own === null,
      judged: own !== null,
      disputed,
      suggested: isSuggested(reviews) && !disputed,
      model: isMine && modelAgreement !== null && modelAgreement < leastAgreement,
      rejected:
        (settlingReview(reviews) ?? ownReviews(reviews)[0])?.verdict === 'reject' && own !== null,
      all: isMine,
    };
    if (!isIn[filter.kind]) continue;
    counts.total += 1;
    if (filter.order === 'project' && rows.length >= mostRows) continue;
    const { id, imageId } = subject;
    const row = { kind: subject.kind, id, imageId, task, verdict: own?.verdict ?? null };
    // The order does not reveal the reviews of others before a person has reviewed the subject.
    const isKnown = own !== null || isSettled(filter.kind);
    const disagreement = Number(disputed && isKnown) + 1 - (modelAgreement ?? 1);
    rows.push({ row, disagreement });
  }
  if (filter.order === 'disagreement') rows.sort((a, b) => b.disagreement - a.disagreement);
  const judgedAtMs = times.sort((a, b) => b - a).slice(0, mostTimes);
  return { rows: rows.slice(0, mostRows).map(({ row }) => row), ...counts, judgedAtMs };
}

function passes({ item, categoryIds }: Reviewable, task: ReviewTask, filter: QueueFilter): boolean {
  if (filter.task !== null && filter.task !== task) return false;
  if (filter.author !== null && item?.author !== filter.author) return false;
  return filter.categoryId === null || categoryIds.includes(filter.categoryId);
}

/** A break longer than this is no time of work. */
const breakMs = 5 * 60_000;

/**
 * Things judged in an hour of work, from when they were judged, breaks left out; null of fewer
 * than three.
 */
export function itemsAnHour(judgedAtMs: readonly number[]): number | null {
  const times = [...judgedAtMs].sort((a, b) => a - b);
  const gaps = times.slice(1).map((time, index) => time - times[index]!);
  const worked = gaps.filter((gap) => gap <= breakMs);
  const total = worked.reduce((sum, gap) => sum + gap, 0);
  return worked.length < 2 || total === 0 ? null : (worked.length / total) * 3_600_000;
}
