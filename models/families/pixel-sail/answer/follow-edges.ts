import type { Edges } from '../config.ts';
import { GuidedFilter } from '../../../image/guided-filter.ts';
import type { PixelBox } from '../../../image/resize.ts';
import type { Size } from '../../../image/resize-rule.ts';
import type { View } from '../processor/view.ts';
import { logitOf, probabilityOf } from '../../../answer/logit-map.ts';
import { logitsOnGrid, type SoftMask } from './soft-mask.ts';

/** The image edges for fitting masks of a part of an image. */
export interface EdgeGuide extends Size {
  readonly part: PixelBox;
  readonly filter: GuidedFilter;
  readonly bytes: number;
}

/**
 * Any number of masks of a view's part can be fitted to what the view shows.
 * @param pixels of the view, not mirrored
 * @param cell side of a mask's cell in those pixels; the filter computes on cells of that size
 */
export function edgeGuide(
  { part, size }: Pick<View, 'part' | 'size'>,
  pixels: Uint8Array,
  edges: Edges,
  cell: number,
): EdgeGuide {
  const filter = new GuidedFilter({ ...size, pixels }, { ...edges, step: stepOf(cell, size) });
  return { part, ...size, filter, bytes: filter.bytes };
}

function stepOf(cell: number, { width, height }: Size): number {
  let step = Math.max(Math.floor(cell), 1);
  while (width % step !== 0 || height % step !== 0) step--;
  return step;
}

/** A mask whose border lies on the edges that its part of the image shows. */
export function followEdges(mask: SoftMask, guide: EdgeGuide): SoftMask {
  const seen = logitsOnGrid(mask, guide.part, guide.filter.grid);
  const probabilities = new Float32Array(seen.length);
  for (let cell = 0; cell < seen.length; cell++) probabilities[cell] = probabilityOf(seen[cell]!);
  const logits = guide.filter.apply(probabilities);
  for (let cell = 0; cell < logits.length; cell++) logits[cell] = logitOf(logits[cell]!);
  return { ...mask, map: { logits, width: guide.width, height: guide.height } };
}
