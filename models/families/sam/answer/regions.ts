import type { AnswerMask, ModelAnswer, RegionPrompt } from '../../../../core/prompt.ts';
import type { LogitMap } from '../../../answer/logit-map.ts';
import { rest } from '../../../cancellation.ts';
import type { AnswerEvent } from '../../../model.ts';
import type { DecodedMask } from '../network/network.ts';
import { worthOffering } from '../../../answer/alternatives.ts';
import { bestFit, chooseMask, type Choice } from './choose.ts';
import { cutOut, decode, thresholdOf, type SamContext } from './context.ts';
import { pointedRegion, type PointedRegion } from './region-prompt.ts';
import { stepsOf, type Step } from './steps.ts';

/** Chosen masks that are kept for corrections, per photo. */
const keptMasks = 32;

/** One mask for each region, with what else the model offers for it. */
export async function* segmentRegions(
  context: SamContext,
  regions: readonly RegionPrompt[],
): AsyncGenerator<AnswerEvent, ModelAnswer> {
  const pointed = regions.map((region) => pointedRegion(region, context.image));
  yield { kind: 'stage', stage: 'mask' };
  const masks: AnswerMask[] = [];
  for (const [index, region] of pointed.entries()) {
    masks.push(await segmentRegion(context, region, index));
  }
  return { text: '', masks, choice: null };
}

async function segmentRegion(
  context: SamContext,
  region: PointedRegion,
  index: number,
): Promise<AnswerMask> {
  const { config } = context.network.manifest;
  const steps = stepsOf(region, config, context.photo.encoded.frame);
  let previous: LogitMap | null = null;
  for (const step of steps.slice(0, -1)) previous = await chosenMap(context, step, previous);
  const { masks, choice } = await run(context, steps.at(-1)!, previous);
  const offered = [choice.best, ...choice.others].map((mask) => cutOut(context, masks[mask]!));
  // A middle that stands for a box leaves open what is meant, and the box says it.
  const isStandIn = config.boxes.kind === 'none' && region.box !== null;
  const chosen = isStandIn ? bestFit(offered, region.box) : 0;
  const mask = offered[chosen]!;
  const candidates = worthOffering(mask, offered.toSpliced(chosen, 1));
  return { ...mask, threshold: thresholdOf(context), region: index, label: null, candidates };
}

/** The logits that a step chooses, decoded unless they are known. */
async function chosenMap(
  context: SamContext,
  step: Step,
  previous: LogitMap | null,
): Promise<LogitMap> {
  const known = context.photo.chosen.get(step.key);
  if (known) return known;
  const { masks, choice } = await run(context, step, previous);
  return masks[choice.best]!.map;
}

async function run(
  context: SamContext,
  { prompt, key }: Step,
  previous: LogitMap | null,
): Promise<{ masks: DecodedMask[]; choice: Choice }> {
  await rest(context.options.signal);
  const asked = { ...prompt, previous: previous ?? prompt.previous };
  const masks = await decode(context, asked);
  const { singleFirst } = context.network.manifest.config.output;
  const choice = chooseMask(masks, asked, singleFirst);
  remember(context.photo.chosen, key, masks[choice.best]!.map);
  return { masks, choice };
}

function remember(chosen: Map<string, LogitMap>, key: string, map: LogitMap): void {
  chosen.delete(key);
  chosen.set(key, map);
  for (const oldest of chosen.keys()) {
    if (chosen.size <= keptMasks) break;
    chosen.delete(oldest);
  }
}
