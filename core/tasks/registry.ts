import type { z } from 'zod';
import { description } from './description.ts';
import { multipleChoice } from './multiple-choice.ts';
import { referring } from './referring.ts';
import type { ItemProblem, Segment, Task } from './task.ts';

/** Every kind of item. */
export const tasks = [description, referring, multipleChoice] as const;

type AnyTask = (typeof tasks)[number];
export type TaskId = AnyTask['id'];
export const taskIds: readonly TaskId[] = tasks.map(({ id }) => id);

/** The content of an item of a task. */
export type ContentOf<Id extends TaskId> = z.output<Extract<AnyTask, { id: Id }>['content']>;

export function taskOf(id: TaskId): Task {
  return tasks.find((task) => task.id === id)!;
}

/** Everything that can be said against an item, the gravest first. */
export function problemsOfItem(item: {
  readonly task: TaskId;
  readonly content: unknown;
  readonly segments: readonly Segment[];
}): ItemProblem[] {
  return taskOf(item.task).check(item.content, item.segments);
}
