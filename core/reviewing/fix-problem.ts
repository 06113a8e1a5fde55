import type { Item } from '../records.ts';
import { fieldsOf, valuesOf } from '../tasks/fields.ts';
import { choicesOf, taskOf } from '../tasks/registry.ts';

/** Sentences about a suggested content of an item. */
export const fixTexts = {
  english: {
    reviewFixEmpty: () => 'A text of the suggestion is empty. Write it.',
    reviewFixChoices: () =>
      'The question has choices, but the suggestion has none. Write the choices, one per line.',
    reviewFixAnswer: () => 'The answer is not one of the choices. Choose the answer again.',
  },
  chinese: {
    reviewFixEmpty: () => '建议的内容中有一项为空。请填写。',
    reviewFixChoices: () => '该问题有选项，而建议中没有选项。请填写选项，每行一个。',
    reviewFixAnswer: () => '答案不在选项之中。请重新选择答案。',
  },
} as const;

export type FixProblem = keyof typeof fixTexts.english;

/**
 * The first reason against a suggested content of an item; null for a sound one. No text may be
 * empty, and the answer is one of the choices. A question with choices keeps some: without any it
 * would be one with a free answer, which is scored in another way.
 */
export function fixProblem(
  { task, content }: Pick<Item, 'task' | 'content'>,
  suggestion: unknown,
): FixProblem | null {
  const schema = taskOf(task).content;
  const choice = choicesOf({ task, content: suggestion });
  const hasChoices = choice !== null && choice.choices.length > 0;
  const hadChoices = (choicesOf({ task, content })?.choices.length ?? 0) > 0;
  const values = valuesOf(schema, suggestion);
  const isWritten = fieldsOf(schema)
    .filter(({ kind }) => kind !== 'list' && !(kind === 'choice' && hasChoices))
    .every(({ name }) => values[name]?.trim());
  if (hadChoices && !hasChoices) return 'reviewFixChoices';
  if (!isWritten) return 'reviewFixEmpty';
  return hasChoices && !choice.choices.includes(choice.answer) ? 'reviewFixAnswer' : null;
}
