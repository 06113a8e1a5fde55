import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawPhoto } from '../draw-photo.ts';

/** Photos that the dataset names, in a folder of their own. */
export async function writeDatasetPhotos(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [index, { file_name }] of dataset.images.entries()) {
    await writeFile(join(folder, file_name), await drawPhoto('jpeg', index));
  }
}

/** The dataset as a COCO file beside the folder of its photos. */
export async function writeDataset(folder: string): Promise<{ coco: string; images: string }> {
  const [coco, images] = [join(folder, 'in.json'), join(folder, 'photos')];
  await writeDatasetPhotos(images);
  await writeFile(coco, JSON.stringify(dataset));
  return { coco, images };
}

const size = { width: 64, height: 48 };

/** A small COCO file with every form of segmentation that the format knows. */
export const dataset = {
  info: { description: 'fuzz', year: 2026 },
  licenses: [{ id: 1, name: 'CC BY', url: 'https://example.org' }],
  images: [
    { id: 1, file_name: 'a.jpg', license: 1, ...size },
    { id: 2, file_name: 'b.jpg', ...size },
    { id: 3, file_name: 'c.jpg', split: 'val', ...size },
  ],
  categories: [
    { id: 1, name: 'cat', supercategory: 'animal', keypoints: ['nose'], skeleton: [[1, 1]] },
    { id: 2, name: 'dog', supercategory: 'animal' },
    { id: 7, name: 'car' },
  ],
  annotations: [
    {
      id: 1,
      image_id: 1,
      category_id: 1,
      segmentation: [[4, 4, 30, 4, 30, 30, 4, 30]],
      bbox: [4, 4, 26, 26],
      area: 676,
      iscrowd: 0,
      keypoints: [10, 10, 2],
      num_keypoints: 1,
    },
    {
      id: 2,
      image_id: 1,
      category_id: 2,
      segmentation: { size: [48, 64], counts: [100, 10, 38, 10, 2914] },
      bbox: [2, 4, 2, 10],
      area: 20,
      iscrowd: 1,
    },
    { id: 3, image_id: 2, category_id: 7, bbox: [1, 2, 20, 10], area: 200, iscrowd: 0 },
    {
      id: 4,
      image_id: 3,
      category_id: 1,
      segmentation: { size: [48, 64], counts: 'T3:V1:VN' },
      bbox: [2, 4, 2, 10],
      area: 20,
      iscrowd: 0,
      attributes: { occluded: true, colour: 'red' },
    },
    { id: 5, image_id: 2, caption: 'a grey square' },
    {
      id: 6,
      image_id: 3,
      category_id: 2,
      segmentation: [
        [1.5, 1.5, 20.25, 3, 10, 22],
        [30, 30, 40, 30, 35, 40],
      ],
      area: 230,
      iscrowd: 0,
    },
  ],
};
