import type { Size } from '../../../image/resize-rule.ts';

/** Rows and columns of patches. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
}

/** The grid of an image whose sides are multiples of `patch`. */
export function patchGrid(size: Size, patch: number): Grid {
  return { rows: size.height / patch, columns: size.width / patch };
}

/** Mean and standard deviation of ImageNet's channels, for pixels from 0 to 1. */
const mean = [0.485, 0.456, 0.406];
const deviation = [0.229, 0.224, 0.225];

/**
 * The normalised value of each byte for each channel, rounded at every step as torchvision's
 * float32 does.
 */
const normalised = mean.map((channelMean, channel) =>
  Float32Array.from({ length: 256 }, (_, byte) => {
    const centred = Math.fround(Math.fround(byte / 255) - Math.fround(channelMean));
    return centred / Math.fround(deviation[channel]!);
  }),
);

/**
 * Normalised patches of RGB pixels whose sides are multiples of `patch`: float32 [N, 3 * patch *
 * patch], grid row by row, inside a patch channel, then y, then x.
 */
export function patchify(pixels: Uint8Array, size: Size, patch: number): Float32Array {
  const { rows, columns } = patchGrid(size, patch);
  const patches = new Float32Array(rows * columns * 3 * patch * patch);
  let to = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let channel = 0; channel < 3; channel++) {
        const table = normalised[channel]!;
        for (let y = 0; y < patch; y++) {
          let from = ((row * patch + y) * size.width + column * patch) * 3 + channel;
          for (let x = 0; x < patch; x++) {
            patches[to++] = table[pixels[from]!]!;
            from += 3;
          }
        }
      }
    }
  }
  return patches;
}
