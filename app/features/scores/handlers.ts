import type { HandlersOf } from '../../session.ts';
import { compareRuns } from './compare-scores.ts';

export const scoreHandlers: HandlersOf<'scores'> = {
  'scores.runs': (_, { project }) => project().scoreRuns(),
  'scores.rows': ({ runId, ...query }, { project }) => project().scoreRows(runId, query),
  'scores.agreements': ({ runId }, { project }) =>
    project()
      .scoreOutcomes(runId)
      .map(({ agreement }) => agreement),
  'scores.compare': ({ from, to }, { project }) => compareRuns(project(), [from, to]),
  'scores.remove': async ({ runId }, { project }) => {
    const database = project();
    await database.gradually.rest();
    database.removeScoreRun(runId);
    return database.scoreRuns();
  },
};
