import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportHints } from '../../models/family.ts';
import type { DetectorManifest } from '../../models/families/detector/manifest.ts';
import { decodeImage } from '../../models/image/decode.ts';
import type { RgbImage } from '../../models/image/rgb-image.ts';
import { packGraphs } from '../../models/pack-graphs.ts';
import { readNpz, type NpyArray } from './npz.ts';

/** The layouts in which tests/fixtures/detector/make.py exports models, each a folder beside it. */
export const detectorLayouts = [
  'yolov8',
  'yolo11',
  'yolov8-segment',
  'yolo11-nms',
  'yolo11-segment-nms',
] as const;
export type DetectorLayout = (typeof detectorLayouts)[number];

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'detector');

export function detectorFile(layout: string): string {
  return join(fixtures, layout, 'model.onnx');
}

/**
 * The objects that ultralytics found: `boxes` [objects, 4] as corners, `scores`, `classes`, maybe
 * `masks`.
 */
export function detectorAnswers(layout: DetectorLayout): ReadonlyMap<string, NpyArray> {
  return readNpz(join(fixtures, layout, 'expected.npz'));
}

/** The photo that ultralytics was asked about. */
export function detectorPhoto(): Promise<RgbImage> {
  return decodeImage(join(fixtures, 'photo.png'));
}

/** The photo of the fixtures of `sam` as ultralytics scales it: [height, width, 3]. */
export function letterboxedPixels(): NpyArray {
  return readNpz(join(fixtures, 'letterbox.npz')).get('pixels')!;
}

/** A package of a file in a folder of its own, to be removed. */
export async function detectorPackage(
  file: string,
  hints: ImportHints = {},
): Promise<{ folder: string; manifest: DetectorManifest; remove: () => Promise<void> }> {
  const parent = await mkdtemp(join(tmpdir(), 'detector-package-'));
  const folder = join(parent, 'detector');
  const options = { id: 'detector', title: 'Detector', license: 'AGPL-3.0', hints };
  const manifest = (await packGraphs([file], folder, options)) as DetectorManifest;
  return { folder, manifest, remove: () => rm(parent, { recursive: true, force: true }) };
}
