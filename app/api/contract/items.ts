import { z } from 'zod';
import { taskIds } from '../../../core/tasks/registry.ts';
import type { AuthorQueue, ComparedItem } from '../../../db/project.ts';
import { method } from './method.ts';

export type { AuthorQueue, ComparedItem };

export const itemsContract = {
  /** What an item of a task that is written is compared with, the newest first. */
  'items.compared': method<readonly ComparedItem[]>()(z.object({ task: z.enum(taskIds) })),
  /** What of a task is still to be written, and in which image after the given one. */
  'items.queue': method<AuthorQueue>()(
    z.object({ task: z.enum(taskIds), after: z.string().min(1).nullable() }),
  ),
} as const;
