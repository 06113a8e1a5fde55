import type { Size } from '../editor/tools/bounds.ts';
import type { ImagePicture } from './image-picture.ts';
import { setSmoothing, type Screen } from './screen.ts';

/** An image that the browser holds as one bitmap. */
export class WholeImage implements ImagePicture {
  readonly #bitmap: ImageBitmap;
  readonly #size: Size;

  /** @param size the image's size as the record says; the bitmap is stretched to it */
  constructor(bitmap: ImageBitmap, size: Size) {
    this.#bitmap = bitmap;
    this.#size = size;
  }

  draw(screen: Screen): void {
    const { context, camera, ratio } = screen;
    const scale = camera.scale * ratio;
    setSmoothing(screen);
    context.drawImage(
      this.#bitmap,
      camera.x * ratio,
      camera.y * ratio,
      this.#size.width * scale,
      this.#size.height * scale,
    );
  }
}
