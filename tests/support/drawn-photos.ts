import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

export const drawnPhotoSize = { width: 320, height: 240 };
/** The disc in every drawn photo, in image pixels. */
export const drawnDisc = { x: 200, y: 120, radius: 60 };

const colors = ['#c8372d', '#2d62c8', '#2f9e55', '#d9a521'];
export const drawnPhotoCount = colors.length;

/** Writes photo-like images, a coloured disc on a soft ground. */
export async function drawPhotos(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [index, color] of colors.entries()) {
    await sharp(Buffer.from(scene(color)))
      .jpeg({ quality: 90 })
      .toFile(join(folder, `disc ${index + 1}.jpg`));
  }
}

function scene(color: string): string {
  const { width, height } = drawnPhotoSize;
  const { x, y, radius } = drawnDisc;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="ground" x2="0" y2="1">
      <stop stop-color="#d8e3ea"/><stop offset="1" stop-color="#8a927f"/>
    </linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#ground)"/>
    <circle cx="${x}" cy="${y}" r="${radius}" fill="${color}"/>
  </svg>`;
}
