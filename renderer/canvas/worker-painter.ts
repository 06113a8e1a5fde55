import type { Box } from '../../core/geometry/shapes.ts';
import type { Tile } from '../../core/image-tiles.ts';
import type { RecordId } from '../../core/records.ts';
import type { Size } from '../editor/tools/bounds.ts';
import type { FromPainter, PaintedShape, ToPainter } from './painted-shape.ts';
import type { RegionPainter } from './region-tiles.ts';

/** Has regions painted in a worker and puts what comes back into tiles. */
export class WorkerPainter implements RegionPainter<ImageBitmap> {
  readonly #worker = new Worker(new URL('./region-worker.ts', import.meta.url), { type: 'module' });
  readonly #waiting = new Map<number, (bitmap: ImageBitmap | null) => void>();
  #lastRequest = 0;

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<FromPainter>) => {
      this.#waiting.get(data.request)?.(data.bitmap);
      this.#waiting.delete(data.request);
    };
  }

  dispose(): void {
    this.#worker.terminate();
  }

  change(put: readonly PaintedShape[], gone: readonly RecordId[], opacity: number): void {
    this.#send({ kind: 'change', put, gone, opacity });
  }

  async paint(
    tile: Tile,
    size: Size,
    box: Box,
    before: ImageBitmap | null,
  ): Promise<ImageBitmap | null> {
    const request = ++this.#lastRequest;
    const painted = await new Promise<ImageBitmap | null>((resolve) => {
      this.#waiting.set(request, resolve);
      this.#send({ kind: 'paint', request, tile, box });
    });
    const [x, y, width, height] = box;
    const isWhole = width === size.width && height === size.height;
    if (isWhole || (!before && !painted)) return painted;

    const canvas = new OffscreenCanvas(size.width, size.height);
    const context = canvas.getContext('2d')!;
    if (before) context.drawImage(before, 0, 0);
    context.clearRect(x, y, width, height);
    if (painted) context.drawImage(painted, x, y);
    painted?.close();
    return canvas.transferToImageBitmap();
  }

  forget(picture: ImageBitmap): void {
    picture.close();
  }

  #send(message: ToPainter): void {
    this.#worker.postMessage(message);
  }
}
