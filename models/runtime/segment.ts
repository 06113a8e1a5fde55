import { AppError } from '../../core/errors.ts';
import {
  maximumRegions,
  type AnswerMask,
  type ModelAnswer,
  type RegionPrompt,
} from '../../core/prompt.ts';
import type { Edges, ModelConfig, Zoom } from '../config.ts';
import {
  bitmapBox,
  drawMarks,
  drawPrompt,
  signedMarks,
  type DrawnPrompt,
  type SignedMarks,
} from '../processor/prompts.ts';
import { resizeBilinear, type PixelBox, type RgbPixels } from '../processor/resize.ts';
import { guidedFilter } from '../processor/guided-filter.ts';
import type { Size } from '../processor/resize-rule.ts';
import {
  regionAnswer,
  regionQuestion,
  segmentationAnswer,
  textQuestion,
} from '../processor/templates.ts';
import { grownBox, wholeView, zoomView, type View } from '../processor/view.ts';
import { readableText } from './answers.ts';
import { maskEvidence, maskScore } from './mask-score.ts';
import { answerMask, clipMask, type MaskPixels } from './masks.ts';
import type { AnswerContext, PassResult, PassRunner } from './passes.ts';
import type { AnswerEvent } from './pixel-sail.ts';
import { averageSoftMasks, logitAt, logitOf, probabilityOf, type SoftMask } from './soft-mask.ts';

type Answering<Value> = AsyncGenerator<AnswerEvent, Value>;

/** A region's prompt ids in one pass. */
interface NamedRegion {
  readonly id: number;
  /** The prompt that marks what the region is not. */
  readonly not: number | null;
}

/** One mask for each region. */
export async function* segmentRegions(
  runner: PassRunner,
  context: AnswerContext,
  regions: readonly RegionPrompt[],
): Answering<ModelAnswer> {
  const { config } = runner.network;
  const { zoom } = config.pixel_sail_studio;
  const marks = regions.map(signedMarks);
  const masks: AnswerMask[] = [];
  if (zoom === undefined) {
    const found = yield* lookTogether(runner, context, marks, wholeView(context.image, config));
    for (const [region, mask] of found.entries()) {
      masks.push({ ...cutOut(runner, context, mask), region, label: null });
    }
  } else {
    const boxes = yield* regionBoxes(runner, context, marks);
    for (const [index, region] of marks.entries()) {
      const mask = yield* lookClosely(runner, context, region, boxes[index]!, zoom);
      const cut = clipToBox(
        cutOut(runner, context, mask.sure, mask.shape),
        region,
        boxes[index]!,
        context.image,
      );
      masks.push({ ...cut, region: index, label: null });
    }
  }
  return { text: '', masks, choice: null };
}

/** All regions in one pass over a view; one mask for each, in order. */
async function* lookTogether(
  runner: PassRunner,
  context: AnswerContext,
  regions: readonly SignedMarks[],
  view: View,
): Answering<SoftMask[]> {
  const { prompts, named } = drawRegions(regions, context.image, view, runner.network.config);
  const result = yield* runner.run(context, {
    view,
    prompts,
    question: regionQuestion(named),
    answerPrefix: regionAnswer(named.map(({ id }) => id)),
    maximumTokens: 0,
  });
  return result.masks.map(({ map }) => ({ map, part: view.part, agreement: null }));
}

/**
 * Draws regions as `<Prompt0>` …; what they are not gets the ids after those, as far as it lies in the view.
 * @throws AppError `invalid-input` when more ids are needed than there are.
 */
export function drawRegions(
  regions: readonly SignedMarks[],
  image: Size,
  view: View,
  config: ModelConfig,
): { prompts: DrawnPrompt[]; named: NamedRegion[] } {
  const draw = (id: number, marks: SignedMarks['positive']) =>
    drawPrompt({ id, marks }, image, view, config.patch_size);
  const positive = regions.map((region, id) => draw(id, region.positive));
  const negative: DrawnPrompt[] = [];
  const named = regions.map((region, id) => {
    if (region.negative.length === 0) return { id, not: null };
    const not = draw(regions.length + negative.length, region.negative);
    if (!not.patches.includes(1)) return { id, not: null };
    negative.push(not);
    return { id, not: not.id };
  });
  const limit = Math.min(maximumRegions, config.prompt_token_ids.length);
  if (positive.length + negative.length > limit) {
    throw new AppError(
      'invalid-input',
      `At most ${limit} prompts fit into one question, but ${positive.length} regions with ${negative.length} exclusions ` +
        `were given. Ask about fewer regions at a time.`,
    );
  }
  return { prompts: [...negative, ...positive], named };
}

/**
 * The box around which each region is looked at closely. Boxes, polygons and masks say how large the object is; points
 * and strokes do not, so those regions are first segmented on the whole image, all in one pass.
 */
export async function* regionBoxes(
  runner: PassRunner,
  context: AnswerContext,
  regions: readonly SignedMarks[],
): Answering<PixelBox[]> {
  const { image } = context;
  const boxes = regions.map(({ positive }) => bitmapBox(drawMarks(positive, image))!);
  const vague = regions.flatMap((region, index) => (hasExtent(region) ? [] : [index]));
  if (vague.length === 0) return boxes;
  const view = wholeView(image, runner.network.config);
  const unclear = vague.map((index) => regions[index]!);
  const coarse = yield* lookTogether(runner, context, unclear, view);
  for (const [position, index] of vague.entries()) {
    boxes[index] = unite(
      boxes[index]!,
      answerMask(coarse[position]!, image, defaultThreshold).bbox,
    );
  }
  return boxes;
}

