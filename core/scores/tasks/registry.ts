import { detection, segmentation } from './detection.ts';
import { gres } from './gres.ts';
import { perbenchCaption } from './perbench-caption.ts';
import { perbenchMcq } from './perbench-mcq.ts';
import { perbenchVres } from './perbench-vres.ts';
import { regionCaption } from './region-caption.ts';
import { res } from './res.ts';
import type { ScoreTask } from './score-task.ts';

/** Those of PerBench, of which the overall score is made, by what its files hold. */
const ofPerbench = [perbenchCaption, perbenchMcq, perbenchVres] as const;
/** Those of COCO's instances. */
const ofCoco = [detection, segmentation] as const;
/** Every way to score answers, a line each. */
const all = [...ofPerbench, res, gres, regionCaption, ...ofCoco] as const;

export type PerbenchTaskId = (typeof ofPerbench)[number]['id'];
export const perbenchTaskIds: readonly PerbenchTaskId[] = ofPerbench.map(({ id }) => id);
export type CocoTaskId = (typeof ofCoco)[number]['id'];

export type ScoreTaskId = (typeof all)[number]['id'];
export const scoreTaskIds: readonly ScoreTaskId[] = all.map(({ id }) => id);

export function isPerbenchTask(id: ScoreTaskId): id is PerbenchTaskId {
  return ofPerbench.some((task) => task.id === id);
}

export function isCocoTask(id: ScoreTaskId): id is CocoTaskId {
  return ofCoco.some((task) => task.id === id);
}

/** The task of an id. */
export function scoreTask(id: ScoreTaskId): ScoreTask<ScoreTaskId> {
  return all.find((task) => task.id === id) as unknown as ScoreTask<ScoreTaskId>;
}
