import { z } from 'zod';
import type { JobResult } from '../api/contract/jobs.ts';

type ResultOf<Kind extends JobResult['kind']> = Extract<JobResult, { kind: Kind }>;

/**
 * A result of one of the contract's kinds: its kind is checked, the rest is the run's own and
 * carried along.
 */
export function resultOf<Kind extends JobResult['kind']>(kind: Kind): z.ZodType<ResultOf<Kind>> {
  return z.looseObject({ kind: z.literal(kind) }) as unknown as z.ZodType<ResultOf<Kind>>;
}
