import type { PhotoCrop } from '../../../core/formats/dataset-files.ts';
import { encodeCrop } from '../../../models/image/crop.ts';
import { decodeImage, type DecodedImage } from '../../../models/image/decode.ts';

/**
 * Cuts parts out of photos. The last photo stays decoded, since an export takes one region after
 * another.
 */
export class PhotoCrops {
  #last: { readonly path: string; readonly image: DecodedImage } | null = null;

  /** @throws AppError as `decodeImage` */
  async of(path: string, crop: PhotoCrop): Promise<Uint8Array> {
    if (this.#last?.path !== path) {
      // Let go before the next one is decoded.
      this.#last = null;
      this.#last = { path, image: await decodeImage(path) };
    }
    return encodeCrop(this.#last.image, crop);
  }
}
