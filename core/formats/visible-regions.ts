import { geometryRle } from '../geometry/region.ts';
import { rleArea, rleRuns, rleSubtract, rleUnion } from '../geometry/rle.ts';
import type { Rle } from '../geometry/shapes.ts';
import type { SourceAnnotation, SourceImage } from './dataset-row.ts';

/** Where a pixel can belong to one region only, the one drawn last has it. */

export interface VisibleRegion {
  readonly annotation: SourceAnnotation;
  /** The pixels that no later region covers; null where none are left. */
  readonly rle: Rle | null;
  /** How many pixels later regions cover. */
  readonly hidden: number;
}

/** The visible pixels of the regions of an image, in drawing order. */
export function visibleRegions(
  { image: { width, height } }: SourceImage,
  annotations: readonly SourceAnnotation[],
): VisibleRegion[] {
  let covered: Rle | null = null;
  const regions: VisibleRegion[] = [];
  for (const annotation of annotations.toReversed()) {
    const whole = geometryRle(annotation.annotation.geometry, width, height);
    const seen: Rle = covered === null ? whole : rleSubtract(whole, covered);
    const [area, wholeArea] = [rleArea(seen), rleArea(whole)];
    regions.push({ annotation, rle: area === 0 ? null : seen, hidden: wholeArea - area });
    covered = covered === null ? whole : rleUnion(covered, whole);
  }
  return regions.reverse();
}

/** Writes a value into the pixels of a mask, row by row in `values`. */
export function paintMask(values: Uint8Array | Uint16Array, rle: Rle, value: number): void {
  const [height, width] = rle.size;
  let position = 0;
  rleRuns(rle).forEach((length, index) => {
    if (index % 2 === 1) {
      for (let at = position; at < position + length; at++) {
        const row = at % height;
        values[row * width + (at - row) / height] = value;
      }
    }
    position += length;
  });
}
