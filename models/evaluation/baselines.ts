import { deepestInsidePoint } from '../../core/geometry/region.ts';
import { rasterizeBox, rasterizeScribble } from '../../core/geometry/raster.ts';
import { decodeRle, encodeRle, rleBox, rleFromRuns } from '../../core/geometry/rle.ts';
import type { Point, Rle } from '../../core/geometry/shapes.ts';
import type { Target } from './targets.ts';
import type { MaskPrompt } from './prompts.ts';

/**
 * Answers without looking at the image. Discs have the mean share of the image that the evaluated
 * targets have, which is more than such an answer could know.
 */
export type BaselineName = 'filledBox' | 'disc' | 'wholeImage' | 'centre';

const baselinesOf: Record<MaskPrompt, readonly BaselineName[]> = {
  box: ['filledBox'],
  point: ['disc', 'wholeImage', 'centre'],
  clicks: ['disc', 'wholeImage', 'centre'],
  scribble: ['disc', 'wholeImage', 'centre'],
  text: ['wholeImage', 'centre'],
};

/** The mean share of its image that a target covers. */
export function meanShare(targets: readonly Target[]): number {
  const shares = targets.map(({ area, image }) => area / (image.width * image.height));
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** The baselines' masks for a target. */
export function baselineMasks(
  kind: MaskPrompt,
  target: Target,
  share: number,
): [BaselineName, Rle][] {
  return baselinesOf[kind].map((name) => [name, baselineMask(name, target, share)]);
}

function baselineMask(name: BaselineName, { rle, image }: Target, share: number): Rle {
  const { width, height } = image;
  switch (name) {
    case 'filledBox':
      return encodeRle(rasterizeBox(rleBox(rle), width, height));
    case 'disc':
      return disc(deepestInsidePoint(decodeRle(rle)), share, width, height);
    case 'wholeImage':
      return rleFromRuns([height, width], Uint32Array.of(0, width * height));
    case 'centre':
      return disc([width / 2, height / 2], share, width, height);
  }
}

/** A disc with the given share of the image, as far as it lies in the image. */
function disc(centre: Point, share: number, width: number, height: number): Rle {
  const diameter = 2 * Math.sqrt((share * width * height) / Math.PI);
  return encodeRle(rasterizeScribble([centre], diameter, width, height));
}

/** A mask without a pixel: what an absent answer counts as. */
export function emptyMask(width: number, height: number): Rle {
  return rleFromRuns([height, width], Uint32Array.of(width * height));
}
