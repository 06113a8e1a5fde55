import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askModel } from '../../../../../models/ask-model.ts';
import { detectorImport } from '../../../../../models/families/detector/recognize.ts';
import { loadModel } from '../../../../../models/load-model.ts';
import { packageHash } from '../../../../../models/package/package.ts';
import { encodeModel, type Initializer, type Value } from '../../../../../models/onnx/onnx.ts';
import { decodeRle } from '../../../../../core/geometry/rle.ts';
import {
  detectorFile,
  detectorPackage,
  detectorPhoto,
} from '../../../../support/detector-fixture.ts';

const everything = { task: 'everything', pointsPerSide: 1 } as const;

/** A graph that finds the same in every image: a box in its middle, and one in a corner. */
const constants: readonly Initializer[] = [
  floats('boxes', [1, 2, 4], [0.5, 0.5, 0.5, 0.25, 0.1, 0.1, 0.2, 0.2]),
  floats('scores', [1, 2], [0.9, 0.4]),
  floats('labels', [1, 2], [2, 1]),
  floats('masks', [1, 2, 2, 2], [0.9, 0.1, 0.9, 0.1, 0.9, 0.9, 0.9, 0.9]),
];
const image: Value = { name: 'pixels', type: 'float32', shape: [1, 3, 'height', 'width'] };

const mapping = {
  image: { input: 'pixels', width: 64, height: 32, fit: 'stretch' },
  boxes: { output: 'boxes.given', corners: 'center-size', unit: 'share' },
  scores: 'scores.given',
  labels: 'labels.given',
  firstLabel: 1,
  classes: ['bear', 'bird'],
};

describe('a graph that is described by a mapping', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mapped-'));
    file = join(folder, 'anything.onnx');
    await writeFile(file, madeGraph());
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('gives the boxes, names and scores that it finds, in pixels of the photo', async () => {
    const made = await detectorPackage(file, { mapping });
    const model = await loadModel(made.folder, { device: 'cpu', threads: 1 });
    try {
      const { answers } = await askModel(model, await detectorPhoto(), {
        ...everything,
        regions: [],
      });
      const [bird, bear] = answers[0]!.masks;
      expect(bird).toMatchObject({ label: 'bird', isBox: true });
      expect(bird!.score).toBeCloseTo(0.9);
      expectBox(bird!.bbox, [48, 54, 96, 36]);
      expect(bear).toMatchObject({ label: 'bear' });
      expectBox(bear!.bbox, [0, 0, 38.4, 28.8]);
    } finally {
      await model.dispose();
      await made.remove();
    }
  });

  it('gives masks where it has them, inside of their boxes', async () => {
    const made = await detectorPackage(file, { mapping: { ...mapping, masks: 'masks.given' } });
    const model = await loadModel(made.folder, { device: 'cpu', threads: 1 });
    try {
      const request = { task: 'segment', text: 'Bird', regions: [] } as const;
      const { answers } = await askModel(model, await detectorPhoto(), { ...request, regions: [] });
      const [bird, ...others] = answers[0]!.masks;
      expect(others).toEqual([]);
      expect(bird!.isBox).toBeUndefined();
      // The left half of the photo, of the box from 48 to 144.
      const { data, width } = decodeRle(bird!.rle);
      expect([47, 48, 95, 96].map((x) => data[72 * width + x])).toEqual([0, 1, 1, 0]);
    } finally {
      await model.dispose();
      await made.remove();
    }
  });

  it('is asked about classes that it has, and says which they are', async () => {
    const made = await detectorPackage(file, { mapping });
    const model = await loadModel(made.folder, { device: 'cpu', threads: 1 });
    const asked = (text: string) => ({ task: 'segment' as const, text, regions: [] });
    try {
      expect(() => model.requireReadable(asked('wolf'))).toThrow(/knows no "wolf".*bear, bird/);
      const request = { ...asked('bear'), minimumScore: 0.5 };
      expect((await askModel(model, await detectorPhoto(), request)).answers[0]!.masks).toEqual([]);
      const box = { kind: 'box' as const, box: [0, 0, 9, 9] as [number, number, number, number] };
      const pointed = { task: 'segment' as const, text: null, regions: [{ marks: [box] }] };
      await expect(askModel(model, await detectorPhoto(), pointed)).rejects.toThrow(
        /does not accept marks/,
      );
    } finally {
      await model.dispose();
      await made.remove();
    }
  });

  it.each([
    { name: 'an output that is not there', change: { scores: 'sores' }, says: /"sores".*scores/ },
    { name: 'a word that is none', change: { unit: 'feet' }, says: /does not describe a detector/ },
    {
      name: 'a deviation of nothing',
      change: { image: { ...mapping.image, deviation: [0, 1, 1] } },
      says: /does not describe a detector/,
    },
    { name: 'no classes', change: { classes: undefined }, says: /what its classes are called/ },
  ])('is refused with $name', async ({ change, says }) => {
    await expect(detectorPackage(file, { mapping: { ...mapping, ...change } })).rejects.toThrow(
      says,
    );
  });
});

