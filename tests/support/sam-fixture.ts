import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SamManifest } from '../../models/families/sam/manifest.ts';
import { decodeImage } from '../../models/image/decode.ts';
import type { RgbImage } from '../../models/image/rgb-image.ts';
import { packGraphs } from '../../models/pack-graphs.ts';
import { readNpz, type NpyArray } from './npz.ts';

/**
 * The layouts in which tests/fixtures/sam/make.py exports models of random weights, each a folder
 * beside it.
 */
export const samLayouts = [
  'segment-anything',
  'mobile-sam',
  'edge-sam',
  'efficient-sam',
  'sam2',
  'transformers-sam',
  'transformers-sam2',
] as const;
export type SamLayout = (typeof samLayouts)[number];

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'sam');

/** The ONNX files of a layout: encoder, then decoder. */
export function samFiles(layout: SamLayout): [string, string] {
  return [join(fixtures, layout, 'encoder.onnx'), join(fixtures, layout, 'decoder.onnx')];
}

/** The drawn photo that the original code was asked about. */
export function samPhoto(): Promise<RgbImage> {
  return decodeImage(join(fixtures, 'photo.png'));
}

/**
 * Answers of the original code: arrays by prompt and kind, for instance `point.logits` [masks,
 * height, width].
 */
export function samAnswers(layout: SamLayout): ReadonlyMap<string, NpyArray> {
  return readNpz(join(fixtures, layout, 'expected.npz'));
}

/** A package of a layout in a folder of its own, to be removed. */
export async function samPackage(
  layout: SamLayout,
): Promise<{ folder: string; manifest: SamManifest; remove: () => Promise<void> }> {
  const parent = await mkdtemp(join(tmpdir(), 'sam-package-'));
  const folder = join(parent, layout);
  const options = { id: layout, title: layout, license: 'Apache-2.0' };
  const manifest = (await packGraphs(samFiles(layout), folder, options)) as SamManifest;
  return { folder, manifest, remove: () => rm(parent, { recursive: true, force: true }) };
}

/** The masks of an array of packed bits [masks, height, bytes], one byte a pixel. */
export function unpackMasks(packed: NpyArray, width: number): Uint8Array[] {
  const [count, height, rowBytes] = packed.shape as [number, number, number];
  const bytes = packed.data as Uint8Array;
  return Array.from({ length: count }, (_, mask) => {
    const pixels = new Uint8Array(width * height);
    for (let row = 0; row < height; row++) {
      const start = (mask * height + row) * rowBytes;
      for (let x = 0; x < width; x++) {
        pixels[row * width + x] = (bytes[start + (x >> 3)]! >> (7 - (x & 7))) & 1;
      }
    }
    return pixels;
  });
}

/** Intersection over union of two masks of a byte a pixel; 1 where both are empty. */
export function bitmapIou(a: Uint8Array, b: Uint8Array): number {
  let [common, union] = [0, 0];
  a.forEach((value, index) => {
    common += value & b[index]!;
    union += value | b[index]!;
  });
  return union === 0 ? 1 : common / union;
}
