import { addition, emptyDiff, replacement, squashDiffs, type Diff } from '../../../core/diff.ts';
import { geometryMeasures } from '../../../core/geometry/region.ts';
import { personOf as personNamed } from '../../../core/project/person.ts';
import { stepLabel } from '../../../core/project/step-labels.ts';
import {
  geometrySchema,
  type Annotation,
  type Item,
  type RecordId,
  type Review,
  type Verdict,
} from '../../../core/records.ts';
import { blindReview, isAnsweredBlind, withoutKey } from '../../../core/reviewing/blind.ts';
import { fixProblem } from '../../../core/reviewing/fix-problem.ts';
import { makeReview } from '../../../core/reviewing/make-review.ts';
import { reviewBy, settledReason, settlingReview } from '../../../core/reviewing/verdicts.ts';
import { taskOf } from '../../../core/tasks/registry.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import type { ModelAnswer, ReviewedThing } from '../../api/contract/reviews.ts';
import type { Session } from '../../session.ts';
import { takeChange } from '../journal/take-change.ts';
import { reviewFailure } from './sentences.ts';

interface Subject {
  readonly kind: 'item' | 'annotation';
  readonly id: RecordId;
}

interface Found {
  readonly item: Item | null;
  readonly annotation: Annotation | null;
  readonly imageId: RecordId;
  readonly reviews: readonly Review[];
}

/**
 * A thing as the person may know it. Before they have judged it, neither the key nor the reviews
 * of others leave this process, unless they settle it.
 * @throws AppError `not-found`, `invalid-input` where somebody who reviewed it would settle it.
 */
export function openReview(session: Session, subject: Subject, settles: boolean): ReviewedThing {
  const found = find(session.project(), subject);
  if (settles) requireThird(session, found);
  return shown(session, found, settles);
}

/** Keeps a blind answer; `blindReview` says what it is. */
export async function answerItem(
  session: Session,
  { id, choice }: { readonly id: RecordId; readonly choice: string },
): Promise<ReviewedThing> {
  const subject: Subject = { kind: 'item', id };
  const { item, reviews } = find(session.project(), subject);
  if (!isAnsweredBlind(item) || reviewBy(reviews, personOf(session))) {
    return openReview(session, subject, false);
  }
  return keep(session, subject, { ...blindReview(item, choice), reason: null });
}

/**
 * Keeps a verdict. The answer of a reviewer before they saw the key stays their suggestion,
 * unless they suggest something else.
 * @throws AppError `invalid-input` for a suggestion that cannot take the place of the item's
 * content
 */
export function giveReview(
  session: Session,
  given: Subject & {
    readonly verdict: Verdict;
    readonly reason: string | null;
    readonly suggestion?: unknown;
  },
): Promise<ReviewedThing> {
  const { item, annotation, reviews } = find(session.project(), given);
  const before = reviewBy(reviews, personOf(session));
  if (isAnsweredBlind(item) && !before)
    throw reviewFailure('invalid-input', 'reviewUnanswered', {});
  const { verdict, reason } = given;
  const suggestion = (given.suggestion ?? before?.suggestion) as Review['suggestion'];
  if (item && suggestion !== undefined) requireContent(item, suggestion);
  const problem = item && given.suggestion !== undefined ? fixProblem(item, suggestion) : null;
  if (problem !== null) throw reviewFailure('invalid-input', problem, {});
  const kept = { verdict, reason, ...(suggestion !== undefined && { suggestion }) };
  if (annotation === null || verdict !== 'fix' || suggestion === undefined) {
    return keep(session, given, kept);
  }
  // Where nobody else could review it blind, the mask is put right at once.
  const fixed = withMask(session, annotation, suggestion);
  return keep(session, given, kept, isAlone(session) ? fixed : emptyDiff());
}

/**
 * Lets one version count, and says who decided so; a text or mask that was suggested takes the
 * place of the present one.
 */
export async function settle(
  session: Session,
  {
    reviewId,
    verdict,
    ...subject
  }: Subject & { readonly reviewId: RecordId | null; readonly verdict: 'accept' | 'reject' },
): Promise<ReviewedThing> {
  const { imageId } = find(session.project(), subject);
  const decide = (): Diff => {
    const found = find(session.project(), subject);
    requireThird(session, found);
    const chosen = found.reviews.find(({ id }) => id === reviewId);
    if (reviewId !== null && !chosen) throw reviewFailure('not-found', 'reviewNoVersion', {});
    const review = makeReview(
      { ...subject, imageId: found.imageId },
      { reviewer: personOf(session), verdict, reason: settledReason },
    );
    const before = settlingReview(found.reviews);
    const decided = before ? replacement(before, { ...review, id: before.id }) : addition(review);
    const changed = chosen?.suggestion === undefined ? null : withVersion(session, found, chosen);
    return changed ? squashDiffs(changed, decided) : decided;
  };
  await takeChange(session, stepLabel('settle', { verdict }), decide, imageId);
  return openReview(session, subject, true);
}

