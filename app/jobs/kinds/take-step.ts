import { z } from 'zod';
import type { GradualStep } from '../../../db/project.ts';
import type { JobResult } from '../../api/contract/jobs.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

const input = z.object({
  /** An id of a step: undo or redo until it is the newest that is done; 0 undoes all. */
  step: z.union([z.literal('undo'), z.literal('redo'), z.number().int().min(0)]),
});

type StepResult = Extract<JobResult, { kind: 'step' }>;
/** The performed step for the waiting caller; null if nothing was done. */
type Result = StepResult & { readonly taken?: GradualStep | null };

/** Undoes or redoes. After a crash the step was taken, or it was not. */
export const takeStep = defineJob<z.infer<typeof input>, Result>({
  id: 'take-step',
  title: { en: 'Undo or redo', 'zh-CN': '撤销或重做' },
  input,
  result: resultOf('step'),
  needsProject: true,
  resumable: false,
  async run({ step }, { signal, progress, ...run }) {
    const database = run.project();
    // A step that changes little can be taken back by hand; before another, the project is copied.
    if (database.isLargeStep(step)) await run.backupBeforeLargeStep();
    const options = { signal, progress: (done: number, total: number) => progress(done, total) };
    const { gradually } = database;
    const taken =
      typeof step === 'number'
        ? await gradually.travelTo(step, options)
        : await gradually[step](options);
    return { kind: 'step', stepId: taken?.stepId ?? null, taken };
  },
  /** Not the records, of which there may be thousands. */
  told: ({ kind, stepId }) => ({ kind, stepId }),
});
