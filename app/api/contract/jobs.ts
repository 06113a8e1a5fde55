import { z } from 'zod';
import type { ErrorEnvelope } from '../../../core/errors.ts';
import type { ExportReport, ImportReport } from './dataset.ts';
import { id, method } from './method.ts';
import type { ModelReport } from './models.ts';

/** The step of the journal that undo or redo took, where it took long. */
export interface StepReport {
  readonly stepId: number | null;
}

/** How a job ended. */
export type JobEnd =
  | {
      readonly outcome: 'done';
      readonly result: ImportReport | ExportReport | ModelReport | StepReport;
    }
  /** A cancelled job's error says what was kept. */
  | { readonly outcome: 'cancelled' | 'failed'; readonly error: ErrorEnvelope };

export const jobsContract = {
  'jobs.cancel': method<null>()(z.object({ jobId: id })),
} as const;
