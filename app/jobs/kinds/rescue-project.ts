import { z } from 'zod';
import { rescueProject as rescueIt, type RescueReport } from '../../../db/rescue.ts';
import type { JobResult } from '../../api/contract/jobs.ts';
import { toFileError } from '../../files/file-error.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

const input = z.object({
  /** The damaged or changed project, which stays as it is. */
  file: z.string().min(1),
  /** The file of the new project. */
  target: z.string().min(1),
});

type Rescued = Extract<JobResult, { kind: 'rescue' }>;
/** The whole report for the waiting caller. */
type Result = Rescued & { readonly report: RescueReport };

/** Brings what can be read of a project into a new one. */
export const rescueProject = defineJob<z.infer<typeof input>, Result>({
  id: 'rescue-project',
  title: { en: 'Rescuing a project', 'zh-CN': '抢救项目' },
  input,
  result: resultOf('rescue') as z.ZodType<Result>,
  needsProject: false,
  resumable: false,
  async run({ file, target }, { signal, progress }) {
    try {
      const report = await rescueIt(file, target, { signal, progress });
      return { kind: 'rescue', file: report.file, report };
    } catch (thrown) {
      throw toFileError(thrown, 'read', file);
    }
  },
  /** Not the rows that were left out, of which there may be thousands. */
  told: ({ kind, file }) => ({ kind, file }),
});
