import type { ImageState } from '../core/records.ts';
import { ask } from '../app/jobs/kinds/ask.ts';
import { absolutePath } from './absolute-path.ts';
import { exitCodes } from './exit-codes.ts';
import { interruptSignal } from './interrupt.ts';
import { runJob } from './jobs.ts';
import { locateModel, type ModelOptions } from './model.ts';
import { listLeftOut, printResult, table } from './output.ts';

export interface ProjectQuestion extends ModelOptions {
  readonly question: string;
  readonly choices: readonly string[];
  readonly states?: readonly ImageState[] | undefined;
  /** File of the answers, a JSON object a line. */
  readonly save?: string | undefined;
  readonly overwrite?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** The same question about every image of a project. */
export async function askProject(
  project: string,
  { question, choices, states, save, overwrite, json = false, ...chosen }: ProjectQuestion,
): Promise<void> {
  const { device, threads } = chosen;
  const result = await runJob(
    ask,
    {
      ...{ question, choices, states, file: absolutePath(save), overwrite },
      ...{ model: await locateModel(chosen.model), device, threads },
    },
    { project, label: 'ask', signal: interruptSignal('Stopping; no answers are kept.') },
  );
  printResult(json, result, () => [table(result.table), ...listLeftOut(result.failed)].join('\n'));
  if (result.failed.length > 0) process.exitCode = exitCodes.someLeftOut;
}
