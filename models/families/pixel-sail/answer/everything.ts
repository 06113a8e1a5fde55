import { rleIou } from '../../../../core/geometry/rle.ts';
import type { ModelAnswer } from '../../../../core/prompt.ts';
import type { SignedMarks } from '../processor/prompts.ts';
import type { PixelBox } from '../../../image/resize.ts';
import type { Size } from '../../../image/resize-rule.ts';
import { wholeView } from '../processor/view.ts';
import { rest } from '../../../cancellation.ts';
import { lookAround } from './close-look.ts';
import type { CutMask } from './cut-mask.ts';
import { cutOut, toAnswerMask } from './cut-out.ts';
import type { AnswerContext, PassRunner } from './passes.ts';
import { segmentTogether, type Answering } from './regions.ts';

/**
 * Points that share a pass: as many as the training of the model in the box shows at most. With 15
 * on 18 dev photos, recall at IoU 0.5 was 0.20 and the mean best IoU 0.25; with 4 it is 0.27 and
 * 0.34.
 */
const pointsPerPass = 4;

/** A mask, and the point that it answers. */
interface PointedMask {
  readonly region: SignedMarks;
  readonly cut: CutMask;
}

/**
 * Masks of all that a regular grid of points meets, best score first, none twice. The points share
 * passes over the whole image; only what is left without repetitions is then looked at closely,
 * where the checkpoint asks for that.
 */
export async function* segmentEverything(
  runner: PassRunner,
  context: AnswerContext,
  pointsPerSide: number,
): Answering<ModelAnswer> {
  const { signal } = context.options;
  const { zoom } = runner.network.config.pixel_sail_studio;
  const view = wholeView(context.image, runner.network.config);
  const points = gridPoints(context.image, pointsPerSide);
  const coarse: PointedMask[] = [];
  for (let start = 0; start < points.length; start += pointsPerPass) {
    const regions = points.slice(start, start + pointsPerPass);
    const masks = yield* segmentTogether(runner, context, regions, view);
    for (const [index, mask] of masks.entries()) {
      await rest(signal);
      coarse.push({ region: regions[index]!, cut: cutOut(runner, context, mask) });
    }
  }
  const found = await keepBest(coarse, signal);
  const close: PointedMask[] = [];
  for (const { region, cut } of zoom === undefined ? [] : found) {
    const box = boxOf(cut);
    close.push({ region, cut: yield* lookAround(runner, context, region, [box], zoom!) });
  }
  const kept = zoom === undefined ? found : await keepBest(close, signal);
  const about = { region: null, label: null, pointed: true };
  const masks = kept.map(({ cut }) => toAnswerMask(runner, context, cut, about));
  return { text: '', masks, choice: null };
}

/** Single points at the centres of a regular grid of cells, row by row. */
function gridPoints({ width, height }: Size, pointsPerSide: number): SignedMarks[] {
  const at = (index: number, length: number) => ((index + 0.5) / pointsPerSide) * length;
  return Array.from({ length: pointsPerSide ** 2 }, (_, index) => {
    const x = at(index % pointsPerSide, width);
    const y = at(Math.floor(index / pointsPerSide), height);
    return { positive: [{ kind: 'point', at: [x, y], positive: true }], negative: [] };
  });
}

function boxOf({ bbox: [left, top, width, height] }: CutMask): PixelBox {
  return { left, top, width, height };
}

/** Two masks that overlap by this IoU are taken for the same object. */
const sameObjectIou = 0.7;

/**
 * Best score first, without empty masks and repetitions: of masks of one object the best one is
 * kept.
 */
export async function keepBest(
  masks: readonly PointedMask[],
  signal?: AbortSignal,
): Promise<PointedMask[]> {
  const kept: PointedMask[] = [];
  for (const mask of masks.toSorted((a, b) => b.cut.score - a.cut.score)) {
    await rest(signal);
    const isRepeated = kept.some(({ cut }) => rleIou(cut.rle, mask.cut.rle) >= sameObjectIou);
    if (mask.cut.area > 0 && !isRepeated) kept.push(mask);
  }
  return kept;
}
