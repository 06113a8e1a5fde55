import { z } from 'zod';
import type { JobResult, TrainingReport } from '../../api/contract/jobs.ts';
import { finetuneProject } from '../../features/finetune/finetune-project.ts';
import { manifestSchema } from '../../../models/package/manifest.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

const input = z.object({
  /**
   * Package to start from: a folder, or the id of an installed model; null takes the host's
   * default.
   */
  model: z.string().min(1).nullable().default(null),
  /** Of training in all, earlier sittings included. */
  minutes: z.number().positive().default(15),
  /** Of the new package; made from the project's name where it is not given. */
  id: manifestSchema.shape.id.optional(),
});

export type TrainingResult = Extract<JobResult, { kind: 'training' }> & TrainingReport;

/**
 * Trains a model on with the labels of the project, and measures what it gained. The project is
 * read first and not needed after that. Run again, it goes on from what is trained.
 */
export const finetune = defineJob<z.infer<typeof input>, TrainingResult>({
  id: 'finetune',
  title: { en: 'Training on the project', 'zh-CN': '用项目训练' },
  input,
  result: resultOf('training'),
  needsProject: true,
  resumable: true,
  async run(options, run) {
    return { kind: 'training', ...(await finetuneProject(options, run)) };
  },
});