async function keep(
  session: Session,
  subject: Subject,
  given: Pick<Review, 'verdict' | 'reason' | 'suggestion'>,
  change: Diff = emptyDiff(),
): Promise<ReviewedThing> {
  const { imageId } = find(session.project(), subject);
  // A person has one review of a thing, also where they judge it in two windows at once.
  const judge = (): Diff => {
    const { reviews } = find(session.project(), subject);
    const reviewer = personOf(session);
    const before = reviewBy(reviews, reviewer);
    const fresh = makeReview({ ...subject, imageId }, { reviewer, ...given });
    const review = before ? replacement(before, { ...fresh, id: before.id }) : addition(fresh);
    return squashDiffs(change, review);
  };
  await takeChange(session, stepLabel('judge', { verdict: given.verdict }), judge, imageId);
  return openReview(session, subject, false);
}

function withVersion(session: Session, { item, annotation }: Found, { suggestion }: Review): Diff {
  if (item) {
    const content = requireContent(item, suggestion);
    return replacement(item, { ...item, content, updatedAtMs: Date.now() } as Item);
  }
  return withMask(session, annotation!, suggestion);
}

/** A region with another mask. @throws AppError `invalid-input` for what is none of its image. */
function withMask(session: Session, annotation: Annotation, suggestion: unknown): Diff {
  const parsed = geometrySchema.safeParse(suggestion);
  if (!parsed.success) throw reviewFailure('invalid-input', 'reviewMask', {});
  const geometry = parsed.data;
  const { width, height } = session.project().image(annotation.imageId)!;
  const measures = geometryMeasures(geometry, width, height);
  return replacement(annotation, {
    ...{ ...annotation, geometry, ...measures },
    updatedAtMs: Date.now(),
  });
}

/** Whether no second person works on the project, shares its review, or is there. */
function isAlone(session: Session): boolean {
  const project = session.project();
  const own = personOf(session);
  const present = session.windows.present().flatMap(({ name }) => personNamed(name)?.id ?? []);
  const known = project.people().map(({ id }) => id);
  const others = [...known, ...project.settings().reviewers, ...present];
  return others.every((id) => id === own);
}

function requireContent(item: Item, suggestion: unknown): Item['content'] {
  const parsed = taskOf(item.task).content.safeParse(suggestion);
  if (!parsed.success) throw reviewFailure('invalid-input', 'reviewContent', {});
  return parsed.data as Item['content'];
}

function find(project: ProjectDatabase, { kind, id }: Subject): Found {
  const item = kind === 'item' ? project.item(id) : null;
  const annotation = kind === 'annotation' ? project.annotation(id) : null;
  const imageId = (item ?? annotation)?.imageId;
  if (imageId === undefined) throw reviewFailure('not-found', 'reviewSubjectGone', {});
  const reviews = project
    .reviews(imageId)
    .filter((review) => (review.itemId ?? review.annotationId) === id);
  return { item, annotation, imageId, reviews };
}

function personOf({ windows, window }: Session): RecordId | null {
  return windows.personIn(window)?.id ?? null;
}

function requireThird(session: Session, { reviews }: Found): void {
  if (!reviewBy(reviews, personOf(session))) return;
  const name = session.windows.personIn(session.window)?.name ?? '—';
  throw reviewFailure('invalid-input', 'reviewNotThird', { name });
}

function shown(
  session: Session,
  { item, annotation, reviews }: Found,
  settles: boolean,
): ReviewedThing {
  const own = reviewBy(reviews, personOf(session));
  const mayKnow = settles || own !== null;
  const hidden = !mayKnow && isAnsweredBlind(item) ? withoutKey(item) : null;
  return {
    item: hidden ?? item,
    annotation,
    isKeyHidden: hidden !== null,
    own,
    others: mayKnow ? reviews.filter(({ id }) => id !== own?.id) : [],
    model: item && !hidden ? modelAnswer(session, item.id) : null,
  };
}

function modelAnswer(session: Session, itemId: RecordId): ModelAnswer | null {
  const newest = session.project().newestScoreOf(itemId);
  if (!newest) return null;
  const { report } = newest.run;
  const { agreement, kept } = newest.row;
  const { answer, isAnswered, hint } = kept;
  return { system: report.system, agreement, answer, isAnswered, hint };
}
