import type { Size } from './resize-rule.ts';
import type { RgbImage } from './rgb-image.ts';

/** The photo of a device's self-test, the same every time. */
export function madeUpPhoto({ width, height }: Size): RgbImage {
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => 128 + 100 * Math.sin(i));
  return { key: 'self-test', width, height, pixels };
}
