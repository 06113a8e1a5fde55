import type { z } from 'zod';
import type { JobResult } from '../../api/contract/jobs.ts';
import {
  evaluateDatasets,
  evaluationInput,
  savedOutput,
  type EvaluationInput,
  type EvaluationReport,
} from '../../features/evaluation/evaluate-datasets.ts';
import { columnsOf, setRows } from '../../features/evaluation/set-table.ts';
import { outputFile } from '../../files/output-file.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

export type EvaluationResult = Extract<JobResult, { kind: 'table' }> & EvaluationReport;

/** A model's quality on COCO datasets, with baselines beside it. Run again, it starts anew. */
export const evaluate = defineJob<EvaluationInput, EvaluationResult>({
  id: 'evaluate',
  title: { en: 'Measuring the model', 'zh-CN': '评测模型' },
  input: evaluationInput,
  result: resultOf('table') as unknown as z.ZodType<EvaluationResult>,
  needsProject: false,
  resumable: true,
  async check(input) {
    // Whether the scores can be kept is known before they are made.
    if (input.save !== undefined) await outputFile(savedOutput(input.save, input));
  },
  async run(input, run) {
    const model = await run.openModel(input);
    try {
      const report = await evaluateDatasets(input, model, run);
      const sets = Object.entries(report.sets);
      const table = setRows(sets.map(([name, scores]) => [name, columnsOf(scores)]));
      return { kind: 'table', table, ...report };
    } finally {
      await model.dispose();
    }
  },
});
