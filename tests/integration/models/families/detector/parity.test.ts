import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { geometryRle } from '../../../../../core/geometry/region.ts';
import { decodeRle, rleArea } from '../../../../../core/geometry/rle.ts';
import type { Box } from '../../../../../core/geometry/shapes.ts';
import type { AnswerMask } from '../../../../../core/prompt.ts';
import { askModel } from '../../../../../models/ask-model.ts';
import { imageSchema } from '../../../../../models/families/detector/config.ts';
import { frameOf } from '../../../../../models/families/detector/network/frame.ts';
import { photoTensor } from '../../../../../models/families/detector/network/photo.ts';
import { loadModel } from '../../../../../models/load-model.ts';
import type { Model } from '../../../../../models/model.ts';
import {
  detectorAnswers,
  detectorFile,
  detectorLayouts,
  detectorPackage,
  detectorPhoto,
  letterboxedPixels,
} from '../../../../support/detector-fixture.ts';
import type { NpyArray } from '../../../../support/npz.ts';
import { bitmapIou, samPhoto, unpackMasks } from '../../../../support/sam-fixture.ts';

it('scales a photo into the square as ultralytics does, but for roundings', async () => {
  const { shape, data } = letterboxedPixels();
  const [height, width] = shape as [number, number];
  const config = {
    ...{ input: 'images', order: 'hwc', fit: 'letterbox', fill: 114 },
    width,
    height,
  };
  const image = imageSchema.parse({ ...config, deviation: [1, 1, 1] });
  const photo = await samPhoto();
  const found = (await photoTensor(
    photo,
    frameOf(photo, image),
    image,
    'float32',
  ).getData()) as Float32Array;
  const differences = Array.from(data as Uint8Array, Number).map((value, index) =>
    Math.abs(value - found[index]!),
  );
  expect(Math.max(...differences)).toBeLessThanOrEqual(1);
  expect(differences.filter((difference) => difference > 0).length).toBeLessThan(found.length / 10);
});

it('says by a sentence of its own that it was closed', async () => {
  const { folder, remove } = await detectorPackage(detectorFile('yolo11'));
  const model = await loadModel(folder, { device: 'cpu', threads: 1 });
  await model.dispose();
  await expect(model.prepare(await detectorPhoto())).rejects.toMatchObject({
    code: 'model-not-loaded',
    sentence: 'modelClosed',
  });
  await remove();
});

describe.each(detectorLayouts)('%s', (layout) => {
  const expected = shownObjects(detectorAnswers(layout));
  let model: Model;
  let remove: () => Promise<void>;
  let masks: readonly AnswerMask[];
  beforeAll(async () => {
    const made = await detectorPackage(detectorFile(layout));
    remove = made.remove;
    model = await loadModel(made.folder, { device: 'cpu', threads: 1 });
    const request = { task: 'everything', pointsPerSide: 1, regions: [] } as const;
    const photo = await detectorPhoto();
    ({ masks } = (await askModel(model, photo, { ...request, regions: [] })).answers[0]!);
  });
  afterAll(async () => {
    await model.dispose();
    await remove();
  });

  it('finds what ultralytics finds', () => {
    expect(masks.length).toBe(expected.length);
    expect(masks.length).toBeGreaterThan(2);
    masks.forEach(({ score }, index) => expect(score).toBeCloseTo(expected[index]!.score, 4));
  });

  it('names the classes as the file does', () => {
    const names = ['disc', 'box', 'ground'];
    const wanted = expected.map(({ label }) => names[label]);
    expect(masks.map(({ label }) => label)).toEqual(wanted);
  });

  it('gives boxes and masks at the size of the photo', async () => {
    const drawn = detectorAnswers(layout).get('masks');
    const wanted = drawn && unpackMasks(drawn, (await detectorPhoto()).width);
    masks.forEach(({ bbox, isBox, rle }, index) => {
      if (wanted) {
        expect(isBox).toBeUndefined();
        expect(bitmapIou(decodeRle(rle).data, wanted[index]!)).toBeGreaterThan(0.999);
        return;
      }
      const [x, y, width, height] = bbox;
      expect(isBox).toBe(true);
      [x, y, x + width, y + height].forEach((edge, side) =>
        expect(edge).toBeCloseTo(expected[index]!.corners[side]!, 2),
      );
    });
  });
});

/** The found objects, without boxes that hold no pixel of the photo. */
function shownObjects(found: ReadonlyMap<string, NpyArray>) {
  const numbers = (name: string) => Array.from(found.get(name)!.data, Number);
  const [boxes, scores, labels] = [numbers('boxes'), numbers('scores'), numbers('classes')];
  return scores
    .map((score, index) => ({
      score,
      label: labels[index]!,
      corners: boxes.slice(4 * index, 4 * index + 4),
    }))
    .filter(({ corners }) => {
      const [x0, y0, x1, y1] = corners as [number, number, number, number];
      const box: Box = [x0, y0, Math.max(x1 - x0, 0), Math.max(y1 - y0, 0)];
      return rleArea(geometryRle({ kind: 'box', box }, 192, 144)) > 0;
    });
}
