import type { Edges } from '../config.ts';
import { guidedFilter } from '../../../image/guided-filter.ts';
import { resizeBilinear, type PixelBox, type RgbPixels } from '../../../image/resize.ts';
import type { View } from '../processor/view.ts';
import type { RgbImage } from '../../../image/rgb-image.ts';
import { logitOf, probabilityOf } from '../../../answer/logit-map.ts';
import { logitAt, type SoftMask } from './soft-mask.ts';

/** The pixels that masks of a part of an image are fitted to. */
export interface EdgeGuide extends RgbPixels {
  readonly part: PixelBox;
}

/** The pixels of a view, to fit any number of masks of its part to. */
export function edgeGuide(image: RgbImage, { part, size }: View): EdgeGuide {
  return { part, ...size, pixels: resizeBilinear(image, part, size) };
}

/** A mask whose border lies on the edges that its part of the image shows. */
export function followEdges(mask: SoftMask, guide: EdgeGuide, edges: Edges): SoftMask {
  const { part } = guide;
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
