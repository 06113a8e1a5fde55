import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ScoreReport } from '../../../core/scores/report.ts';
import { storedRunSchema } from '../../../core/scores/run.ts';
import { originKey, outputOfOrigin } from '../../files/export-origin.ts';
import { toFileError } from '../../files/file-error.ts';
import type { OutputRequest } from '../../files/output-file.ts';
import type { ScoreInput, ScoreResult } from './score.ts';
import { scoreFailure } from './sentences.ts';

/** By which saved scores are known again. */
const origin = { format: 'scores' };

/**
 * Where scores may be saved: never over what they are made of.
 * @param path where they shall be saved
 */
export function savedOutput(
  path: string,
  {
    truth,
    predictions,
    overwrite = false,
  }: Pick<ScoreInput, 'truth' | 'predictions' | 'overwrite'>,
): OutputRequest {
  const inputs = [truth, predictions].filter((input) => input !== null);
  return outputOfOrigin(origin, { path, ending: '.json', inputs, overwrite });
}

/** The saved form of scores. */
export function savedText({ scores, overall }: ScoreResult): string {
  return JSON.stringify({ [originKey]: origin, overall, scores });
}

const savedSchema = z.object({
  scores: z.array(
    z.object({
      report: storedRunSchema.shape.report,
      rows: z.array(
        z.looseObject({
          itemId: z.string(),
          kept: z.looseObject({ outcome: z.unknown() }),
        }),
      ),
    }),
  ),
});

/** One task's saved scores, as far as they are compared. */
export interface SavedTask {
  readonly report: ScoreReport;
  readonly itemIds: readonly string[];
  readonly outcomes: readonly unknown[];
}

/** @throws AppError `not-found`, `invalid-input` where the file holds no scores */
export async function readSavedScores(file: string): Promise<SavedTask[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (thrown) {
    throw toFileError(thrown, 'read', file);
  }
  const parsed = savedSchema.safeParse(fromJson(text));
  if (!parsed.success) throw scoreFailure('invalid-input', 'reportForeign', { file });
  return parsed.data.scores.map(({ report, rows }) => ({
    report: report as unknown as ScoreReport,
    itemIds: rows.map(({ itemId }) => itemId),
    outcomes: rows.map(({ kept }) => kept.outcome),
  }));
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
