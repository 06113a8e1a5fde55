import type { z } from 'zod';
import { description } from './description/task.ts';
import { multipleChoice } from './multiple-choice/task.ts';
import { referring } from './referring/task.ts';
import type { ItemProblem, Segment, Task } from './task.ts';

/** Every kind of item. A new one is a folder and a line here. */
export const tasks = [description, referring, multipleChoice] as const;

type AnyTask = (typeof tasks)[number];
export type TaskId = AnyTask['id'];
export const taskIds: readonly TaskId[] = tasks.map(({ id }) => id);

/** The content of an item of a task. */
export type ContentOf<Id extends TaskId> = z.output<Extract<AnyTask, { id: Id }>['content']>;

/** The first task of the list. */
export const usualTask: TaskId = tasks[0].id;

export function taskOf(id: TaskId): Task {
  return tasks.find((task) => task.id === id)!;
}

/** The choices of an item and its answer; null for a task without choices. */
export function choicesOf(item: {
  readonly task: TaskId;
  readonly content: unknown;
}): { readonly choices: readonly string[]; readonly answer: string } | null {
  return taskOf(item.task).choice?.of(item.content as never) ?? null;
}

/** All problems of an item, the gravest first. */
export function problemsOfItem(item: {
  readonly task: TaskId;
  readonly content: unknown;
  readonly segments: readonly Segment[];
}): ItemProblem[] {
  return taskOf(item.task).check(item.content as never, item.segments);
}
