import { z } from 'zod';
import { photoChoices } from '../../../core/project/photo-choices.ts';
import { settlePhotos as settleThem } from '../../features/images/settle-photos.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

const input = z.object({
  imageIds: z.array(z.string().min(1)),
  choice: z.enum(photoChoices),
});

/** Takes over what changed photos are now, as one step, which a crash leaves done or not done. */
export const settlePhotos = defineJob({
  id: 'settle-photos',
  title: { en: 'Taking over changed photos', 'zh-CN': '采用已改变的照片' },
  input,
  result: resultOf('image-change'),
  needsProject: true,
  resumable: false,
  async run(given, run) {
    const database = run.project();
    await run.backupBeforeLargeStep();
    try {
      return { kind: 'image-change', ...(await settleThem(database, given, run)) };
    } finally {
      run.projectChanged();
    }
  },
});