describe('a graph whose outputs are wrong', () => {
  let folder: string;
  beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'wrong-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function masksOf(given: readonly Initializer[]) {
    const file = join(folder, 'wrong.onnx');
    await writeFile(file, madeGraph(given));
    const made = await detectorPackage(file, { mapping });
    const model = await loadModel(made.folder, { device: 'cpu', threads: 1 });
    try {
      const photo = await detectorPhoto();
      return (await askModel(model, photo, { ...everything, regions: [] })).answers[0]!.masks;
    } finally {
      await model.dispose();
      await made.remove();
    }
  }

  it('gives the objects whose boxes are numbers', async () => {
    const [, ...others] = constants;
    const broken = floats('boxes', [1, 2, 4], [NaN, 0.5, Infinity, 0.25, 0.1, 0.1, 0.2, 0.2]);
    expect(await masksOf([broken, ...others])).toMatchObject([{ label: 'bear' }]);
  });

  it.each([
    { name: 'labels', given: floats('labels', [1, 1], [2]) },
    { name: 'scores', given: floats('scores', [1, 3], [0.9, 0.4, 0.3]) },
  ])('names nothing where it has other numbers of $name', async ({ name, given }) => {
    const others = constants.filter((constant) => constant.name !== name);
    await expect(masksOf([...others, given])).rejects.toThrow(/different numbers of objects/);
  });
});

it('takes whole numbers as the bytes of the photo', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bytes-'));
  const file = join(folder, 'bytes.onnx');
  await writeFile(file, madeGraph(constants, { ...image, type: 'int32' }));
  const made = await detectorPackage(file, { mapping });
  expect(made.manifest.config.image.deviation).toEqual([1, 1, 1]);
  await made.remove();
  await rm(folder, { recursive: true });
});

describe('detectors by their shapes', () => {
  const graph = (output: (number | string)[], metadata: Record<string, string>) => ({
    path: 'model.onnx',
    inputs: { images: { dtype: 'float32', shape: [1, 3, 64, 64] } },
    outputs: { output0: { dtype: 'float32', shape: output } },
    metadata,
  });
  const recognize = (...asked: Parameters<typeof graph>) =>
    detectorImport.recognize([graph(...asked)], {});

  it('have their class names in the order of their numbers', () => {
    const names = "{1: 'dog', 0: 'cat', 10: 'bird', 2: \"cow's\"}";
    expect(recognize([1, 300, 6], { names })!.classes).toEqual(['cat', 'dog', "cow's", 'bird']);
  });

  it('are none with the rows of YOLOv5, in which repetitions are', () => {
    const names = "['cat']";
    expect(recognize(['batch', 'anchors', 6], { names, stride: '32' })).toBeNull();
    expect(recognize(['batch', 'anchors', 6], { names, task: 'detect' })).not.toBeNull();
  });
});

it('refuses sides that no photo has, in words', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sides-'));
  const file = join(folder, 'small.onnx');
  await writeFile(file, madeGraph(constants, { ...image, shape: [1, 3, 4, 9] }));
  await expect(detectorPackage(file, { mapping })).rejects.toMatchObject({
    code: 'invalid-input',
    sentence: 'graphsUnusable',
  });
  await rm(folder, { recursive: true });
});

it('refuses a number of names that is not the number of classes', async () => {
  const classes = ['disc', 'box'];
  await expect(detectorPackage(detectorFile('yolo11'), { classes })).rejects.toThrow(
    /finds 3 classes, but 2 names/,
  );
});

it('names the classes as a person says', async () => {
  const made = await detectorPackage(detectorFile('yolo11'), { classes: ['a', 'b', 'c'] });
  expect(made.manifest.classes).toEqual(['a', 'b', 'c']);
  await made.remove();
});

it('is another model under other class names, so that remembered answers are not reused', async () => {
  const [own, renamed] = [
    await detectorPackage(detectorFile('yolo11')),
    await detectorPackage(detectorFile('yolo11'), { classes: ['a', 'b', 'c'] }),
  ];
  expect(packageHash(own.manifest)).not.toBe(packageHash(renamed.manifest));
  await own.remove();
  await renamed.remove();
});

it('finds nothing twice over, whatever is in a photo that is one colour', async () => {
  const made = await detectorPackage(detectorFile('yolo11'));
  const model = await loadModel(made.folder, { device: 'cpu', threads: 1 });
  try {
    const grey = { key: 'grey', width: 50, height: 40, pixels: new Uint8Array(6000).fill(128) };
    const { answers } = await askModel(model, grey, { ...everything, regions: [] });
    const shown = answers[0]!.masks.map(({ bbox, label }) => JSON.stringify([bbox, label]));
    expect(new Set(shown).size).toBe(shown.length);
  } finally {
    await model.dispose();
    await made.remove();
  }
});

function expectBox(found: readonly number[], wanted: readonly number[]): void {
  wanted.forEach((value, index) => expect(found[index]).toBeCloseTo(value, 3));
}

function floats(name: string, shape: number[], values: number[]): Initializer {
  return { name, type: 'float32', shape, data: new Uint8Array(Float32Array.from(values).buffer) };
}

function madeGraph(given = constants, input = image): Uint8Array {
  const identity = (name: string) => ({
    operator: 'Identity',
    domain: '',
    inputs: [name],
    outputs: [`${name}.given`],
    attributes: {},
  });
  return encodeModel({
    name: 'mapped',
    nodes: given.map(({ name }) => identity(name)),
    initializers: given,
    inputs: [input],
    outputs: given.map(({ name, shape }) => ({
      name: `${name}.given`,
      type: 'float32' as const,
      shape,
    })),
  });
}
