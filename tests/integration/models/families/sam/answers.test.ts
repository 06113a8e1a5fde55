import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeRle, rleIou } from '../../../../../core/geometry/rle.ts';
import type { AnswerMask, ModelRequest, PromptMark } from '../../../../../core/prompt.ts';
import { askModel } from '../../../../../models/ask-model.ts';
import type { RgbImage } from '../../../../../models/image/rgb-image.ts';
import { loadModel } from '../../../../../models/load-model.ts';
import type { Model } from '../../../../../models/model.ts';
import { packGraphs } from '../../../../../models/pack-graphs.ts';
import {
  bitmapIou,
  samAnswers,
  samFiles,
  samPackage,
  samPhoto,
  unpackMasks,
  type SamLayout,
} from '../../../../support/sam-fixture.ts';

const click = (x: number, y: number, positive = true): PromptMark => ({
  kind: 'point',
  at: [x, y],
  positive,
});
const about = (...marks: PromptMark[]): ModelRequest => ({
  task: 'segment',
  text: null,
  regions: [{ marks }],
});

/** A loaded model of a layout, and what the original code answers. */
class Subject {
  readonly layout: SamLayout;
  readonly expected: ReturnType<typeof samAnswers>;
  model!: Model;
  photo!: RgbImage;
  folder!: string;
  #remove!: () => Promise<void>;

  constructor(layout: SamLayout) {
    this.layout = layout;
    this.expected = samAnswers(layout);
  }

  async open(): Promise<void> {
    const { folder, remove } = await samPackage(this.layout);
    this.folder = folder;
    this.#remove = remove;
    this.model = await loadModel(folder, { device: 'cpu', threads: 1 });
    this.photo = await samPhoto();
  }

  async close(): Promise<void> {
    await this.model.dispose();
    await this.#remove();
  }

  async ask(request: ModelRequest): Promise<readonly AnswerMask[]> {
    return (await askModel(this.model, this.photo, request)).answers[0]!.masks;
  }

  /** The mask of the original code at an index, negative from the end. */
  wanted(name: string, index: number): Uint8Array {
    return unpackMasks(this.expected.get(`${name}.masks`)!, this.photo.width).at(index)!;
  }

  scores(name: string): number[] {
    return [...(this.expected.get(`${name}.scores`)!.data as Float32Array)];
  }
}

const iouWith = ({ rle }: Pick<AnswerMask, 'rle'>, wanted: Uint8Array) =>
  bitmapIou(decodeRle(rle).data, wanted);

describe('a model of segment-anything', () => {
  const subject = new Subject('segment-anything');
  beforeAll(() => subject.open());
  afterAll(() => subject.close());

  it('answers a click with the best of its three masks, the others as candidates', async () => {
    const [mask] = await subject.ask(about(click(62, 71)));
    const scores = subject.scores('point').slice(1);
    const best = scores.indexOf(Math.max(...scores));
    expect(iouWith(mask!, subject.wanted('point', best + 1))).toBeGreaterThan(0.999);
    const others = [1, 2, 3].filter((index) => index !== best + 1);
    expect(mask!.candidates).toHaveLength(2);
    for (const index of others) {
      const fits = mask!.candidates!.map((one) => iouWith(one, subject.wanted('point', index)));
      expect(Math.max(...fits)).toBeGreaterThan(0.999);
    }
    const areas = mask!.candidates!.map(({ area }) => area);
    expect(areas).toEqual(areas.toSorted((a, b) => b - a));
  });

  it('answers a box with the mask that it keeps for clear prompts', async () => {
    const [mask] = await subject.ask(about({ kind: 'box', box: [30, 40, 71, 71] }));
    expect(iouWith(mask!, subject.wanted('box', 0))).toBeGreaterThan(0.999);
  });

  it('corrects with a second click from the mask of the first, whether or not that was asked for', async () => {
    const marks = [click(62, 71), click(92, 100, false)];
    const [after] = await subject.ask(about(...marks));
    expect(iouWith(after!, subject.wanted('correction', 0))).toBeGreaterThan(0.999);
    const fresh = await loadModel(subject.folder, { device: 'cpu', threads: 1 });
    const { answers } = await askModel(fresh, subject.photo, about(...marks));
    await fresh.dispose();
    expect(answers[0]!.masks[0]!.rle).toEqual(after!.rle);
  });

  it('encodes a photo once, whatever is then asked about it', async () => {
    await subject.model.prepare(subject.photo);
    const { timings } = await askModel(subject.model, subject.photo, about(click(150, 60)));
    expect(Object.keys(timings)).not.toContain('encode');
    expect(timings).toHaveProperty('mask');
  });

  it('starts from a mask that it is given', async () => {
    const [drawn] = await subject.ask(about(click(62, 71)));
    const mask: PromptMark = { kind: 'mask', rle: drawn!.rle };
    const [alone] = await subject.ask(about(mask));
    const [corrected] = await subject.ask(about(mask, click(92, 100, false)));
    const [unmasked] = await subject.ask(about(click(92, 100), click(92, 100, false)));
    expect(alone!.area).toBeGreaterThan(0);
    expect(rleIou(corrected!.rle, unmasked!.rle)).toBeLessThan(0.999);
  });

  it('finds everything as the automatic mask generator does, with its limits', async () => {
    const path = join(subject.folder, 'manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8'));
    const everything = { leastScore: -1, leastStability: 0.4, mostOverlap: 0.95 };
    await writeFile(
      path,
      JSON.stringify({ ...manifest, config: { ...manifest.config, everything } }),
    );
    const model = await loadModel(subject.folder, { device: 'cpu', threads: 1 });
    const request: ModelRequest = { task: 'everything', pointsPerSide: 4, regions: [] };
    const { answers } = await askModel(model, subject.photo, request);
    await model.dispose();
    await writeFile(path, JSON.stringify(manifest));
    const wanted = unpackMasks(subject.expected.get('everything.masks')!, subject.photo.width);
    expect(wanted.length).toBeGreaterThanOrEqual(3);
    expect(answers[0]!.masks).toHaveLength(wanted.length);
    answers[0]!.masks.forEach((mask, index) => {
      expect(iouWith(mask, wanted[index]!)).toBeGreaterThan(0.999);
    });
  });

  it('says that it takes no words, and answers nothing outside the photo', async () => {
    await expect(subject.ask({ task: 'segment', text: 'disc', regions: [] })).rejects.toMatchObject(
      { code: 'invalid-input', sentence: 'modelTakesNo' },
    );
    await expect(subject.ask(about(click(500, 10)))).rejects.toMatchObject({
      code: 'prompt-outside-image',
    });
    await expect(subject.ask(about(click(62, 71, false)))).rejects.toMatchObject({
      sentence: 'promptOnlyNegative',
    });
  });
});

