import { compareOutcomes, type ScoreComparison } from '../../../core/scores/compare.ts';
import { scoreTask, type ScoreTaskId } from '../../../core/scores/tasks/registry.ts';
import type { ProjectDatabase } from '../../../db/project-database.ts';
import { readSavedScores } from './saved-scores.ts';
import { scoreFailure } from './sentences.ts';

/**
 * Compares the tasks that two files of saved scores share.
 * @throws AppError `not-found`; `invalid-input` for other files than two, or where they share no
 * task on the same items
 */
export async function compareSaved(files: readonly string[]): Promise<ScoreComparison[]> {
  if (files.length !== 2) throw scoreFailure('invalid-input', 'runsDiffer', {});
  const [reference, compared] = await Promise.all(files.map(readSavedScores));
  const found = compared!.flatMap((scores): ScoreComparison[] => {
    const { report, outcomes } = scores;
    const other = reference!.find((each) => isSame(each.report, report));
    if (!other) return [];
    const differences = compareOutcomes(scoreTask(report.task), outcomes, other.outcomes);
    return [{ task: report.task, systems: [other.report.system, report.system], differences }];
  });
  if (found.length === 0) throw scoreFailure('invalid-input', 'runsDiffer', {});
  return found;
}

/**
 * Compares two runs of a project.
 * @throws AppError `not-found`; `invalid-input` where they are not of the same items.
 */
export function compareRuns(
  database: ProjectDatabase,
  ids: readonly [string, string],
): ScoreComparison {
  const [reference, compared] = ids.map((id) => database.scoreRun(id));
  if (!reference || !compared) throw scoreFailure('not-found', 'runMissing', {});
  if (!isSame(reference.report, compared.report))
    throw scoreFailure('invalid-input', 'runsDiffer', {});
  const [theirs, ours] = ids.map((id) => database.scoreOutcomes(id).map(({ outcome }) => outcome));
  const { task } = compared.report;
  return {
    task,
    systems: [reference.report.system, compared.report.system],
    differences: compareOutcomes(scoreTask(task), ours!, theirs!),
  };
}

interface Compared {
  readonly task: ScoreTaskId;
  readonly dataset: { readonly hash: string };
}

function isSame(a: Compared, b: Compared): boolean {
  return a.task === b.task && a.dataset.hash === b.dataset.hash;
}
