import { rasterizeParts, rasterizeScribble } from '../../../../core/geometry/raster.ts';
import { decodeRle } from '../../../../core/geometry/rle.ts';
import type { Bitmap, Box, Point, Rle } from '../../../../core/geometry/shapes.ts';
import type { PromptMark, RegionPrompt } from '../../../../core/prompt.ts';
import { patchGrid } from './patches.ts';
import { nearestSources, type PixelBox } from '../../../image/resize.ts';
import type { Size } from '../../../image/resize-rule.ts';
import type { View } from './view.ts';
import { modelFailure } from '../../../sentences.ts';

/** Marks that the model sees as `<PromptN>`, N = `id`. */
export interface VisualPrompt {
  readonly id: number;
  readonly marks: readonly PromptMark[];
}

/** What a region's marks say: here, and not there. */
export interface SignedMarks {
  readonly positive: readonly PromptMark[];
  readonly negative: readonly PromptMark[];
}

/**
 * @throws AppError `invalid-input` when every mark is negative, because then nothing is pointed
 * at.
 */
export function signedMarks(region: RegionPrompt): SignedMarks {
  const isNegative = (mark: PromptMark) => 'positive' in mark && !mark.positive;
  const positive = region.marks.filter((mark) => !isNegative(mark));
  if (positive.length === 0) {
    throw modelFailure('invalid-input', 'promptOnlyNegative', {});
  }
  return { positive, negative: region.marks.filter(isNegative) };
}

/**
 * The pixels that marks cover, at image size: a point is one pixel, a box is filled.
 * @throws AppError `prompt-outside-image` when a mark covers no pixel of the image,
 * `invalid-input` when a mask's size is not the image's.
 */
export function drawMarks(marks: readonly PromptMark[], image: Size): Bitmap {
  const drawn = marks.map((mark) => drawMark(mark, image));
  const data = drawn[0]!.data;
  for (const { data: other } of drawn.slice(1)) {
    for (let index = 0; index < data.length; index++) data[index] = data[index]! | other[index]!;
  }
  return { width: image.width, height: image.height, data };
}

function drawMark(mark: PromptMark, image: Size): Bitmap {
  const bitmap = rasterizeMark(mark, image);
  if (!bitmap.data.includes(1)) throw outside(mark, image);
  return bitmap;
}

function rasterizeMark(mark: PromptMark, image: Size): Bitmap {
  switch (mark.kind) {
    case 'point':
      return fillBox([Math.floor(mark.at[0]), Math.floor(mark.at[1]), 1, 1], image);
    case 'box':
      return fillBox(mark.box, image);
    case 'scribble':
      return rasterizeScribble(mark.points, mark.width, image.width, image.height);
    case 'polygon':
      return rasterizeParts(mark.parts, image.width, image.height);
    case 'mask':
      return decodeMask(mark.rle, image);
  }
}

/** Every pixel that the box touches, at least one. */
function fillBox([x, y, width, height]: Box, image: Size): Bitmap {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = Math.min(Math.max(Math.ceil(x + width), left + 1), image.width);
  const bottom = Math.min(Math.max(Math.ceil(y + height), top + 1), image.height);
  const data = new Uint8Array(image.width * image.height);
  for (let row = Math.max(top, 0); row < bottom; row++) {
    const start = row * image.width;
    if (right > 0) data.fill(1, start + Math.max(left, 0), start + Math.max(right, left));
  }
  return { width: image.width, height: image.height, data };
}

function decodeMask(rle: Rle, image: Size): Bitmap {
  const [height, width] = rle.size;
  if (width !== image.width || height !== image.height) {
    const found = `${width} x ${height}`;
    throw modelFailure('invalid-input', 'promptMaskSize', {
      width: image.width,
      height: image.height,
      found,
    });
  }
  return decodeRle(rle);
}

function outside(mark: PromptMark, image: Size): Error {
  const where = mark.kind === 'point' ? ` at ${describePoint(mark.at)}` : '';
  const { width, height } = image;
  return modelFailure('prompt-outside-image', 'promptOutsideImage', {
    kind: mark.kind,
    where,
    width,
    height,
  });
}

