import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { cocoProfiles, holePolicies } from '../../../core/formats/coco/profiles.ts';
import { rasterizeParts } from '../../../core/geometry/raster.ts';
import { encodeRle } from '../../../core/geometry/rle.ts';
import { geometryRle } from '../../../core/geometry/region.ts';
import type { Part, Ring } from '../../../core/geometry/shapes.ts';
import type { Annotation, Geometry, ImageRecord } from '../../../core/records.ts';
import {
  exportText,
  makeAnnotation,
  makeCategory,
  makeImage,
  makeSource,
  proveExport,
} from '../../unit/core/datasets.ts';
import { hasPycocotools, readWithPycocotools } from './pycocotools.ts';

const folder = mkdtempSync(join(tmpdir(), 'pixel-sail-coco-'));
afterAll(() => rmSync(folder, { recursive: true }));

let seed = 11;
function random(): number {
  seed = (seed * 1103515245 + 12345) % 2 ** 31;
  return seed / 2 ** 31;
}

/** A wobbly ring around a centre. */
function blob(x: number, y: number, radius: number): Ring {
  return Array.from({ length: 24 }, (_, index) => {
    const angle = (index * Math.PI) / 12;
    const distance = radius * (0.6 + 0.4 * random());
    return [x + distance * Math.cos(angle), y + distance * Math.sin(angle)];
  }).flat();
}

function asMask(parts: Part[], { width, height }: ImageRecord): Geometry {
  return { kind: 'mask', rle: encodeRle(rasterizeParts(parts, width, height)) };
}

/** Every kind of shape that exports are known to spoil. */
function shapes(image: ImageRecord): Geometry[] {
  const { width, height } = image;
  const [x, y, radius] = [
    width * (0.3 + 0.4 * random()),
    height * (0.3 + 0.4 * random()),
    height / 3,
  ];
  const donut: Part = { outer: blob(x, y, radius), holes: [blob(x, y, radius / 3)] };
  const cheese: Part = {
    outer: blob(x, y, radius),
    holes: [blob(x - radius / 4, y, radius / 6), blob(x + radius / 4, y, radius / 6)],
  };
  const twoParts: Part[] = [
    { outer: blob(width / 4, height / 2, radius / 2), holes: [] },
    { outer: blob((3 * width) / 4, height / 2, radius / 2), holes: [] },
  ];
  const noise = new Uint8Array(width * height).map(() => Number(random() < 0.5));
  const onePixel: Part = { outer: [3, 4, 4, 4, 4, 5, 3, 5], holes: [] };
  const everything: Part = { outer: [0, 0, width, 0, width, height, 0, height], holes: [] };
  return [
    asMask([donut], image),
    asMask([cheese], image),
    asMask(twoParts, image),
    asMask([onePixel], image),
    asMask([everything], image),
    { kind: 'mask', rle: encodeRle({ width, height, data: noise }) },
    { kind: 'polygon', parts: [{ outer: blob(x, y, radius), holes: [] }] },
    { kind: 'polygon', parts: [donut] },
    { kind: 'polygon', parts: twoParts },
    { kind: 'polygon', parts: [{ outer: blob(0, 0, height), holes: [] }] },
    { kind: 'box', box: [2, 3, 9, 11] },
    { kind: 'box', box: [2.5, 3.25, 9.75, 11.5] },
  ];
}

const images = [
  makeImage('a', 64, 48),
  makeImage('b', 33, 71),
  makeImage('c', 120, 50, { state: 'reviewed-empty' }),
];
const categories = [
  makeCategory('cat', { parentId: 'animal' }),
  makeCategory('dog'),
  makeCategory('animal'),
];
const annotations = images.slice(0, 2).flatMap((image): Annotation[] =>
  shapes(image).map((geometry, index) =>
    makeAnnotation(`${image.id}${index}`, image, geometry, {
      categoryId: index % 2 ? 'dog' : 'cat',
      crowd: index === 2,
      attributes: { occluded: true },
    }),
  ),
);
const texts = Object.fromEntries(
  annotations.map(({ id }) => [id, [{ kind: 'description', text: 'a "blob"; été' } as const]]),
);
const source = makeSource(images, categories, annotations, texts);
const runs = cocoProfiles.flatMap((profile) =>
  (profile === 'training' ? holePolicies : (['keyhole'] as const)).map((holes) => ({
    profile,
    holes,
  })),
);

describe.skipIf(!hasPycocotools())('an export is read by pycocotools', () => {
  test.each(runs)('in the profile $profile with holes by $holes', ({ profile, holes }) => {
    const { text, report } = exportText(source, { profile, holes });
    expect(report).toMatchObject({
      images: 3,
      annotations: annotations.length,
      categories: 2,
      skipped: [],
    });
    const file = join(folder, `instances_${profile}_${holes}.json`);
    writeFileSync(file, text);

    const reading = readWithPycocotools(file, true);
    annotations.forEach(({ geometry, imageId }, index) => {
      const { width, height } = images.find(({ id }) => id === imageId)!;
      expect([index, reading.masks[index + 1]]).toEqual([
        index,
        geometryRle(geometry, width, height),
      ]);
    });
    expect(reading).toMatchObject({ segm: 1, bbox: 1 });
  });

  test('as our proof says, also when outlines were simplified', async () => {
    const { text, report } = exportText(source, { profile: 'training', tolerance: 1.5 });
    const file = join(folder, 'instances_simplified.json');
    writeFileSync(file, text);
    const reading = readWithPycocotools(file, true);
    // The proof compares each of our masks with the pixels that it expects pycocotools to see.
    const seen = makeSource(
      images,
      categories,
      annotations.map((annotation, index) => ({
        ...annotation,
        geometry:
          annotation.geometry.kind === 'box'
            ? annotation.geometry
            : { kind: 'mask' as const, rle: reading.masks[index + 1]! },
      })),
    );
    const proof = await proveExport(text, seen, { ...report, minimumIou: 1 });
    expect(proof).toMatchObject({ ok: true, minimumIou: 1, missing: [], extra: [] });
    expect(reading).toMatchObject({ segm: 1, bbox: 1 });
  });
});
