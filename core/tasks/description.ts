import { z } from 'zod';
import { defineTask } from './task.ts';

/** Words about a region, or about the whole image where there is no segment. */
export const description = defineTask({
  id: 'description',
  content: z.object({ text: z.string() }),
  roles: ['prompt'],
  check: ({ text }) => (text.trim() === '' ? ['empty'] : []),
});