function describePoint([x, y]: Point): string {
  return `(${x}, ${y})`;
}

/** The tight box of a bitmap's set pixels; null when there are none. */
export function bitmapBox({ width, data }: Bitmap): PixelBox | null {
  const firstIndex = data.indexOf(1);
  if (firstIndex < 0) return null;
  const top = Math.floor(firstIndex / width);
  const bottom = Math.floor(data.lastIndexOf(1) / width);
  let left = width;
  let right = -1;
  for (let row = top; row <= bottom; row++) {
    const pixels = data.subarray(row * width, (row + 1) * width);
    const first = pixels.indexOf(1);
    if (first < 0) continue;
    left = Math.min(left, first);
    right = Math.max(right, pixels.lastIndexOf(1));
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** The value of a patch that no prompt marks; text tokens, which are not patches, would have -1. */
export const noPrompt = -2;

/** Which patches of a view a bitmap (at image size) marks: 1 where it does, grid row by row. */
export function markedPatches(bitmap: Bitmap, view: View, patch: number): Uint8Array {
  const { part, size } = view;
  const { rows, columns } = patchGrid(size, patch);
  const marked = new Uint8Array(rows * columns);
  const sourceColumns = nearestSources(part.width, size.width);
  const sourceRows = nearestSources(part.height, size.height);
  let any = false;
  for (let y = 0; y < size.height; y++) {
    const from = (part.top + sourceRows[y]!) * bitmap.width + part.left;
    const to = Math.floor(y / patch) * columns;
    for (let x = 0; x < size.width; x++) {
      if (bitmap.data[from + sourceColumns[x]!] === 0) continue;
      marked[to + Math.floor(x / patch)] = 1;
      any = true;
    }
  }
  if (!any) markByPosition(marked, bitmap, view, patch);
  if (!view.mirrored) return marked;
  return marked.map((_, index) => {
    const column = index % columns;
    return marked[index - column + columns - 1 - column]!;
  });
}

/**
 * Shrinking by NEAREST drops single pixels, so a point on a large photo would mark nothing, as it
 * does in the reference. Here its patch is marked by its position instead.
 */
function markByPosition(
  marked: Uint8Array,
  bitmap: Bitmap,
  { part, size }: View,
  patch: number,
): void {
  const { columns } = patchGrid(size, patch);
  for (let y = 0; y < part.height; y++) {
    const start = (part.top + y) * bitmap.width + part.left;
    const pixels = bitmap.data.subarray(start, start + part.width);
    const row = Math.floor(((y + 0.5) * size.height) / part.height / patch);
    for (let x = pixels.indexOf(1); x >= 0; x = pixels.indexOf(1, x + 1)) {
      const column = Math.floor(((x + 0.5) * size.width) / part.width / patch);
      marked[row * columns + column] = 1;
    }
  }
}

/** A prompt drawn into the patches of a view. */
export interface DrawnPrompt {
  readonly id: number;
  readonly patches: Uint8Array;
  /** Pixels covered at image size. */
  readonly area: number;
}

/** @throws AppError as {@link drawMarks}. */
export function drawPrompt(
  prompt: VisualPrompt,
  image: Size,
  view: View,
  patch: number,
): DrawnPrompt {
  const bitmap = drawMarks(prompt.marks, image);
  let area = 0;
  for (const pixel of bitmap.data) area += pixel;
  return { id: prompt.id, patches: markedPatches(bitmap, view, patch), area };
}

/**
 * Prompts in the order in which training writes them: large ones first, so that small ones stay
 * visible.
 */
export function largestFirst(prompts: readonly DrawnPrompt[]): DrawnPrompt[] {
  return prompts.toSorted((a, b) => b.area - a.area);
}

/**
 * The prompt id of every patch, -2 where there is none; prompts are written in order, so a later
 * one overrides.
 */
export function promptIndex(
  prompts: readonly Pick<DrawnPrompt, 'id' | 'patches'>[],
  patchCount: number,
): Int32Array {
  const index = new Int32Array(patchCount).fill(noPrompt);
  for (const { id, patches } of prompts) {
    for (let patch = 0; patch < patchCount; patch++) if (patches[patch]) index[patch] = id;
  }
  return index;
}
