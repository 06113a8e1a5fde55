import { z } from 'zod';
import { imageFilterSchema } from '../../../core/project/image-filter.ts';
import { imageStates, splits } from '../../../core/records.ts';
import { changeImages as changeThem } from '../../features/images/image-changes.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

const input = z.object({
  /** Which images; the filter of a list, or ids. */
  filter: imageFilterSchema,
  change: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('state'), state: z.enum(imageStates) }),
    z.object({ kind: z.literal('split'), split: z.enum(splits).nullable() }),
    z.object({ kind: z.literal('take-out') }),
  ]),
});

/** Changes many images as one step. After a crash it was done, or it was not. */
export const changeImages = defineJob({
  id: 'change-images',
  title: { en: 'Changing images', 'zh-CN': '更改图像' },
  input,
  result: resultOf('image-change'),
  needsProject: true,
  resumable: false,
  async run({ filter, change }, run) {
    const database = run.project();
    if (change.kind === 'take-out') await run.backupBeforeLargeStep();
    try {
      return { kind: 'image-change', ...(await changeThem(database, { filter, change }, run)) };
    } finally {
      run.projectChanged();
    }
  },
});
