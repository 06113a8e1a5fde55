import { failuresOf } from '../core/errors.ts';
import { chineseSteps } from '../core/project/step-labels-zh-CN.ts';
import { stepText, stepTexts, type StepLabel } from '../core/project/step-labels.ts';
import { sentenceSet } from '../core/sentence-set.ts';

/** Failures to take a step. */
export const journalSentences = sentenceSet(
  {
    nothingChanged: () => 'Nothing was changed.',
    undoAcrossOthers: ({ label }: { label: StepLabel }) =>
      `“${stepText(stepTexts, label)}” cannot be undone or redone: another window has changed the same records since. Nothing was changed. ` +
      'Undo that change in the other window first, or edit the records by hand.',
    travelAcrossOthers: () =>
      'Steps of another open window lie between the current step and the chosen one. Nothing was changed. Close that window ' +
      'first, or undo your own steps one by one.',
    threadEnded: ({ reason }: { reason: string }) =>
      `The change, undo or redo stopped before it was finished${reason && ` (${reason})`}. Look at the history, then try again.`,
  },
  {
    nothingChanged: () => '没有更改任何内容。',
    undoAcrossOthers: ({ label }) =>
      `“${stepText(chineseSteps, label)}”无法撤销或重做：另一个窗口之后改动了相同的记录。没有任何更改。请先在那个窗口撤销该更改，或手动修改记录。`,
    travelAcrossOthers: () =>
      '当前步骤与所选步骤之间有另一个打开的窗口的步骤。没有任何更改。请先关闭那个窗口，或逐步撤销自己的步骤。',
    threadEnded: ({ reason }) =>
      `更改、撤销或重做在完成前中止${reason && `（${reason}）`}。请查看历史记录，然后重试。`,
  },
);

export const journalFailure = failuresOf(journalSentences);
