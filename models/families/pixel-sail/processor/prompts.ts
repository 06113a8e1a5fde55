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

/** Positive and negative marks of a region. */
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
    case 'box':
      return fillBox(coveredBox(mark, image), image);
    case 'scribble':
      return rasterizeScribble(mark.points, mark.width, image.width, image.height);
    case 'polygon':
      return rasterizeParts(mark.parts, image.width, image.height);
    case 'mask':
      return decodeMask(mark.rle, image);
  }
}

/**
 * Every pixel of the image that a box touches, at least one where it lies inside; a point is one
 * pixel.
 */
function coveredBox(mark: Extract<PromptMark, { kind: 'point' | 'box' }>, image: Size): PixelBox {
  const [x, y, width, height]: Box =
    mark.kind === 'box' ? mark.box : [Math.floor(mark.at[0]), Math.floor(mark.at[1]), 1, 1];
  const along = (from: number, length: number, limit: number) => {
    const first = Math.floor(from);
    const last = Math.min(Math.max(Math.ceil(from + length), first + 1), limit);
    const start = Math.max(first, 0);
    return { start, length: Math.max(last - start, 0) };
  };
  const across = along(x, width, image.width);
  const down = along(y, height, image.height);
  return { left: across.start, top: down.start, width: across.length, height: down.length };
}

function fillBox({ left, top, width, height }: PixelBox, image: Size): Bitmap {
  const data = new Uint8Array(image.width * image.height);
  for (let row = top; row < top + height; row++) {
    const start = row * image.width + left;
    data.fill(1, start, start + width);
  }
  return { width: image.width, height: image.height, data };
}

/**
 * The pixels of a single point or box, without rasterizing the whole photo. Null for other marks.
 * @throws AppError `prompt-outside-image` when it covers no pixel of the image
 */
function onlyBox(marks: readonly PromptMark[], image: Size): PixelBox | null {
  const [mark, ...others] = marks;
  if (others.length > 0 || (mark?.kind !== 'point' && mark?.kind !== 'box')) return null;
  const box = coveredBox(mark, image);
  if (box.width === 0 || box.height === 0) throw outside(mark, image);
  return box;
}

/** The tight box of the pixels that marks cover. @throws AppError as {@link drawMarks} */
export function markBox(marks: readonly PromptMark[], image: Size): PixelBox {
  return onlyBox(marks, image) ?? bitmapBox(drawMarks(marks, image))!;
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

/** As {@link markedPatches} of a bitmap in which nothing but the box is set. */
function patchesInBox(box: PixelBox, view: View, patch: number): Uint8Array {
  const { part, size, mirrored } = view;
  const { rows, columns } = patchGrid(size, patch);
  const marked = new Uint8Array(rows * columns);
  const [left, top] = [box.left - part.left, box.top - part.top];
  let across = sampledPatches(left, box.width, part.width, size.width, patch);
  let down = sampledPatches(top, box.height, part.height, size.height, patch);
  if (across.size === 0 || down.size === 0) {
    across = patchesUnder(left, box.width, part.width, size.width, patch);
    down = patchesUnder(top, box.height, part.height, size.height, patch);
  }
  for (const row of down) {
    for (const column of across) {
      marked[row * columns + (mirrored ? columns - 1 - column : column)] = 1;
    }
  }
  return marked;
}

/** The patches along one axis in which NEAREST picks a pixel of the `length` from `first`. */
function sampledPatches(
  first: number,
  length: number,
  partLength: number,
  viewLength: number,
  patch: number,
): Set<number> {
  const sources = nearestSources(partLength, viewLength);
  const found = new Set<number>();
  for (let at = 0; at < viewLength; at++) {
    const isInside = sources[at]! >= first && sources[at]! < first + length;
    if (isInside) found.add(Math.floor(at / patch));
  }
  return found;
}

/** The patches along one axis in which the middles of the `length` pixels from `first` lie. */
function patchesUnder(
  first: number,
  length: number,
  partLength: number,
  viewLength: number,
  patch: number,
): Set<number> {
  const found = new Set<number>();
  for (let at = Math.max(first, 0); at < Math.min(first + length, partLength); at++) {
    found.add(Math.floor(((at + 0.5) * viewLength) / partLength / patch));
  }
  return found;
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
  const box = onlyBox(prompt.marks, image);
  if (box) {
    const area = box.width * box.height;
    return { id: prompt.id, patches: patchesInBox(box, view, patch), area };
  }
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
