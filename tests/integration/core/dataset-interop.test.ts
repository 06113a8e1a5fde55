import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { DatasetFormat } from '../../../core/formats/format.ts';
import { maskPngFormat } from '../../../core/formats/mask-png/format.ts';
import { openImagesFormat } from '../../../core/formats/open-images/format.ts';
import { vocFormat } from '../../../core/formats/voc/format.ts';
import { yoloFormat } from '../../../core/formats/yolo/format.ts';
import { rleArea } from '../../../core/geometry/rle.ts';
import { memoryFiles } from '../../support/memory-dataset.ts';
import { noteTexts, readDataset } from '../../unit/core/formats/row-source.ts';

const interop = fileURLToPath(new URL('../../../../shared/fixtures/interop', import.meta.url));
const isPresent = existsSync(interop);
if (!isPresent) console.log('skipped: the interop fixtures beside the checkout are absent');

/** A folder in memory. */
function filesOf(folder: string): Record<string, Uint8Array> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [relative(folder, path), readFileSync(path)]));
}

const formats = [yoloFormat, vocFormat, maskPngFormat, openImagesFormat] as DatasetFormat[];

/** Datasets that datumaro tests itself with, and one of CVAT. */
const datasets: readonly (readonly [folder: string, id: string])[] = [
  ['datumaro/yolo_dataset/strict', 'yolo'],
  ['datumaro/yolo_dataset/labels', 'yolo'],
  ['datumaro/yolo_dataset/annotations', 'yolo'],
  ['datumaro/roboflow_dataset/yolo', 'yolo'],
  ['datumaro/roboflow_dataset/yolo_obb', 'yolo'],
  ['datumaro/roboflow_dataset/voc', 'voc'],
  ['datumaro/voc_dataset/voc_dataset1', 'voc'],
  ['datumaro/voc_dataset/voc_dataset2', 'voc'],
  ['datumaro/voc_dataset/voc_dataset3', 'voc'],
  ['datumaro/open_images_dataset/v5', 'open-images'],
  ['datumaro/open_images_dataset/v6', 'open-images'],
  ['hundred-photos/gts/imagenet_format', 'voc'],
];

describe.skipIf(!isPresent)('datasets of other tools', () => {
  test.each(datasets)('%s is recognised as %s and read whole', async (folder, id) => {
    const files = filesOf(join(interop, folder));
    const likely: Record<string, string[]> = { certain: [], possible: [], none: [] };
    for (const format of formats) {
      likely[await format.detect(memoryFiles('dataset', files))]!.push(format.id);
    }
    const { certain, possible } = likely;
    expect(certain!.length > 0 ? certain : possible).toEqual([id]);
    const format = formats.find((candidate) => candidate.id === id)!;
    const { categories, images, annotations, notes } = await readDataset(format, files);
    expect({
      categories,
      images: images.slice(0, 8).map(({ fileName, split, state, size }) => {
        const sizeText = size ? `${size.width}x${size.height}` : 'no size';
        return `${fileName} ${split ?? 'no split'} ${state ?? 'nothing said'} ${sizeText}`;
      }),
      annotations: annotations.slice(0, 8).map(({ image, category, shape, unit, attributes }) => ({
        image,
        category,
        shape: shape.kind === 'mask' ? `mask of ${rleArea(shape.rle)} pixels` : shape,
        ...(unit && { unit }),
        ...(attributes && { attributes }),
      })),
      counts: { images: images.length, annotations: annotations.length },
      notes: noteTexts(notes).slice(0, 8),
    }).toMatchSnapshot();
  });
});
