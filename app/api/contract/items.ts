import { z } from 'zod';
import { taskIds } from '../../../core/tasks/registry.ts';
import type { AuthorQueue, ComparedItem } from '../../../db/project.ts';
import { method } from './method.ts';

export type { AuthorQueue, ComparedItem };

export const itemsContract = {
  /** Items that a new item is compared with, newest first. */
  'items.compared': method<readonly ComparedItem[]>()(z.object({ task: z.enum(taskIds) })),
  /** The remaining work of a task, and the next image with work after the given one. */
  'items.queue': method<AuthorQueue>()(
    z.object({ task: z.enum(taskIds), after: z.string().min(1).nullable() }),
  ),
} as const;
