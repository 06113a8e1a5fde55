import { z } from 'zod';
import { method } from './method.ts';

/** A name in a folder, not a way to another one. */
const plainName = z
  .string()
  .min(1)
  .refine((name) => !/[\\/\0]/.test(name) && name !== '.' && name !== '..', {
    message: 'A folder is named by its name alone, without / or \\',
  });

export const filesContract = {
  /**
   * Makes a folder in another one; answers its path. `already-exists` where something has the
   * name.
   */
  'files.makeFolder': method<{ path: string }>()(
    z.object({ folder: z.string().min(1), name: plainName }),
  ),
  /** Lists a folder of this machine, for hosts without native dialogs. */
  'files.list': method<{
    folder: string;
    parent: string | null;
    entries: {
      name: string;
      path: string;
      kind: 'folder' | 'image' | 'project' | 'json' | 'dataset' | 'graph';
    }[];
  }>()(z.object({ folder: z.string().nullable() })),
} as const;
