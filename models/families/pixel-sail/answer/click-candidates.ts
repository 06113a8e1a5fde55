import { pointInGeometry } from '../../../../core/geometry/region.ts';
import type { Point } from '../../../../core/geometry/shapes.ts';
import type { Zoom } from '../config.ts';
import type { PixelBox } from '../../../image/resize.ts';
import { candidatesAnswer, candidatesQuestion } from '../processor/templates.ts';
import { zoomView } from '../processor/view.ts';
import type { LogitMap } from '../../../answer/logit-map.ts';
import { rest } from '../../../cancellation.ts';
import type { CutMask } from './cut-mask.ts';
import { cutOutAtEdges } from './cut-out.ts';
import type { AnswerContext, PassRunner } from './passes.ts';
import { drawRegions, segmentTogether, type Answering } from './regions.ts';

/** Of maps that overlap by this IoU or more, one is worth fitting to the edges of the image. */
const sameMapIou = 0.9;

/**
 * The whole, the part and the detail that a lone click may mean, as a checkpoint that was trained
 * on it answers about a close look at it. The look is one that its mask was taken from, so this
 * costs no further reading of the image. Masks without the click, and those that nearly repeat
 * another one or the look's own, are left out.
 */
export async function* clickCandidates(
  runner: PassRunner,
  context: AnswerContext,
  at: Point,
  box: PixelBox,
  zoom: Zoom,
): Answering<CutMask[]> {
  const { config } = runner.network;
  const view = zoomView(context.image, box, zoom, config);
  const click = { kind: 'point', at, positive: true } as const;
  const region = { positive: [click], negative: [] };
  const { prompts } = await drawRegions([region], context, view, config);
  const { masks } = yield* runner.run(context, {
    view,
    prompts,
    question: candidatesQuestion(0),
    answerPrefix: candidatesAnswer,
    maximumTokens: 0,
  });
  // The same look gave this mask before; reading it again costs nothing.
  const [plain] = yield* segmentTogether(runner, context, [region], view);
  const seen = [plain!.map];
  const candidates: CutMask[] = [];
  for (const { map } of masks) {
    if (seen.some((known) => mapIou(known, map) >= sameMapIou)) continue;
    seen.push(map);
    await rest(context.options.signal);
    const mask = { map, part: view.part, agreement: null };
    const cut = await cutOutAtEdges(runner, context, mask, view);
    if (pointInGeometry({ kind: 'mask', rle: cut.rle }, at)) candidates.push(cut);
  }
  return candidates;
}

/** Of the cells with a likelihood above a half, in two maps of one view; 1 where there are none. */
function mapIou(a: LogitMap, b: LogitMap): number {
  let [common, united] = [0, 0];
  for (let cell = 0; cell < a.logits.length; cell++) {
    const [inA, inB] = [a.logits[cell]! > 0, b.logits[cell]! > 0];
    if (inA && inB) common++;
    if (inA || inB) united++;
  }
  return united === 0 ? 1 : common / united;
}
