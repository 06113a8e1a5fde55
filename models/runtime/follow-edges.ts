import type { Edges } from '../config.ts';
import { guidedFilter } from '../processor/guided-filter.ts';
import { resizeBilinear } from '../processor/resize.ts';
import type { View } from '../processor/view.ts';
import type { RgbImage } from './pixel-sail.ts';
import { logitAt, logitOf, probabilityOf, type SoftMask } from './soft-mask.ts';

/** A mask whose border lies on the edges of the image, on the pixels of `view`, which shows the same part. */
export function followEdges(
  mask: SoftMask,
  image: RgbImage,
  { part, size }: View,
  edges: Edges,
): SoftMask {
  const guide = { ...size, pixels: resizeBilinear(image, part, size) };
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
