import { dirname, relative } from 'node:path';
import sharp from 'sharp';
import { addition } from '../../core/diff.ts';
import { newId } from '../../core/ids.ts';
import type { Annotation, ImageRecord, ProjectRecord } from '../../core/records.ts';
import { createProjectDatabase } from '../../db/project-database.ts';

const rowsInOneStep = 5000;

/** A photo on disk, of which a project may have many images. */
export interface Photo {
  readonly file: string;
  readonly width: number;
  readonly height: number;
}

export async function photoOf(file: string): Promise<Photo> {
  const { width, height } = await sharp(file, { limitInputPixels: false }).metadata();
  return { file, width, height };
}

/** Writes a gray PNG photo of 320 x 240 pixels. */
export async function grayPhoto(file: string): Promise<Photo> {
  const size = { width: 320, height: 240 };
  await sharp({ create: { ...size, channels: 3, background: '#888888' } })
    .png()
    .toFile(file);
  return { file, ...size };
}

/**
 * Writes a project file with rows for images, without reading a single one: the photos are taken
 * in turn, each image under a path of its own that leads to one of them.
 * @param photos in one folder
 * @returns the images, in the order of their paths
 */
export function makeProject(
  file: string,
  photos: readonly Photo[],
  imageCount: number,
  annotationsOf: (image: ImageRecord, index: number) => Annotation[] = () => [],
): ImageRecord[] {
  const database = createProjectDatabase(file, 'Made');
  const { id: folderId } = database.addFolder(
    relative(dirname(file), dirname(photos[0]!.file)) || '.',
  );
  const images = Array.from({ length: imageCount }, (_, index) =>
    makeImage(folderId, index, photos[index % photos.length]!),
  );
  const insert = (label: string, records: readonly ProjectRecord[]) => {
    for (let start = 0; start < records.length; start += rowsInOneStep) {
      const step = addition(...records.slice(start, start + rowsInOneStep));
      database.apply(label, step, { group: label });
    }
  };
  insert('Images', images);
  insert('Annotations', images.flatMap(annotationsOf));
  database.close();
  return images;
}

function makeImage(folderId: string, index: number, { file, width, height }: Photo): ImageRecord {
  const number = String(index).padStart(6, '0');
  const name = file.slice(file.lastIndexOf('/') + 1);
  return {
    kind: 'image',
    id: newId(),
    folderId,
    path: `${number}/../${name}`,
    width,
    height,
    orientation: 1,
    // Of the name, not of the bytes: enough to tell the photos' thumbnails and tiles apart.
    sha256: Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64),
    state: 'untouched',
    split: null,

    extra: {},
  };
}
