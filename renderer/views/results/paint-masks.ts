import { decodeRleBox } from '../../../core/geometry/rle.ts';
import type { Rle } from '../../../core/geometry/shapes.ts';

/** A region to paint, in pixels of the photo. */
export interface PaintedRegion {
  readonly region:
    | { readonly kind: 'mask'; readonly rle: Rle }
    | { readonly kind: 'box'; readonly box: readonly number[] };
  /** A colour that a canvas knows. */
  readonly color: string;
}

/**
 * Paints regions over a photo that is shown smaller: masks as a veil, boxes as outlines.
 * @param scale pixels of the canvas for one of the photo
 */
export function paintRegions(
  context: CanvasRenderingContext2D,
  regions: readonly PaintedRegion[],
  scale: number,
): void {
  for (const { region, color } of regions) {
    if (region.kind === 'box') {
      const [x, y, width, height] = region.box.map((value) => value * scale);
      context.strokeStyle = color;
      context.lineWidth = 2;
      context.strokeRect(x!, y!, width!, height!);
      continue;
    }
    const placed = decodeRleBox(region.rle);
    if (placed === null) continue;
    const { bitmap, left, top } = placed;
    const veil = new OffscreenCanvas(bitmap.width, bitmap.height);
    const pixels = veil.getContext('2d')!;
    const image = pixels.createImageData(bitmap.width, bitmap.height);
    for (let index = 0; index < bitmap.data.length; index++) {
      image.data[4 * index + 3] = bitmap.data[index]! * 150;
    }
    pixels.putImageData(image, 0, 0);
    pixels.globalCompositeOperation = 'source-in';
    pixels.fillStyle = color;
    pixels.fillRect(0, 0, bitmap.width, bitmap.height);
    context.drawImage(
      veil,
      ...([left * scale, top * scale, bitmap.width * scale, bitmap.height * scale] as const),
    );
  }
}
