import { z } from 'zod';
import { stepLabelSchema } from '../../../core/project/step-labels.ts';
import type { Category } from '../../../core/records.ts';
import type { CategoryCount } from '../../../db/project.ts';
import { id, method, nothing } from './method.ts';

export type { CategoryCount };

export const categoriesContract = {
  'categories.list': method<Category[]>()(nothing),
  'categories.counts': method<CategoryCount[]>()(nothing),
  /**
   * Removes a category as one step that can be undone. Its annotations stay: in another category
   * with `mergeInto`, else without one. Its subcategories move up to its parent.
   */
  'categories.remove': method<{ annotations: number }>()(
    z.object({ label: stepLabelSchema, categoryId: id, mergeInto: id.nullable() }),
  ),
} as const;
