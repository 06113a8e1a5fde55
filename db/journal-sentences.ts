import { failuresOf } from '../core/errors.ts';
import { chineseSteps } from '../core/project/step-labels-zh-CN.ts';
import { stepText, stepTexts, type StepLabel } from '../core/project/step-labels.ts';
import { sentenceSet } from '../core/sentence-set.ts';

/** What is said of steps that cannot be taken back or done again. */
export const journalSentences = sentenceSet(
  {
    nothingChanged: () => 'Nothing was changed.',
    undoAcrossOthers: ({ label }: { label: StepLabel }) =>
      `“${stepText(stepTexts, label)}” cannot be taken back or done again: another window has changed the same records since. Nothing was changed. ` +
      'Undo it there first, or change the records by hand.',
    travelAcrossOthers: () =>
      'On the way to that step are steps of another window that is open. Nothing was changed. Close that window first, or undo ' +
      'your own steps one by one.',
  },
  {
    nothingChanged: () => '没有更改任何内容。',
    undoAcrossOthers: ({ label }) =>
      `“${stepText(chineseSteps, label)}”无法撤销或重做：另一个窗口之后改动了相同的记录。没有任何更改。请先在那个窗口撤销，或手动修改。`,
    travelAcrossOthers: () =>
      '到那一步的途中有另一个打开的窗口的步骤。没有任何更改。请先关闭那个窗口，或逐步撤销自己的步骤。',
  },
);

export const journalFailure = failuresOf(journalSentences);
