import { join } from 'node:path';
import { z } from 'zod';
import { cpuPlanSchema } from '../../core/prompt.ts';
import { arithmetics, type CpuChoice, type CpuPlans } from '../../models/onnx/cpu-choice.ts';
import { readJson, writeDurably } from '../files/durable-file.ts';
import { engineFailure } from './sentences.ts';

const plansSchema = z.record(z.string(), cpuPlanSchema);
const arithmeticSchema = z.enum(arithmetics);

/** Plans kept; older ones are measured again. */
const mostPlans = 200;

/** The plans that were measured on this machine, kept in `cpu-plans.json` beside the settings. */
export function cpuPlans(home: string): CpuPlans {
  const file = join(home, 'cpu-plans.json');
  const read = async () => (await readJson(file, plansSchema)) ?? {};
  return {
    find: async (key) => (await read())[key] ?? null,
    async keep(key, plan) {
      const others = Object.entries(await read()).filter(([known]) => known !== key);
      const plans = Object.fromEntries([...others.slice(1 - mostPlans), [key, plan]]);
      // It is measured again where it cannot be kept.
      await writeDurably(file, JSON.stringify(plans, null, 2)).catch(() => undefined);
    },
  };
}

/**
 * How the CPU computes: as `PIXELSAIL_ARITHMETIC` says (`auto`, `float32` or `int8`), else `auto`.
 * @param measures whether what is not known of this machine is measured
 * @throws AppError `invalid-input` for another value
 */
export function cpuChoice(
  home: string,
  measures: boolean,
  environment: NodeJS.ProcessEnv = process.env,
): CpuChoice {
  const given = environment.PIXELSAIL_ARITHMETIC || 'auto';
  const arithmetic = arithmeticSchema.safeParse(given);
  if (!arithmetic.success) {
    const parts = { found: given, expected: arithmetics.join(', ') };
    throw engineFailure('invalid-input', 'arithmeticUnknown', parts);
  }
  return { arithmetic: arithmetic.data, plans: cpuPlans(home), measures };
}
