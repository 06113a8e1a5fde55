import type { FromPainter, ToPainter } from './painted-shape.ts';
import { RegionPainting } from './region-painting.ts';

// Entry of the worker that paints regions, so that however many there are, the window stays fast.

const painting = new RegionPainting();
const answer = (message: FromPainter, transfer: Transferable[]) =>
  (self as unknown as DedicatedWorker).postMessage(message, transfer);

/** The DOM's types describe a window; this is the part of a worker's global scope that differs. */
interface DedicatedWorker {
  postMessage(message: FromPainter, transfer: Transferable[]): void;
}

self.onmessage = ({ data }: MessageEvent<ToPainter>) => {
  if (data.kind === 'change') return painting.change(data.put, data.gone, data.opacity);
  const bitmap = painting.paint(data.tile, data.box);
  answer({ request: data.request, bitmap }, bitmap ? [bitmap] : []);
};
