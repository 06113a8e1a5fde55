import type { MaskCrop } from '../editor/mask-runs.ts';

/** A piece of a mask as one-coloured pixels, one for each of its cells. */
export function tintMask(crop: MaskCrop, color: string): OffscreenCanvas {
  const canvas = new OffscreenCanvas(Math.max(crop.width, 1), Math.max(crop.height, 1));
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const pixels = context.createImageData(canvas.width, canvas.height);
  // One 32-bit write for each pixel; RGBA bytes lie low byte first on every machine browsers run
  // on.
  const words = new Uint32Array(pixels.data.buffer);
  const value = littleEndianColor(color);
  for (let index = 0; index < crop.data.length; index++) {
    words[index] = value | (crop.data[index]! << 24);
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

function littleEndianColor(color: string): number {
  const rgb = Number.parseInt(color.slice(1), 16);
  return ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16);
}
