import type { Size } from '../editor/tools/bounds.ts';
import type { ImagePicture } from './image-picture.ts';
import { deviceScale, setSmoothing, type Screen } from './screen.ts';
import { levelFor } from './tile-grid.ts';

/** An image that the browser holds as one bitmap. */
export class WholeImage implements ImagePicture {
  /**
   * The bitmap and its halves, quarters and so on as far as they were needed. Shrinking all pixels
   * well in every frame costs a machine without a graphics processor more than the rest of the
   * frame; shrinking a level by less than two is cheap, and no fine line is passed over.
   */
  readonly #levels: ImageBitmap[];
  readonly #size: Size;

  /**
   * @param bitmap is not closed by this
   * @param size the image's size as the record says; the bitmap is stretched to it
   */
  constructor(bitmap: ImageBitmap, size: Size) {
    this.#levels = [bitmap];
    this.#size = size;
  }

  draw(screen: Screen): void {
    const { context, camera, ratio } = screen;
    const scale = deviceScale(screen);
    setSmoothing(screen);
    context.drawImage(
      this.#level(Math.max(levelFor(scale), 0)),
      camera.x * ratio,
      camera.y * ratio,
      this.#size.width * scale,
      this.#size.height * scale,
    );
  }

  /** Gives the memory of all but the given bitmap back. */
  dispose(): void {
    for (const half of this.#levels.splice(1)) half.close();
  }

  #level(level: number): ImageBitmap {
    while (this.#levels.length <= level) this.#levels.push(halfOf(this.#levels.at(-1)!));
    return this.#levels[level]!;
  }
}

/** Smoothing to exactly a half is the mean of each four pixels. */
function halfOf(bitmap: ImageBitmap): ImageBitmap {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(Math.ceil(width / 2), Math.ceil(height / 2));
  canvas.getContext('2d')!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.transferToImageBitmap();
}
