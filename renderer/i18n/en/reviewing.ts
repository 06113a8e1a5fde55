import type { Agreement } from '../../../core/reviewing/agreement.ts';
import type { QueueKind, QueueOrder } from '../../../core/reviewing/queue.ts';
import type { Verdict } from '../../../core/records.ts';
import { formatsOf } from '../formats.ts';

const { number } = formatsOf('en');

/** The texts of the review view, in English. */
export const reviewingTexts = {
  queue: 'Queue',
  loading: 'Reading the queue…',
  name: 'You are',
  namePlaceholder: 'Your name',
  kind: 'Show',
  kinds: {
    open: 'Not reviewed by you',
    judged: 'Reviewed by you',
    disputed: 'Reviewers disagree',
    suggested: 'A fix is suggested',
    model: 'The model disagrees',
    rejected: 'Rejected',
    all: 'All of yours',
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
    rows: [
      [['1', '9'], 'Answer, or reason of a rejection'],
      [['Enter'], 'Accept'],
      [['X'], 'Reject with a reason'],
      [['F'], 'Fix'],
      [['Ctrl+Enter'], 'Keep the fix'],
      [['ArrowUp', 'ArrowDown'], 'Previous or next of the queue'],
    ] as readonly (readonly [readonly string[], string])[],
  },
  task: 'Task',
  anyTask: 'All texts',
  masks: 'Mask',
  author: 'Author',
  anyAuthor: 'Anybody',
  category: 'Category',
  anyCategory: 'Any category',
  progress: (part: number, all: number) => `${number(part)} of ${number(all)} reviewed`,
  pace: (count: number) => `${number(count)} an hour`,
  disputed: (count: number) =>
    count === 1
      ? '1 waits for a third person to decide'
      : `${number(count)} wait for a third person to decide`,
  emptyTitle: 'Nothing to review here',
  nothingYet:
    'Reviews are about items: descriptions, questions and referring texts. Write some in the Author view, import a dataset, or choose “Mask” to review regions.',
  allDone: 'You have reviewed everything that this filter shows.',
  goToAuthor: 'Go to Author',
  answerFirst: 'Answer first, by number key or click. The key is shown afterwards.',
  same: 'That is the key too. Enter accepts the item.',
  different:
    'The key is another one. Accept it if you were wrong, fix the item, or reject it. Your answer is kept either way.',
  answer: 'Answer',
  key: 'key',
  chosen: 'your answer',
  judgeMask: 'Does the mask fit the object? Fix it with the tools of the editor.',
  fixMask: 'Put the mask right with any tool or prompt, then keep it.',
  keepMask: 'Keep the mask',
  keepFix: 'Keep as my version',
  fixTitle: 'Write it as it should be',
  given: (verdict: string) => `You said: ${verdict}`,
  verdicts: { accept: 'Accept', fix: 'Fix', reject: 'Reject' } satisfies Record<
    Verdict,
    string
  > as Readonly<Record<Verdict, string>>,
  why: 'Why?',
  otherReason: 'Another reason',
  reasons: {
    wrong: 'Says something wrong',
    ambiguous: 'Fits several regions',
    unseen: 'Cannot be seen in the photo',
    language: 'Language',
    mask: 'The mask does not fit',
    adjudicated: 'Decided by a third person',
  } as Readonly<Record<string, string>>,
  agreement: 'Agreement',
  noAgreement: 'Nobody else has reviewed the same things yet.',
  shared: (count: number, disputed: number) =>
    `${number(count)} reviewed by two or more, ${number(disputed)} still disagreed about`,
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
  everybody: 'Everybody may review everything. Choose people to share the work out.',
  sharedOut: (each: number) =>
    each === 1
      ? 'Each thing goes to one of these people.'
      : `Each thing goes to ${number(each)} of these people, who do not see each other’s reviews.`,
  addReviewer: 'Add a name',
  each: 'Reviews of each thing',
  nobody: 'Without a name',
  settleTitle: 'Reviewers disagree: decide',
  settleHelp: 'Somebody who reviewed it cannot decide it. What both said stays in the journal.',
  take: (name: string) => `Take ${name}’s`,
  maskKept: 'Left the mask as it was.',
  maskChanged: 'Changed the mask; point here to see it.',
  present: 'As it is now',
  keepPresent: 'Keep as it is',
  rejectAll: 'Reject it',
};

export type ReviewingTexts = typeof reviewingTexts;
