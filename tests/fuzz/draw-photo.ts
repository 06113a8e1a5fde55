import sharp from 'sharp';

export const photoKinds = ['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif'] as const;
export type PhotoKind = (typeof photoKinds)[number];

/** A photo of 64 x 48 pixels with a lighter square in it. */
export function drawPhoto(kind: PhotoKind, shade: number): Promise<Buffer> {
  const pixels = Uint8Array.from({ length: 64 * 48 * 3 }, (_, index) => {
    const pixel = Math.floor(index / 3);
    const [x, y] = [pixel % 64, Math.floor(pixel / 64)];
    const isSquare = x >= 16 && x < 40 && y >= 12 && y < 36;
    return (isSquare ? 190 : 60) + ((shade * 37 + (index % 3) * 20) % 50);
  });
  return sharp(pixels, { raw: { width: 64, height: 48, channels: 3 } })
    .toFormat(kind)
    .toBuffer();
}
