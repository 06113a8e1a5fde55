import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import sharp from 'sharp';

/** A COCO dataset on disk, the same at every run. */
export interface MadeDataset {
  /** The COCO instances file. */
  readonly file: string;
  /** Folder of its photos. */
  readonly photos: string;
  readonly images: number;
  readonly annotations: number;
}

const width = 640;
const height = 480;
const categories = 80;
const vertices = 30;
/** Photos with pixels of their own; the others are copies that differ in a comment. */
const distinctPhotos = 8;

/** Writes photos of 640 x 480 and a COCO file with a number of outlines in each. */
export async function makeDataset(
  folder: string,
  images: number,
  perImage: number,
): Promise<MadeDataset> {
  const photos = join(folder, 'photos');
  await mkdir(photos, { recursive: true });
  const originals = await Promise.all(
    Array.from({ length: distinctPhotos }, (_, index) => drawPhoto(index)),
  );
  for (let index = 0; index < images; index++) {
    await writeFile(
      join(photos, photoName(index)),
      withComment(originals[index % distinctPhotos]!, String(index)),
    );
  }
  const file = join(folder, 'instances.json');
  await writeCoco(file, images, perImage);
  return { file, photos, images, annotations: images * perImage };
}

function photoName(index: number): string {
  return `IMG_${String(index).padStart(7, '0')}.jpg`;
}

/** Waves with grain, so that the file has the size of a photo's. */
function drawPhoto(seed: number): Promise<Buffer> {
  const next = numbersFrom(seed + 1);
  const data = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const wave = 90 + 60 * Math.sin((pixel % width) / (20 + seed)) + 40 * Math.cos(pixel / 9000);
    for (let channel = 0; channel < 3; channel++) {
      data[3 * pixel + channel] = wave + 12 * channel + 20 * next();
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 80 })
    .toBuffer();
}

/** A JPEG with a comment after its first marker. */
function withComment(jpeg: Buffer, comment: string): Buffer {
  const segment = Buffer.alloc(4 + comment.length);
  segment.writeUInt16BE(0xfffe, 0);
  segment.writeUInt16BE(2 + comment.length, 2);
  segment.write(comment, 4, 'latin1');
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}

async function writeCoco(file: string, images: number, perImage: number): Promise<void> {
  const stream = createWriteStream(file);
  const next = numbersFrom(99);
  const write = async (text: string): Promise<void> => {
    if (!stream.write(text)) await once(stream, 'drain');
  };
  await write('{"images":[');
  for (let index = 0; index < images; index++) {
    const row = { id: index + 1, file_name: photoName(index), width, height };
    await write(`${index ? ',\n' : ''}${JSON.stringify(row)}`);
  }
  const named = Array.from({ length: categories }, (_, index) => ({
    id: index + 1,
    name: `class ${index}`,
    supercategory: `group ${index % 8}`,
  }));
  await write(`],"categories":${JSON.stringify(named)},"annotations":[`);
  for (let index = 0; index < images * perImage; index++) {
    const ring = drawRing(next);
    const xs = ring.filter((_, place) => place % 2 === 0);
    const ys = ring.filter((_, place) => place % 2 === 1);
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    const bbox = [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
    const row = {
      id: index + 1,
      image_id: Math.floor(index / perImage) + 1,
      category_id: 1 + Math.floor(next() * categories),
      segmentation: [ring],
      area: bbox[2]! * bbox[3]!,
      bbox,
      iscrowd: 0,
    };
    await write(`${index ? ',\n' : ''}${JSON.stringify(row)}`);
  }
  stream.end(']}\n');
  await finished(stream);
}

/** An outline around a centre, with coordinates to a hundredth of a pixel as COCO's own. */
function drawRing(next: () => number): number[] {
  const [x, y] = [80 + next() * (width - 160), 80 + next() * (height - 160)];
  const radius = 10 + 60 * next() ** 2;
  return Array.from({ length: vertices }, (_, index) => {
    const angle = (2 * Math.PI * index) / vertices;
    const reach = radius * (0.8 + 0.4 * next());
    return [x + reach * Math.cos(angle), y + reach * Math.sin(angle)];
  })
    .flat()
    .map((value) => Math.round(100 * value) / 100);
}

/** Numbers in [0, 1) by mulberry32. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