describe('a model whose decoder takes points only', () => {
  const subject = new Subject('transformers-sam');
  beforeAll(() => subject.open());
  afterAll(() => subject.close());

  it('answers a box with the mask of its middle that fits it best', async () => {
    const [mask] = await subject.ask(about({ kind: 'box', box: [30, 40, 64, 62] }));
    const [clicked] = await subject.ask(about(click(62, 71)));
    const offered = [clicked!, ...clicked!.candidates!];
    expect(offered.map(({ rle }) => rle)).toContainEqual(mask!.rle);
  });
});

describe('a model whose decoder takes six points', () => {
  const subject = new Subject('efficient-sam');
  beforeAll(() => subject.open());
  afterAll(() => subject.close());

  it('says so when it is given more', async () => {
    const clicks = Array.from({ length: 7 }, (_, index) => click(10 + index, 20));
    await expect(subject.ask(about(...clicks))).rejects.toThrow(
      /takes at most 6 points at once.*7 were given/,
    );
  });
});

describe('files that are to become a model', () => {
  let parent: string;
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'pack-graphs-'));
  });
  afterAll(() => rm(parent, { recursive: true, force: true }));
  const options = { id: 'given', title: 'Given', license: 'MIT' };

  it('may be named in either order, and copied under any name', async () => {
    const [encoder, decoder] = samFiles('sam2');
    const manifest = await packGraphs([decoder, encoder], join(parent, 'turned'), options);
    expect(manifest).toMatchObject({
      family: 'sam',
      license: 'MIT',
      precision: 'fp32',
      tasks: ['segment'],
      prompts: ['region', 'everything'],
      config: { layout: 'sam2', image: { side: 128, fit: 'stretch' } },
    });
    expect(manifest.files.map(({ path }) => path)).toEqual([
      'encoder/encoder.onnx',
      'decoder/decoder.onnx',
    ]);
  });

  it('are refused with what they take and give when they are no known pair', async () => {
    const [encoder] = samFiles('sam2');
    const [, decoder] = samFiles('efficient-sam');
    for (const files of [[encoder], [encoder, decoder], [encoder, encoder]]) {
      await expect(packGraphs(files, join(parent, 'odd'), options)).rejects.toMatchObject({
        code: 'invalid-input',
        sentence: 'graphsUnknown',
      });
    }
    const damaged = join(parent, 'damaged.onnx');
    await writeFile(damaged, 'no graph');
    await expect(
      packGraphs([damaged, decoder], join(parent, 'odd'), options),
    ).rejects.toMatchObject({ sentence: 'packageGraphUnreadable' });
    await expect(readFile(join(parent, 'odd', 'manifest.json'))).rejects.toThrow(/ENOENT/);
  });
});
