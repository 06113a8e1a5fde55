import { z } from 'zod';

export const resultsWriteOptions = z.object({
  regions: z
    .enum(['segm', 'bbox'])
    .default('segm')
    .describe('Masks (iouType segm) or boxes (iouType bbox): pycocotools reads one kind a file'),
  score: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe('The score of regions that come from no model'),
});
export type ResultsWriteOptions = z.infer<typeof resultsWriteOptions>;
