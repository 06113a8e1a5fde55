import { AppError } from '../../../../core/errors.ts';
import type { Point } from '../../../../core/geometry/shapes.ts';
import { maximumRegions, type AnswerMask, type PromptMark } from '../../../../core/prompt.ts';
import type { ModelConfig } from '../config.ts';
import { drawPrompt, markBox, type DrawnPrompt, type SignedMarks } from '../processor/prompts.ts';
import type { PixelBox } from '../../../image/resize.ts';
import { regionAnswer, regionQuestion, type NamedRegion } from '../processor/templates.ts';
import { wholeView, windowView, type View } from '../processor/view.ts';
import { rest } from '../../../cancellation.ts';
import type { HeldPlace } from './constrain-at-clicks.ts';
import { answerMask } from '../../../answer/mask-pixels.ts';
import type { AnswerContext, PassRunner } from './passes.ts';
import type { AnswerEvent } from '../../../model.ts';
import { defaultThreshold } from '../../../answer/logit-map.ts';
import type { SoftMask } from './soft-mask.ts';

export type Answering<Value> = AsyncGenerator<AnswerEvent, Value>;

/**
 * All regions in one pass over a view; one mask for each, in order. Points and strokes in `held`
 * bind all masks.
 */
export async function* segmentTogether(
  runner: PassRunner,
  context: AnswerContext,
  regions: readonly SignedMarks[],
  view: View,
  held: readonly PromptMark[] = [],
): Answering<SoftMask[]> {
  const { prompts, named } = await drawRegions(regions, context, view, runner.network.config);
  const result = yield* runner.run(context, {
    view,
    prompts,
    question: regionQuestion(named),
    answerPrefix: regionAnswer(named.map(({ id }) => id)),
    maximumTokens: 0,
    held: held.flatMap((mark) => heldPlace(mark, view) ?? []),
  });
  return result.masks.map(({ map }) => ({ map, part: view.part, agreement: null }));
}

/** Where a point or stroke lies in a view; null outside it, and for other marks. */
function heldPlace(mark: PromptMark, { part }: View): HeldPlace | null {
  const click = clickOf(mark);
  if (click === null) return null;
  const { at, positive } = click;
  const [x, y] = [(at[0] - part.left) / part.width, (at[1] - part.top) / part.height];
  return x < 0 || y < 0 || x >= 1 || y >= 1 ? null : { x, y, positive };
}

/** The position of a point or of the middle of a stroke in image pixels; null for other marks. */
export function clickOf(mark: PromptMark): { at: Point; positive: boolean } | null {
  if (mark.kind !== 'point' && mark.kind !== 'scribble') return null;
  const at = mark.kind === 'point' ? mark.at : mark.points[Math.floor(mark.points.length / 2)]!;
  return { at, positive: mark.positive };
}

/**
 * Draws regions as `<Prompt0>` …; what they are not gets ids after those, as far as it lies in the
 * view, and so do clicks on a mask where the checkpoint knows corrections.
 * @throws AppError `invalid-input` when more ids are needed than there are.
 */
export async function drawRegions(
  regions: readonly SignedMarks[],
  { image, options: { signal } }: Pick<AnswerContext, 'image' | 'options'>,
  view: View,
  config: ModelConfig,
): Promise<{ prompts: DrawnPrompt[]; named: NamedRegion[] }> {
  const { corrections } = config.pixel_sail_studio;
  const more: DrawnPrompt[] = [];
  const draw = (id: number, marks: SignedMarks['positive']) =>
    drawPrompt({ id, marks }, image, view, config.patch_size);
  const drawMore = (marks: SignedMarks['positive']): number | null => {
    if (marks.length === 0) return null;
    const drawn = draw(regions.length + more.length, marks);
    if (!drawn.patches.includes(1)) return null;
    more.push(drawn);
    return drawn.id;
  };
  const main: DrawnPrompt[] = [];
  const named: NamedRegion[] = [];
  for (const [id, { positive, negative }] of regions.entries()) {
    await rest(signal);
    const masks = corrections ? positive.filter(({ kind }) => kind === 'mask') : [];
    const clicks = masks.length > 0 ? positive.filter(({ kind }) => kind !== 'mask') : [];
    main.push(draw(id, masks.length > 0 ? masks : positive));
    named.push({ id, with: drawMore(clicks), not: drawMore(negative) });
  }
  const limit = Math.min(maximumRegions, config.prompt_token_ids.length);
  if (main.length + more.length > limit) {
    throw new AppError(
      'invalid-input',
      `At most ${limit} prompts fit into one question, but ${main.length} regions with ${more.length} clicks and ` +
        `exclusions were given. Ask about fewer regions at a time.`,
    );
  }
  return { prompts: [...more, ...main], named };
}

