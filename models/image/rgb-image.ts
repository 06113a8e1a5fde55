/**
 * A decoded image as the model sees it: EXIF orientation applied, 8-bit RGB, row-major, 3 bytes a
 * pixel.
 */
export interface RgbImage {
  /** Identity of the content (sha256 of the file's bytes); keys the image cache. */
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}
