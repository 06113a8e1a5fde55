import type { Agreement } from '../../../core/reviewing/agreement.ts';
import type { QueueKind, QueueOrder } from '../../../core/reviewing/queue.ts';
import type { Verdict } from '../../../core/records.ts';
import { formatsOf } from '../formats.ts';

const { number } = formatsOf('en');

/** The texts of the review view, in English. */
export const reviewingTexts = {
  queue: 'Queue',
  loading: 'Reading the queue…',
  name: 'Reviewer',
  namePlaceholder: 'Your name',
  kind: 'Show',
  kinds: {
    open: 'Not reviewed by you',
    judged: 'Reviewed by you',
    disputed: 'Reviewers disagree',
    suggested: 'A fix is suggested',
    model: 'The model disagrees',
    rejected: 'Rejected',
    all: 'All assigned to you',
  } satisfies Record<QueueKind, string> as Readonly<Record<QueueKind, string>>,
  order: 'Order',
  orders: { project: 'As in the project', disagreement: 'Disagreements first' } satisfies Record<
    QueueOrder,
    string
  > as Readonly<Record<QueueOrder, string>>,
  modelSaid: (system: string) => `${system} answered`,
  modelMask: 'Point here to see its mask',
  keys: {
    title: 'Review',
    answer: 'Answer, or reason of a rejection',
    accept: 'Accept',
    reject: 'Reject with a reason',
    fix: 'Fix',
    keepFix: 'Keep the fix',
    walk: 'Previous or next of the queue',
  },
  task: 'Task',
  anyTask: 'All texts',
  masks: 'Mask',
  author: 'Author',
  anyAuthor: 'Anybody',
  category: 'Category',
  anyCategory: 'Any category',
  progress: (part: number, all: number) => `${number(part)} of ${number(all)} reviewed`,
  pace: (count: number) => `${number(count)} per hour`,
  disputed: (count: number) =>
    count === 1
      ? '1 needs adjudication by a third person'
      : `${number(count)} need adjudication by a third person`,
  emptyTitle: 'The queue is empty',
  nothingYet:
    'Reviews judge items: descriptions, questions and referring expressions. Write items in the Author view, import a dataset, or choose “Mask” to review regions.',
  allDone: 'You have reviewed everything in this filter.',
  goToAuthor: 'Go to Author',
  answerFirst: 'Answer first, by number key or click. The reference answer is shown afterwards.',
  same: 'The reference answer is the same. Enter accepts the item.',
  different:
    'The reference answer differs. Accept the item if your answer was wrong; otherwise fix or reject it. Your answer is kept in every case.',
  answer: 'Answer',
  key: 'reference',
  chosen: 'your answer',
  judgeMask: 'Does the mask fit the object? Fix it with the tools of the editor.',
  fixMask: 'Correct the mask with any tool or prompt, then save it.',
  keepMask: 'Save the mask',
  keepFix: 'Save as my version',
  fixTitle: 'Corrected version',
  given: (verdict: string) => `Your verdict: ${verdict}`,
  verdicts: { accept: 'Accept', fix: 'Fix', reject: 'Reject' } satisfies Record<
    Verdict,
    string
  > as Readonly<Record<Verdict, string>>,
  why: 'Reason',
  otherReason: 'Another reason',
  reasons: {
    wrong: 'Contains an error',
    ambiguous: 'Fits several regions',
    unseen: 'Not visible in the photo',
    language: 'Language',
    mask: 'The mask does not fit',
    adjudicated: 'Decided by a third person',
  } as Readonly<Record<string, string>>,
  agreement: 'Agreement',
  noAgreement: 'No other person has reviewed the same items yet.',
  shared: (count: number, disputed: number) =>
    `${number(count)} reviewed by two or more people, ${number(disputed)} without agreement`,
  facts: {
    cohenVerdicts: 'Cohen’s κ of verdicts',
    cohenChoices: 'Cohen’s κ of answers',
    fleissVerdicts: 'Fleiss’ κ of verdicts',
    fleissChoices: 'Fleiss’ κ of answers',
    maskIou: 'IoU of masks',
    meteor: 'METEOR of texts',
    editDistance: 'Edit distance of texts',
  } satisfies Record<Exclude<keyof Agreement, 'shared' | 'disputed'>, string>,
  reviewers: 'Reviewers',
  everybody: 'Everybody may review everything. Add reviewers to distribute the work.',
  sharedOut: (each: number) =>
    each === 1
      ? 'Each item is assigned to one of these people.'
      : `Each item is assigned to ${number(each)} of these people, who do not see each other’s reviews.`,
  addReviewer: 'Add a name',
  each: 'Reviews per item',
  nobody: 'Without a name',
  settleTitle: 'Adjudication: reviewers disagree',
  settleHelp: 'A reviewer of this item cannot adjudicate it. Both reviews stay in the journal.',
  take: (name: string) => `Use the version of ${name}`,
  maskKept: 'Did not change the mask.',
  maskChanged: 'Changed the mask. Point here to see it.',
  present: 'Current version',
  keepPresent: 'Keep the current version',
  rejectAll: 'Reject it',
};

export type ReviewingTexts = typeof reviewingTexts;
