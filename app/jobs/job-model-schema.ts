import { z } from 'zod';
import { deviceKinds } from '../../core/prompt.ts';

/** The part of a job's input that says which model is asked; see `JobModelChoice`. */
export const jobModelSchema = {
  /** A package folder, or the id of an installed model; null takes the host's default. */
  model: z.string().min(1).nullable().default(null),
  device: z.enum(['auto', ...deviceKinds]).default('auto'),
  /** On the CPU. */
  threads: z.number().int().positive().optional(),
};
