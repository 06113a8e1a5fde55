import { categoriesContract } from '../../api/contract/categories.ts';
import type { JobResult } from '../../api/contract/jobs.ts';
import { removeCategory as remove } from '../../features/categories/category-removal.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';
import type { z } from 'zod';

type Input = z.output<(typeof categoriesContract)['categories.remove']['input']>;
type Result = Extract<JobResult, { kind: 'step' }> & { readonly annotations: number };

/** Removes a category as one step. After a crash it was done, or it was not. */
export const removeCategory = defineJob<Input, Result>({
  id: 'remove-category',
  title: { en: 'Removing the category', 'zh-CN': '删除类别' },
  input: categoriesContract['categories.remove'].input,
  result: resultOf('step') as z.ZodType<Result>,
  needsProject: true,
  resumable: false,
  async run(input, run) {
    try {
      return { kind: 'step', stepId: null, ...(await remove(run.project(), input, run)) };
    } finally {
      run.projectChanged();
    }
  },
});
