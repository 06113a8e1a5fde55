import { rleIntersect, rleRuns } from '../../../../core/geometry/rle.ts';
import type { Point, Rle } from '../../../../core/geometry/shapes.ts';
import type { PromptMark } from '../../../../core/prompt.ts';
import { rest } from '../../../cancellation.ts';
import { alikePart } from '../../../image/alike-part.ts';
import { answerMask } from '../../../answer/mask-pixels.ts';
import { defaultThreshold } from '../../../answer/logit-map.ts';
import type { Zoom } from '../config.ts';
import { markBox, type SignedMarks } from '../processor/prompts.ts';
import { zoomView, type View } from '../processor/view.ts';
import { followEdges } from './follow-edges.ts';
import type { AnswerContext, PassRunner } from './passes.ts';
import { clickOf } from './regions.ts';

/** The logit of a pixel that surely belongs to the part, as far as edges do not say otherwise. */
const sure = 4;

/**
 * The part of a mask around a "not this" in it that is alike in colour and ends at edges of the
 * image; null where colours do not say what the click means.
 * @param clicks all so far; those on the object have other colours
 */
export async function alikeInMask(
  runner: PassRunner,
  context: AnswerContext,
  mask: Rle,
  mark: PromptMark,
  clicks: SignedMarks,
  zoom: Zoom,
): Promise<Rle | null> {
  const { image, options } = context;
  const { config } = runner.network;
  const box = markBox([{ kind: 'mask', rle: mask }, ...clicks.positive, ...clicks.negative], image);
  const view = zoomView(image, box, zoom, config);
  const click = clickOf(mark);
  if (click === null) return null;
  await rest(options.signal);
  const shown = shownMask(mask, view);
  const pixels = { ...view.size, pixels: runner.pixelsOf(image, view) };
  const others = clicks.positive.flatMap((other) => clickOf(other) ?? []);
  const found = alikePart(pixels, shown, {
    at: shownPixel(click.at, view),
    others: others.map(({ at }) => shownPixel(at, view)),
  });
  if (found === null) return null;
  await rest(options.signal);
  const logits = Float32Array.from(found, (value) => (value === 1 ? sure : -sure));
  const part = { map: { ...view.size, logits }, part: view.part, agreement: null };
  const { edges } = config.pixel_sail_studio;
  const shape = edges ? followEdges(part, runner.edgeGuide(context, view, edges)) : part;
  return rleIntersect(mask, answerMask(shape, image, defaultThreshold).rle);
}

/**
 * A mask as a view shows it, 0 or 1 for each pixel. It is looked up in the runs, because the pixels
 * of a large image take long and much memory.
 */
function shownMask(mask: Rle, { part, size }: View): Uint8Array {
  const [height] = mask.size;
  const runs = rleRuns(mask);
  const shown = new Uint8Array(size.width * size.height);
  let run = 0;
  let end = runs[0]!;
  for (let column = 0; column < size.width; column++) {
    const x = part.left + Math.floor(((column + 0.5) * part.width) / size.width);
    // Where the view enlarges the image, the column before may show the same pixels.
    while (run > 0 && end - runs[run]! > x * height) end -= runs[run--]!;
    for (let row = 0; row < size.height; row++) {
      const y = part.top + Math.floor(((row + 0.5) * part.height) / size.height);
      while (end <= x * height + y) end += runs[++run]!;
      shown[row * size.width + column] = run % 2;
    }
  }
  return shown;
}

function shownPixel([x, y]: Point, { part, size }: View): number {
  const at = (place: number, start: number, length: number, count: number) =>
    Math.min(Math.max(Math.floor(((place - start) / length) * count), 0), count - 1);
  const row = at(y, part.top, part.height, size.height);
  return row * size.width + at(x, part.left, part.width, size.width);
}
