import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeRle } from '../../../../../core/geometry/rle.ts';
import { answerMask } from '../../../../../models/answer/mask-pixels.ts';
import { mapOfPhoto } from '../../../../../models/families/sam/network/frame.ts';
import { deviceTest } from '../../../../../models/families/sam/network/device-test.ts';
import { SamNetwork, type SamPrompt } from '../../../../../models/families/sam/network/network.ts';
import type { RgbImage } from '../../../../../models/image/rgb-image.ts';
import { openDevice, type OpenedDevice } from '../../../../../models/onnx/device.ts';
import {
  bitmapIou,
  samAnswers,
  samLayouts,
  samPackage,
  samPhoto,
  unpackMasks,
} from '../../../../support/sam-fixture.ts';

/** The prompts of tests/fixtures/sam/make.py. */
const prompts: Readonly<Record<string, Pick<SamPrompt, 'points' | 'box'> & { after?: string }>> = {
  point: { points: [{ at: [62, 71], positive: true }], box: null },
  points: {
    points: [
      { at: [62, 71], positive: true },
      { at: [150, 60], positive: false },
      { at: [40.5, 80.25], positive: true },
    ],
    box: null,
  },
  box: { points: [], box: [30, 40, 71, 71] },
  'box-and-points': {
    points: [
      { at: [150, 60], positive: true },
      { at: [60, 70], positive: false },
    ],
    box: [125, 30, 56, 91],
  },
  correction: {
    points: [
      { at: [62, 71], positive: true },
      { at: [92, 100], positive: false },
    ],
    box: null,
    after: 'point',
  },
};

/** Prompts that the export of a layout does not support. */
const unasked: Readonly<Record<string, readonly string[]>> = {
  'edge-sam': ['correction'],
  'efficient-sam': ['correction'],
  'transformers-sam': ['box', 'box-and-points', 'correction'],
  'transformers-sam2': ['correction'],
};

describe.each(samLayouts)('the graphs of %s', (layout) => {
  const expected = samAnswers(layout);
  let opened: OpenedDevice;
  let network: SamNetwork;
  let photo: RgbImage;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    const made = await samPackage(layout);
    const { folder: directory, manifest } = made;
    remove = made.remove;
    const source = { directory, graphs: manifest.graphs, hash: layout };
    opened = await openDevice(source, deviceTest(manifest), 'cpu', 1);
    network = new SamNetwork(manifest, opened.lease.sessions);
    photo = await samPhoto();
  });
  afterAll(async () => {
    await opened.lease.release();
    await remove();
  });

  const asked = Object.keys(prompts).filter((name) => !unasked[layout]?.includes(name));
  it.each(asked)('answer %s as the original code does', async (name) => {
    const { after, ...prompt } = prompts[name]!;
    const encoded = await network.encode(photo);
    const masks = await network.decode(encoded, { ...prompt, previous: previousOf(after) });
    const scores = expected.get(`${name}.scores`)!;
    expect(masks.length).toBeGreaterThanOrEqual(scores.shape[0]!);
    // EdgeSAM's and Meta's graphs give the single mask first, and so do the arrays.
    const found = masks.slice(-scores.shape[0]!);
    expect(
      largestDifference(
        found.map(({ score }) => score),
        scores.data,
      ),
    ).toBeLessThan(1e-3);
    const isFree = network.manifest.config.image.fit === 'free';
    if (!isFree) {
      const logits = found.flatMap(({ map }) => [...map.logits]);
      expect(largestDifference(logits, expected.get(`${name}.logits`)!.data)).toBeLessThan(1e-3);
    }
    const { width, height } = photo;
    const part = { left: 0, top: 0, width, height };
    const wanted = unpackMasks(expected.get(`${name}.masks`)!, width);
    for (const [index, { map }] of found.entries()) {
      const { rle } = answerMask({ map: mapOfPhoto(map, encoded.frame), part }, photo, 0.5);
      expect(bitmapIou(decodeRle(rle).data, wanted[index]!)).toBeGreaterThan(0.999);
    }
  });

  function previousOf(after: string | undefined): SamPrompt['previous'] {
    if (after === undefined) return null;
    const { data, shape } = expected.get(`${after}.logits`)!;
    const scores = [...(expected.get(`${after}.scores`)!.data as Float32Array)].slice(-3);
    const best = shape[0]! - 3 + scores.indexOf(Math.max(...scores));
    const [height, width] = shape.slice(1) as [number, number];
    const cells = width * height;
    const logits = (data as Float32Array).slice(best * cells, (best + 1) * cells);
    return { logits, width, height };
  }
});

/** The largest difference, as a share of the largest wanted value. */
function largestDifference(found: readonly number[], wanted: ArrayLike<number | bigint>): number {
  expect(found).toHaveLength(wanted.length);
  let [difference, largest] = [0, 0];
  found.forEach((value, index) => {
    const other = Number(wanted[index]);
    difference = Math.max(difference, Math.abs(value - other));
    largest = Math.max(largest, Math.abs(other));
  });
  return difference / largest;
}
