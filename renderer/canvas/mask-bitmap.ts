import type { MaskCrop } from '../editor/mask-crop.ts';

/** A mask as one-coloured pixels on a canvas of its crop's size. */
export function tintMask(crop: MaskCrop, color: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(crop.width, 1);
  canvas.height = Math.max(crop.height, 1);
  const context = canvas.getContext('2d')!;
  const pixels = context.createImageData(canvas.width, canvas.height);
  // One 32-bit write for each pixel; RGBA bytes lie low byte first on every machine browsers run on.
  const words = new Uint32Array(pixels.data.buffer);
  const value = littleEndianColor(color);
  for (let index = 0; index < crop.data.length; index++) {
    if (crop.data[index] === 1) words[index] = value;
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

function littleEndianColor(color: string): number {
  const rgb = Number.parseInt(color.slice(1), 16);
  const [red, green, blue] = [rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff];
  return ((0xff << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
