import { z } from 'zod';
import { method } from './method.ts';

export const filesContract = {
  /** Lists a folder of this machine, for hosts without native dialogs. */
  'files.list': method<{
    folder: string;
    parent: string | null;
    entries: { name: string; path: string; kind: 'folder' | 'image' | 'project' | 'json' }[];
  }>()(z.object({ folder: z.string().nullable() })),
} as const;