/**
 * The boxes around which each region may be looked at closely, at least one for each, none twice.
 * Boxes, polygons and masks say how large the object is; points and strokes do not, so those
 * regions are first segmented in windows with these shares of the image: in the whole image (1)
 * all in one pass, in smaller windows around their marks one by one.
 */
export async function* regionBoxes(
  runner: PassRunner,
  context: AnswerContext,
  regions: readonly SignedMarks[],
  windows: readonly number[] = [1],
): Answering<PixelBox[][]> {
  const { image } = context;
  const { config } = runner.network;
  const { signal } = context.options;
  const drawn: PixelBox[] = [];
  for (const { positive } of regions) {
    await rest(signal);
    drawn.push(markBox(positive, image));
  }
  const boxes: PixelBox[][] = drawn.map((box, index) =>
    regions[index]!.positive.some(hasExtent) ? [box] : [],
  );
  const add = (index: number, mask: SoftMask) => {
    const pixels = answerMask(mask, image, defaultThreshold);
    const { bbox } = pixels;
    if (regions.length === 1 && boxes[index]!.length === 0 && pixels.area > 0) {
      context.options.onDraft?.({ ...pixels, score: 0 });
    }
    const box = unite(drawn[index]!, bbox);
    if (!boxes[index]!.some((known) => isAlike(known, box))) boxes[index]!.push(box);
  };
  const vague = boxes.flatMap((known, index) => (known.length === 0 ? [index] : []));
  for (const share of vague.length === 0 ? [] : windows) {
    if (share === 1) {
      const unclear = vague.map((index) => regions[index]!);
      const masks = yield* segmentTogether(runner, context, unclear, wholeView(image, config));
      for (const [position, index] of vague.entries()) {
        await rest(signal);
        add(index, masks[position]!);
      }
      continue;
    }
    for (const index of vague) {
      const view = windowView(image, drawn[index]!, share, config);
      if (view === null) continue;
      const [mask] = yield* segmentTogether(runner, context, [regions[index]!], view);
      add(index, mask!);
    }
  }
  return boxes;
}

/** Whether a mark says how large the object is. */
export function hasExtent({ kind }: PromptMark): boolean {
  return kind === 'box' || kind === 'polygon' || kind === 'mask';
}

function unite(box: PixelBox, [left, top, width, height]: AnswerMask['bbox']): PixelBox {
  if (width === 0) return box;
  const united = { left: Math.min(box.left, left), top: Math.min(box.top, top) };
  const right = Math.max(box.left + box.width, left + width);
  const bottom = Math.max(box.top + box.height, top + height);
  return { ...united, width: right - united.left, height: bottom - united.top };
}

/** Boxes with this IoU or more show the same. */
const sameBoxIou = 0.75;

function isAlike(a: PixelBox, b: PixelBox): boolean {
  const right = Math.min(a.left + a.width, b.left + b.width);
  const bottom = Math.min(a.top + a.height, b.top + b.height);
  const width = right - Math.max(a.left, b.left);
  const height = bottom - Math.max(a.top, b.top);
  const common = Math.max(width, 0) * Math.max(height, 0);
  return common >= sameBoxIou * (a.width * a.height + b.width * b.height - common);
}
