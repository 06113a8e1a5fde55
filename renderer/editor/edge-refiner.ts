import { AppError } from '../../core/errors.ts';
import type { Rle } from '../../core/geometry/shapes.ts';

export interface EdgeQuestion {
  /** Of the image's pixels as shown. */
  readonly imageUrl: string;
  /** Not empty. */
  readonly rle: Rle;
  /** How far, in image pixels, the edge may move. */
  readonly radius: number;
}

export type EdgeAnswer = { readonly rle: Rle } | { readonly failure: string };

/**
 * Fits the edge of a mask to the image (`refineEdge` of core).
 * @throws AppError when the pixels cannot be had.
 */
export type EdgeRefiner = (question: EdgeQuestion) => Promise<Rle>;

/** Refines in a worker that lives as long as it takes. */
export const refineInWorker: EdgeRefiner = async (question) => {
  const worker = new Worker(new URL('./refine-edge-worker.ts', import.meta.url), {
    type: 'module',
  });
  try {
    const answer = await new Promise<EdgeAnswer>((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<EdgeAnswer>) => resolve(data);
      worker.onerror = ({ message }) => resolve({ failure: message });
      worker.postMessage(question);
    });
    if ('failure' in answer) throw new AppError('image-unreadable', answer.failure);
    return answer.rle;
  } finally {
    worker.terminate();
  }
};

const smallestRadius = 3;
const largestRadius = 16;

/** How far the edge of a region of so many pixels may move: about a thirtieth of its width. */
export function edgeRadius(area: number): number {
  const radius = Math.round(Math.sqrt(area) / 30);
  return Math.min(Math.max(radius, smallestRadius), largestRadius);
}
