import { z } from 'zod';
import { taskIds } from '../../../core/tasks/registry.ts';
import type { ComparedItem } from '../../../db/project.ts';
import { method } from './method.ts';

export type { ComparedItem };

export const itemsContract = {
  /** What an item of a task that is written is compared with, the newest first. */
  'items.compared': method<readonly ComparedItem[]>()(z.object({ task: z.enum(taskIds) })),
} as const;
