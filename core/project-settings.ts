import { z } from 'zod';
import { categoryKeys } from './category-keys.ts';

/** What is chosen for one project. It is no part of its records: no export holds it, and undo does not touch it. */
export const projectSettingsSchema = z.object({
  /** The model that is loaded with the project; null: the one that the application used last. */
  modelId: z.string().min(1).nullable(),
  /** Annotations that the interface refuses to edit until a person unlocks them. */
  lockedIds: z.array(z.string().min(1)).readonly(),
  /** Whether categories are made and named in their dialog only, never while regions are labelled. */
  isTaxonomyLocked: z.boolean(),
  /** The number key of each category; see category-keys.ts. */
  categoryKeys: z.record(z.string().min(1), z.enum(categoryKeys).nullable()),
});
export type ProjectSettings = Readonly<z.output<typeof projectSettingsSchema>>;

export const defaultProjectSettings: ProjectSettings = {
  modelId: null,
  lockedIds: [],
  isTaxonomyLocked: false,
  categoryKeys: {},
};
