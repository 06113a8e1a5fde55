import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { imageStates } from '../../../core/records.ts';
import type { JobResult, LeftOut } from '../../api/contract/jobs.ts';
import { answerBatch } from '../../features/annotation/batch-answers.ts';
import { writeOutput } from '../../files/new-file.ts';
import { outputFile, type OutputRequest } from '../../files/output-file.ts';
import { defineJob } from '../job-kind.ts';
import { jobModelSchema } from '../job-model-schema.ts';
import { resultOf } from '../job-result.ts';

const input = z.object({
  ...jobModelSchema,
  /** Null asks for a description. */
  question: z.string().min(1).nullable().default(null),
  /** Of a multiple-choice question. */
  choices: z.array(z.string().min(1)).default([]),
  /** Only images in these states. */
  states: z.array(z.enum(imageStates)).optional(),
  /**
   * Where the answers are written, a JSON object a line; they are only told where it is left out.
   */
  file: z.string().min(1).optional(),
  /** Also replaces a file that is there. */
  overwrite: z.boolean().optional(),
});
type Input = z.infer<typeof input>;

type Result = Extract<JobResult, { kind: 'table' }> & { readonly failed: readonly LeftOut[] };

/** More rows are in the file. */
const toldRows = 500;

/**
 * The same question about every image of the project, which stays as it is. Run again, it starts
 * anew.
 */
export const ask = defineJob<Input, Result>({
  id: 'ask',
  title: { en: 'Asking about the images', 'zh-CN': '询问图像' },
  input,
  result: resultOf('table') as z.ZodType<Result>,
  needsProject: true,
  resumable: true,
  async check({ file, overwrite }) {
    if (file !== undefined) await outputFile(answersOutput(file, overwrite));
  },
  async run({ question, choices, states, file, overwrite, ...choice }, run) {
    const model = await run.openModel({ ...choice, use: 'words' });
    try {
      const asked = { question, choices };
      const { answers, failed } = await answerBatch(run.project(), model, asked, states, run);
      if (file !== undefined) {
        const lines = answers.map((answer) => `${JSON.stringify(answer)}\n`).join('');
        await writeOutput(answersOutput(file, overwrite), (draft) => writeFile(draft, lines));
      }
      const rows = answers.slice(0, toldRows).map((row) => [row.image, row.choice ?? row.text]);
      return { kind: 'table', table: [['image', 'answer'], ...rows], failed };
    } finally {
      await model.dispose();
    }
  },
});

function answersOutput(path: string, overwrite = false): OutputRequest {
  return { path, ending: '.jsonl', isOurs: null, overwrite };
}
