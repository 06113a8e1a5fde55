import { encodeRleAt } from '../../core/geometry/placed-rle.ts';
import { refineEdge } from '../../core/geometry/refine-edge.ts';
import { decodeRle, decodeRleBox, rleBox } from '../../core/geometry/rle.ts';
import type { Box, Rle } from '../../core/geometry/shapes.ts';
import type { EdgeAnswer, EdgeQuestion } from './edge-refiner.ts';

// Entry of the worker that refines edges, since looking at every pixel of a large region takes a
// while.

/** The DOM's types describe a window; this is the part of a worker's global scope that differs. */
interface DedicatedWorker {
  postMessage(message: EdgeAnswer): void;
}

self.onmessage = async ({ data }: MessageEvent<EdgeQuestion>) => {
  const answer = (message: EdgeAnswer) => (self as unknown as DedicatedWorker).postMessage(message);
  try {
    answer({ rle: await refine(data) });
  } catch (thrown) {
    answer({ failure: thrown instanceof Error ? thrown.message : String(thrown) });
  }
};

async function refine({ imageUrl, rle, radius }: EdgeQuestion): Promise<Rle> {
  const [height, width] = rle.size;
  const [left, top, boxWidth, boxHeight] = boxWithMargin(rleBox(rle), 4 * radius, width, height);
  const rgba = await pixelsOf(imageUrl, [left, top, boxWidth, boxHeight]);
  const placed = decodeRleBox(rle)!;
  const around = { bitmap: placed.bitmap, left: placed.left - left, top: placed.top - top };
  const mask = decodeRle(encodeRleAt(around, boxWidth, boxHeight));
  return encodeRleAt({ bitmap: refineEdge(mask, rgba, radius), left, top }, width, height);
}

function boxWithMargin(
  [x, y, boxWidth, boxHeight]: Box,
  margin: number,
  width: number,
  height: number,
): Box {
  const [left, top] = [Math.max(0, x - margin), Math.max(0, y - margin)];
  const right = Math.min(width, x + boxWidth + margin);
  const bottom = Math.min(height, y + boxHeight + margin);
  return [left, top, right - left, bottom - top];
}

/** The pixels of a part of an image as it is shown, EXIF orientation applied. */
async function pixelsOf(url: string, [x, y, width, height]: Box): Promise<Uint8ClampedArray> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The image could not be read: ${response.status}.`);
  const whole = await createImageBitmap(await response.blob(), { imageOrientation: 'from-image' });
  const context = new OffscreenCanvas(width, height).getContext('2d', {
    willReadFrequently: true,
  })!;
  context.drawImage(whole, -x, -y);
  whole.close();
  return context.getImageData(0, 0, width, height).data;
}
