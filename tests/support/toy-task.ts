import { z } from 'zod';
import { sentenceSet } from '../../core/sentence-set.ts';
import { lineField } from '../../core/tasks/fields.ts';
import { defineFindings, type WrittenContent } from '../../core/tasks/findings.ts';
import type { TaskId } from '../../core/tasks/registry.ts';
import { defineTask, type Task } from '../../core/tasks/task.ts';

/** The id of {@link tally}, as if its line stood in the registry. */
export const tallyId = 'tally' as TaskId;

const sentences = sentenceSet(
  { 'no-number': ({ count }: { readonly count: string }) => `“${count}” is not a number.` },
  { 'no-number': ({ count }) => `“${count}”不是数字。` },
);

interface Tally {
  readonly thing: string;
  readonly count: string;
}

/** A task that counts things in a region, in one file. */
export const tally = defineTask({
  id: 'tally',
  content: z.object({
    thing: lineField({ label: 'Thing' }, { label: '物品' }),
    count: lineField({ label: 'Count', placeholder: '3' }, { label: '数量', placeholder: '3' }),
  }),
  roles: ['prompt'],
  regionRole: 'prompt',
  repeatsWithin: 'regions',
  words: {
    english: { title: 'Tally', teach: 'Select a region and count the things in it.' },
    chinese: { title: '计数', teach: '选择一个区域，数一数其中的物品。' },
  },
  textOf: ({ thing, count }) => ({
    kind: 'question',
    question: `How many ${thing}?`,
    choices: [],
    answer: count,
  }),
  draft: { needsUniqueWords: false, of: ({ name }) => ({ content: { thing: name, count: '1' } }) },
  findings: defineFindings({
    sentences,
    hindrances: ['no-number'],
    of: ({ content: { count } }: WrittenContent<Tally>) =>
      /^\d+$/.test(count) ? [] : [{ kind: 'no-number', count }],
  }),
  check: ({ count }) => (/^\d+$/.test(count) ? [] : ['no-number']),
});

/**
 * Puts a task into the registry, as its line there would. To be called before other modules read
 * the registry.
 */
export async function registerTask(task: Task): Promise<void> {
  const { tasks, taskIds } = await import('../../core/tasks/registry.ts');
  (tasks as unknown as Task[]).push(task);
  (taskIds as TaskId[]).push(task.id as TaskId);
}