function hasExtent({ positive }: SignedMarks): boolean {
  return positive.some(({ kind }) => kind === 'box' || kind === 'polygon' || kind === 'mask');
}

function unite(box: PixelBox, [left, top, width, height]: AnswerMask['bbox']): PixelBox {
  if (width === 0) return box;
  const united = { left: Math.min(box.left, left), top: Math.min(box.top, top) };
  const right = Math.max(box.left + box.width, left + width);
  const bottom = Math.max(box.top + box.height, top + height);
  return { ...united, width: right - united.left, height: bottom - united.top };
}

/** A mask as the model gave it, from which its score follows, and as it is cut out: fitted to edges, where the checkpoint asks. */
interface CloseMask {
  readonly sure: SoftMask;
  readonly shape: SoftMask;
}

/** A region's mask from cuts around its box: the mean of all looks that the checkpoint asks for. */
async function* lookClosely(
  runner: PassRunner,
  context: AnswerContext,
  region: SignedMarks,
  box: PixelBox,
  zoom: Zoom,
): Answering<CloseMask> {
  const found: SoftMask[] = [];
  for (const look of [zoom, ...zoom.also]) {
    const view = zoomView(context.image, box, look, runner.network.config);
    found.push(...(yield* lookTogether(runner, context, [region], view)));
  }
  const [first, ...others] = found;
  const average = averageSoftMasks(first!, others);
  const { edges } = runner.network.config.pixel_sail_studio;
  if (edges === undefined) return { sure: average, shape: average };
  const { part, size } = zoomView(context.image, box, zoom, runner.network.config);
  const guide = { ...size, pixels: resizeBilinear(context.image, part, size) };
  return { sure: average, shape: followEdges(average, guide, edges) };
}

/** A mask whose border lies on the edges of the image, on the pixels of `guide`, which shows the same part. */
function followEdges(mask: SoftMask, guide: RgbPixels, edges: Edges): SoftMask {
  const { part } = mask;
  const probabilities = new Float32Array(guide.width * guide.height);
  for (let row = 0; row < guide.height; row++) {
    const y = part.top + ((row + 0.5) * part.height) / guide.height;
    for (let column = 0; column < guide.width; column++) {
      const x = part.left + ((column + 0.5) * part.width) / guide.width;
      probabilities[row * guide.width + column] = probabilityOf(logitAt(mask, x, y)!);
    }
  }
  const logits = guidedFilter(guide, probabilities, edges).map(logitOf);
  return { ...mask, map: { logits, width: guide.width, height: guide.height } };
}

/**
 * A person who draws a box means what lies in it: pixels further out than this share of its long side are dropped, which
 * raised the mean IoU on dev photos a little.
 */
const boxTolerance = 0.03;

function clipToBox<Mask extends MaskPixels>(
  mask: Mask,
  { positive }: SignedMarks,
  box: PixelBox,
  image: Size,
): Mask {
  const isBox = positive.every(({ kind }) => kind === 'box');
  return isBox ? clipMask(mask, grownBox(image, box, boxTolerance)) : mask;
}

/**
 * The masks that a text refers to, asked for as `textQuestion` says. An answer without `[SEG]` is asked for again with
 * "It is [SEG].".
 * @throws AppError `invalid-input` when the text is blank.
 */
export async function* segmentText(
  runner: PassRunner,
  context: AnswerContext,
  text: string,
  regions: readonly RegionPrompt[],
): Answering<ModelAnswer> {
  if (text.trim() === '') {
    throw new AppError(
      'invalid-input',
      'The text that says what to segment is blank. Name something.',
    );
  }
  const { config } = runner.network;
  const view = wholeView(context.image, config);
  const pass = {
    view,
    prompts: drawRegions(regions.map(signedMarks), context.image, view, config).prompts,
    question: textQuestion(text),
    answerPrefix: '',
    maximumTokens: maximumTokens(context),
  };
  const answer = yield* runner.run(context, pass);
  let found: PassResult = answer;
  if (answer.masks.length === 0) {
    const forced = { ...pass, answerPrefix: segmentationAnswer, maximumTokens: 0 };
    found = yield* runner.run(context, forced);
  }
  return {
    text: readableText(answer.text),
    masks: foundMasks(runner, context, found, view),
    choice: null,
  };
}

/** New tokens of an answer at most; the reference's limit when none is given. */
export function maximumTokens({ options }: AnswerContext): number {
  return options.generation?.maximumTokens ?? 512;
}

/** A pass's masks at image size, without those that are empty or said to be absent. */
export function foundMasks(
  runner: PassRunner,
  context: AnswerContext,
  { masks }: PassResult,
  { part }: View,
): AnswerMask[] {
  return masks
    .filter(({ isAbsent }) => !isAbsent)
    .map(({ map, promptId: region, label }) => {
      const cut = cutOut(runner, context, { map, part, agreement: null });
      return { ...cut, region, label };
    })
    .filter(({ area }) => area > 0);
}

/** Probability above which a pixel belongs to a mask, as in the reference. */
const defaultThreshold = 0.5;

/** A mask at image size, and what it is worth. */
function cutOut(
  runner: PassRunner,
  { image, options }: AnswerContext,
  mask: SoftMask,
  shape = mask,
): Omit<AnswerMask, 'region' | 'label'> {
  const threshold = options.threshold ?? defaultThreshold;
  const evidence = maskEvidence(mask, threshold);
  options.onEvidence?.(evidence);
  const { score } = runner.network.config.pixel_sail_studio;
  return { ...answerMask(shape, image, threshold), score: maskScore(evidence, score) };
}
