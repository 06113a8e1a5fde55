import { writeFile } from 'node:fs/promises';
import type { z } from 'zod';
import { reportRows } from '../../../core/scores/report.ts';
import type { JobResult } from '../../api/contract/jobs.ts';
import {
  score as scoreItems,
  scoreInput,
  type ScoreInput,
  type ScoreResult,
} from '../../features/scores/score.ts';
import { savedOutput, savedText } from '../../features/scores/saved-scores.ts';
import { scoreFailure } from '../../features/scores/sentences.ts';
import { writeOutput } from '../../files/new-file.ts';
import { outputFile } from '../../files/output-file.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

export type ScoreJobResult = Extract<JobResult, { kind: 'table' }> & ScoreResult;

/**
 * Scores a model's answers, or another system's, to the items of the project or of files. Run
 * again, it starts anew.
 */
export const score = defineJob<ScoreInput, ScoreJobResult>({
  id: 'score',
  title: { en: 'Scoring', 'zh-CN': '评分' },
  input: scoreInput,
  result: resultOf('table') as unknown as z.ZodType<ScoreJobResult>,
  needsProject: ({ truth }) => truth === null,
  resumable: true,
  async check(input) {
    const { save, truth, images, predictions } = input;
    if (truth !== null && images === null && predictions === null) {
      throw scoreFailure('invalid-input', 'scoreImagesMissing', {});
    }
    // Whether the scores can be kept is known before they are made.
    if (save !== undefined) await outputFile(savedOutput(save, input));
  },
  async run(input, run) {
    const result = await scoreItems(input, run);
    const { save } = input;
    if (save !== undefined) {
      const saved = savedText(result);
      await writeOutput(savedOutput(save, input), (draft) => writeFile(draft, saved));
    }
    if (input.truth === null) run.projectChanged();
    const table = reportRows(result.scores.map(({ report }) => report));
    return { kind: 'table', table, ...result };
  },
  told: ({ kind, table }) => ({ kind, table }),
});
