import type { AnswerMask } from '../../../../core/prompt.ts';
import type { View } from '../processor/view.ts';
import { rest } from '../../../cancellation.ts';
import { followEdges } from './follow-edges.ts';
import { maskEvidence, maskScore } from './mask-score.ts';
import type { MaskEvidence } from '../../../model.ts';
import { worthOffering } from '../../../answer/alternatives.ts';
import { answerMask } from '../../../answer/mask-pixels.ts';
import type { CutMask } from './cut-mask.ts';
import type { AnswerContext, PassResult, PassRunner } from './passes.ts';
import { defaultThreshold } from '../../../answer/logit-map.ts';
import type { SoftMask } from './soft-mask.ts';

/** Cuts out `shape`; how good it is shows in `mask`, as the model gave it. */
export function cutOut(
  runner: PassRunner,
  { image, options }: AnswerContext,
  mask: SoftMask,
  shape = mask,
): CutMask {
  const threshold = options.threshold ?? defaultThreshold;
  const evidence = { ...maskEvidence(mask, threshold), pointed: false };
  const { score } = runner.network.config.pixel_sail_studio;
  return {
    ...answerMask(shape, image, threshold),
    threshold,
    score: maskScore(evidence, score),
    evidence,
  };
}

/**
 * Cuts a region's mask out at the edges that a view of it shows, where the checkpoint asks for
 * that.
 */
export async function cutOutAtEdges(
  runner: PassRunner,
  context: AnswerContext,
  mask: SoftMask,
  view: View,
): Promise<CutMask> {
  const { edges } = runner.network.config.pixel_sail_studio;
  if (edges === undefined) return cutOut(runner, context, mask);
  const { signal } = context.options;
  const guide = runner.edgeGuide(context, view, edges);
  await rest(signal);
  const shape = followEdges(mask, guide);
  await rest(signal);
  return cutOut(runner, context, mask, shape);
}

/** A mask as part of an answer; `pointed` where one point is all that asked for it. */
export function toAnswerMask(
  runner: PassRunner,
  { options }: AnswerContext,
  { evidence, others = [], ...mask }: CutMask,
  { pointed, ...about }: Pick<AnswerMask, 'region' | 'label'> & Pick<MaskEvidence, 'pointed'>,
): AnswerMask {
  options.onEvidence?.({ ...evidence, pointed });
  const { score: weights } = runner.network.config.pixel_sail_studio;
  const scoreOf = (seen: MaskEvidence) => maskScore({ ...seen, pointed }, weights);
  const answer = { ...mask, ...about, score: scoreOf(evidence) };
  if (!pointed || others.length === 0) return answer;
  const offered = others.map(({ rle, area, bbox, evidence: seen }) => ({
    ...{ rle, area, bbox },
    score: scoreOf(seen),
  }));
  return { ...answer, candidates: worthOffering(mask, offered) };
}

/**
 * A pass's masks at image size, fitted to its edges where the checkpoint asks for that, without
 * those that are empty or said to be absent.
 */
export async function foundMasks(
  runner: PassRunner,
  context: AnswerContext,
  { masks }: PassResult,
  view: View,
): Promise<AnswerMask[]> {
  const { text_edges: edges } = runner.network.config.pixel_sail_studio;
  const { signal } = context.options;
  const present = masks.filter(({ isAbsent }) => !isAbsent);
  const guide = edges && present.length > 0 ? runner.edgeGuide(context, view, edges, 2) : null;
  const found: AnswerMask[] = [];
  for (const { map, promptId: region, label } of present) {
    await rest(signal);
    const mask = { map, part: view.part, agreement: null };
    const shape = guide ? followEdges(mask, guide) : mask;
    await rest(signal);
    const cut = cutOut(runner, context, mask, shape);
    if (cut.area > 0) {
      found.push(toAnswerMask(runner, context, cut, { region, label, pointed: false }));
    }
  }
  return found;
}
