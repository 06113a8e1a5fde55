import { detection, segmentation } from './detection.ts';
import { gres } from './gres.ts';
import { perbenchCaption } from './perbench-caption.ts';
import { perbenchMcq } from './perbench-mcq.ts';
import { perbenchVres } from './perbench-vres.ts';
import { regionCaption } from './region-caption.ts';
import { res } from './res.ts';
import type { ScoreTask } from './score-task.ts';

/** Every way to score answers, a line each. */
const all = [
  perbenchCaption,
  perbenchMcq,
  perbenchVres,
  res,
  gres,
  regionCaption,
  detection,
  segmentation,
] as const;

export type ScoreTaskId = (typeof all)[number]['id'];
export const scoreTaskIds: readonly ScoreTaskId[] = all.map(({ id }) => id);

/** The task of an id. */
export function scoreTask(id: ScoreTaskId): ScoreTask<ScoreTaskId> {
  return all.find((task) => task.id === id) as unknown as ScoreTask<ScoreTaskId>;
}
