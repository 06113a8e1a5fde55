import { hash } from 'node:crypto';
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  decodeRle,
  encodeRle,
  rleArea,
  rleBox,
  rleIntersect,
  rleIou,
} from '../../../../../core/geometry/rle.ts';
import type {
  MaskCandidate,
  ModelRequest,
  ModelResult,
  PromptMark,
} from '../../../../../core/prompt.ts';
import { convertCheckpoint } from '../../../../../models/families/pixel-sail/convert/convert.ts';
import type { PixelSailManifest } from '../../../../../models/families/pixel-sail/manifest.ts';
import { decodeImage } from '../../../../../models/image/decode.ts';
import { drawMarks } from '../../../../../models/families/pixel-sail/processor/prompts.ts';
import { mirrorPixels } from '../../../../../models/image/resize.ts';
import { loadModel } from '../../../../../models/load-model.ts';
import type { AnswerEvent, AnswerOptions, Model } from '../../../../../models/model.ts';
import type { RgbImage } from '../../../../../models/image/rgb-image.ts';

/**
 * A real package of the tiny random network: nothing about quality, everything about how requests
 * are answered.
 */
const fixture = resolve(import.meta.dirname, '../../../../fixtures/parity-small');

const box: PromptMark = { kind: 'box', box: [4, 4, 30, 25] };
const point: PromptMark = { kind: 'point', at: [40, 30], positive: true };
const exclusion: PromptMark = { kind: 'point', at: [5, 5], positive: false };
const segmentation = (...regions: PromptMark[][]): ModelRequest => ({
  task: 'segment',
  text: null,
  regions: regions.map((marks) => ({ marks })),
});
const words = (text: string): ModelRequest => ({ task: 'segment', text, regions: [] });
const short: AnswerOptions = { generation: { maximumTokens: 12 } };

async function collect(events: AsyncIterable<AnswerEvent>): Promise<AnswerEvent[]> {
  const collected: AnswerEvent[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}

interface RunnableSession {
  run(feeds: InferenceSession.FeedsType): ReturnType<InferenceSession['run']>;
}

/** The base class of all sessions; the types call it a factory. */
const graphSessions = (InferenceSession as unknown as { prototype: RunnableSession }).prototype;

/** Does the work, hearing of every run of a graph as it begins. */
async function withGraphRuns(onRun: () => void, work: () => Promise<void>): Promise<void> {
  const { run } = graphSessions;
  graphSessions.run = function (this: RunnableSession, feeds) {
    onRun();
    return run.call(this, feeds);
  };
  try {
    await work();
  } finally {
    graphSessions.run = run;
  }
}

describe('a loaded model', () => {
  let folder: string;
  let image: RgbImage;
  let model: Model;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pixel-sail-model-'));
    await convertCheckpoint(fixture, join(folder, 'plain'), {
      precision: 'fp32',
      id: 'tiny',
      title: 'Tiny',
    });
    const zooming = join(folder, 'checkpoint');
    await cp(fixture, zooming, { recursive: true });
    const config = JSON.parse(await readFile(join(fixture, 'config.json'), 'utf8')) as object;
    const studio = { pixel_sail_studio: { whole_side: 96, zoom: { margin: 0.25, side: 64 } } };
    await writeFile(join(zooming, 'config.json'), JSON.stringify({ ...config, ...studio }));
    await convertCheckpoint(zooming, join(folder, 'zoom'), {
      precision: 'fp32',
      id: 'zoom',
      title: 'Zoom',
    });
    image = await decodeImage(join(fixture, 'image.png'));
    model = await loadModel(join(folder, 'plain'), { device: 'cpu', threads: 1 });
  });
  afterAll(async () => {
    await model.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  async function eventsOf(
    request: ModelRequest,
    options: AnswerOptions = short,
    of = model,
  ): Promise<AnswerEvent[]> {
    return collect(of.answer(image, request, options));
  }

  async function resultOf(
    request: ModelRequest,
    options: AnswerOptions = short,
    of = model,
  ): Promise<ModelResult> {
    const last = (await eventsOf(request, options, of)).at(-1);
    if (last?.kind !== 'result') throw new Error('the last event is no result');
    return last.result;
  }

  /** The zooming package with more of Studio's settings. */
  async function zoomingWith(
    settings: PixelSailManifest['config']['pixel_sail_studio'],
  ): Promise<Model> {
    const path = join(folder, 'zoom', 'manifest.json');
    const text = await readFile(path, 'utf8');
    const manifest = JSON.parse(text) as PixelSailManifest;
    const studio = { ...manifest.config.pixel_sail_studio, ...settings };
    const config = { ...manifest.config, pixel_sail_studio: studio };
    await writeFile(path, JSON.stringify({ ...manifest, config }));
    try {
      return await loadModel(join(folder, 'zoom'), { device: 'cpu', threads: 1 });
    } finally {
      await writeFile(path, text);
    }
  }

  const masksOf = async (request: ModelRequest, options?: AnswerOptions, of?: Model) =>
    (await resultOf(request, options, of)).answers.flatMap(({ masks }) => masks);

  it('gives one mask for each region, consistent in area and box and at image size', async () => {
    const masks = await masksOf(segmentation([box], [point, exclusion]));
    expect(masks.map(({ region }) => region)).toEqual([0, 1]);
    for (const { rle, area, bbox, score } of masks) {
      expect(rle.size).toEqual([image.height, image.width]);
      expect(area).toBe(rleArea(rle));
      expect(bbox).toEqual(rleBox(rle));
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
  });

  it('reads the image once for several regions, and generates nothing for them', async () => {
    const events = await eventsOf(segmentation([box], [point]));
    const stages = events.flatMap((event) => (event.kind === 'stage' ? [event.stage] : []));
    expect(stages).toEqual(['encode', 'prefill', 'mask']);
  });

  it('refuses texts that are longer than the model reads, wherever they stand', async () => {
    const ask = (question: string, ...choices: string[]): ModelRequest => {
      return { task: 'ask', question, choices, regions: [] };
    };
    const long = 'a red ball '.repeat(4000);
    for (const request of [words(long), ask(long), ask('What?', 'dog', long)]) {
      await expect(eventsOf(request)).rejects.toMatchObject({
        code: 'invalid-input',
        sentence: 'promptTextTooLong',
        detail: { unit: 'characters' },
      });
    }
    for (const request of [words('?'.repeat(1025)), ask('?'.repeat(1000), '?'.repeat(25))]) {
      await expect(eventsOf(request)).rejects.toMatchObject({
        sentence: 'promptTextTooLong',
        detail: { unit: 'tokens', found: 1025, most: 1024 },
      });
    }
    expect((await resultOf(words('?'.repeat(1024)))).answers).toHaveLength(1);
  });

  it('refuses what a package says it cannot read', async () => {
    const brief = await zoomingWith({ max_text_tokens: 4 });
    await expect(eventsOf(words('?'.repeat(5)), short, brief)).rejects.toMatchObject({
      detail: { found: 5, most: 4 },
    });
    expect((await resultOf(words('?'.repeat(4)), short, brief)).answers).toHaveLength(1);
    await brief.dispose();
  });

  it.each([
    ['a text', () => words('a ball')],
    ['regions', () => segmentation([box], [point, exclusion])],
    [
      'a grid of points',
      (): ModelRequest => ({ task: 'everything', pointsPerSide: 5, regions: [] }),
    ],
    ['a description', (): ModelRequest => ({ task: 'describe', regions: [{ marks: [box] }] })],
    [
      'choices',
      (): ModelRequest => {
        const choices = ['a red dog', 'a grey cat', 'one more'];
        return { task: 'ask', question: 'What is it?', choices, regions: [{ marks: [box] }] };
      },
    ],
  ])('runs no graph after %s was cancelled, whichever it is running then', async (_, request) => {
    const zooming = await zoomingWith({ edges: { radius: 2, epsilon: 1e-4 } });
    let round = 0;
    const cancelAt = async (last: number): Promise<number> => {
      const controller = new AbortController();
      const options = { generation: { maximumTokens: 3 }, signal: controller.signal };
      const fresh = { ...image, key: `cancelled ${round++}` };
      let runs = 0;
      await withGraphRuns(
        () => {
          runs++;
          if (runs === last) controller.abort();
        },
        async () => {
          const answer = collect(zooming.answer(fresh, request(), options));
          if (last === Infinity) await answer;
          else await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
        },
      );
      return runs;
    };
    const all = await cancelAt(Infinity);
    expect(all).toBeGreaterThan(2);
    // After the last graph only the mask is cut out; all other moments end at once.
    for (let last = 1; last < all; last++) expect(await cancelAt(last)).toBe(last);
    await zooming.dispose();
  });

  it('never reads an image again for another text', async () => {
    const fresh = { ...image, key: 'a fresh image' };
    const first = await collect(model.answer(fresh, words('ball'), short));
    const second = await collect(model.answer(fresh, words('stripe'), short));
    const timings = [first, second].map((events) => {
      const last = events.at(-1);
      return last?.kind === 'result' ? last.result.timings : {};
    });
    expect(timings[0]).toHaveProperty('encode');
    expect(timings[1]).not.toHaveProperty('encode');
    expect(timings[1]).toHaveProperty('prefill');
  });

  it('reads nothing again when the same marks are asked about again', async () => {
    const first = await resultOf(segmentation([point, exclusion]));
    const again = await resultOf(segmentation([point, exclusion]));
    expect(again.answers).toEqual(first.answers);
    expect(again.timings).not.toHaveProperty('prefill');
  });

  it('keeps images, prompts and cuts apart in its cache', async () => {
    const [withBox] = await masksOf(segmentation([box]));
    const [withPoint] = await masksOf(segmentation([point]));
    const other = { ...image, key: 'other', pixels: image.pixels.map((value) => 255 - value) };
    const events = await collect(model.answer(other, segmentation([box]), short));
    const last = events.at(-1);
    expect(withBox!.rle).not.toEqual(withPoint!.rle);
    expect(last?.kind === 'result' && last.result.answers[0]!.masks[0]!.rle).not.toEqual(
      withBox!.rle,
    );
    expect((await masksOf(segmentation([box])))[0]).toEqual(withBox);
  });

  it('answers the same from an encoding that was prepared or evicted', async () => {
    const tight = await loadModel(join(folder, 'plain'), {
      device: 'cpu',
      threads: 1,
      cacheBytes: 0,
    });
    await tight.prepare(image);
    const evicted = await resultOf(words('ball'), short, tight);
    await tight.dispose();
    await model.prepare(image);
    const prepared = await resultOf(words('ball'));
    expect(evicted.timings).toHaveProperty('encode');
    expect(prepared.timings).not.toHaveProperty('encode');
    expect(prepared.answers).toEqual(evicted.answers);
  });

  it('answers a text without [SEG] once more with "It is [SEG]."', async () => {
    const fresh = { ...image, key: 'asked for one word' };
    const oneWord = { generation: { maximumTokens: 1 } };
    const events = await collect(model.answer(fresh, words('ball'), oneWord));
    const last = events.at(-1);
    const masks =
      last?.kind === 'result' ? last.result.answers.flatMap((answer) => answer.masks) : null;
    expect(masks!.length).toBeLessThanOrEqual(1);
    const stages = events.filter((event) => event.kind === 'stage' && event.stage === 'mask');
    expect(stages).toHaveLength(1);
  });

  it('marks nothing for a name that its first word denies more than the checkpoint allows', async () => {
    for (const [absenceThreshold, said] of [
      [1, 'It is.'],
      [0, 'No target.'],
    ] as const) {
      const asking = await zoomingWith({ presence: { most_denied: absenceThreshold } });
      const { answers } = await resultOf(words('ball'), short, asking);
      expect(answers[0]!.text).toBe(said);
      if (absenceThreshold === 0) expect(answers[0]!.masks).toEqual([]);
      const pointed = { ...segmentation([point]), text: '<Prompt0>' } as ModelRequest;
      expect((await resultOf(pointed, short, asking)).answers[0]!.text).not.toBe(said);
      await asking.dispose();
    }
  });

  it('marks a name that enough speaks for, and of two asked together the more evident', async () => {
    const marked = async (name: string, beside: string[], least: number, behind = 0) => {
      const asking = await zoomingWith({
        presence: { most_denied: 0, evidence: { least, behind } },
      });
      const request = { ...words(name), beside } as ModelRequest;
      const { answers } = await resultOf(request, short, asking);
      await asking.dispose();
      return answers[0]!.text === 'It is.';
    };
    expect(await marked('ball', ['cup'], -100, 100)).toBe(true);
    expect(await marked('ball', [], 100)).toBe(false);
    expect(await marked('ball', ['ball'], -100), 'nothing loses against itself').toBe(true);
    expect(await marked('ball', ['cup'], -100)).not.toBe(await marked('cup', ['ball'], -100));
  });

  it('says that there is no target where a name is not denied but no pixel is likely enough', async () => {
    const asking = await zoomingWith({ presence: { most_denied: 1 } });
    const certain: AnswerOptions = { ...short, threshold: 0.999999 };
    const { answers } = await resultOf(words('ball'), certain, asking);
    expect(answers[0]).toMatchObject({ text: 'No target.', masks: [] });
    await asking.dispose();
  });

  it('describes regions one by one, or the whole image when there is none', async () => {
    const regions = [{ marks: [box] }, { marks: [point] }];
    expect((await resultOf({ task: 'describe', regions })).answers).toHaveLength(2);
    expect((await resultOf({ task: 'describe', regions: [] })).answers).toHaveLength(1);
  });

  it('selects one of the choices, and none where none were given', async () => {
    const choices = ['ball', 'stripe', 'dog'];
    const chosen = async (given: string[]) => {
      const regions = [{ marks: [box] }];
      const request: ModelRequest = {
        task: 'ask',
        question: 'What is it?',
        choices: given,
        regions,
      };
      return (await resultOf(request)).answers[0]!.choice;
    };
    expect(choices.map((_, index) => index)).toContain(await chosen(choices));
    expect(await chosen([])).toBeNull();
    expect(await chosen(['only this'])).toBe(0);
  });

  it('looks closely at one region for words, at the whole image for its place or for several', async () => {
    const zooming = await loadModel(join(folder, 'zoom'), { device: 'cpu', threads: 1 });
    const ask = (question: string, ...marks: PromptMark[]): ModelRequest => {
      const regions = marks.map((mark) => ({ marks: [mark] }));
      return { task: 'ask', question, choices: ['left door', 'wheel'], regions };
    };
    /**
     * How sure the words are depends on all that is seen, so equal words of two photos were read
     * from equal pixels.
     */
    const differsOutside = async (request: ModelRequest) => {
      const pixels = image.pixels.map((value, index) => {
        const [x, y] = [Math.floor(index / 3) % image.width, Math.floor(index / 3 / image.width)];
        return x > 34 + 8 || y > 29 + 8 ? 255 - value : value;
      });
      const other = { ...image, pixels, key: 'other outside' };
      const options = { generation: { maximumTokens: 12, temperature: 3, seed: 2 } };
      const [here, there] = [
        await resultOf(request, options, zooming),
        await collect(zooming.answer(other, request, options)),
      ];
      const last = there.at(-1);
      return last?.kind !== 'result' || here.answers[0]!.text !== last.result.answers[0]!.text;
    };
    expect(await differsOutside(ask('What is it?', box))).toBe(false);
    expect(await differsOutside(ask('What is it?', box, point))).toBe(true);
    expect(await differsOutside(ask('What is left of it?', box))).toBe(true);
    await zooming.dispose();
  });

  it('streams the words of the answer', async () => {
    const ask: ModelRequest = { task: 'ask', question: 'What is it?', choices: [], regions: [] };
    const events = await eventsOf(ask, {
      generation: { maximumTokens: 40, temperature: 1, seed: 4 },
    });
    const last = events.at(-1);
    const text = last?.kind === 'result' ? last.result.answers[0]!.text : '';
    const streamed = events.map((event) => (event.kind === 'token' ? event.text : '')).join('');
    expect(streamed.length).toBeGreaterThan(3);
    expect(text.startsWith(streamed)).toBe(true);
  });

  it('repeats a sampled answer with the same seed', async () => {
    const ask: ModelRequest = {
      task: 'ask',
      question: 'What is it?',
      choices: [],
      regions: [{ marks: [box] }],
    };
    const sampled = (seed: number) =>
      resultOf(ask, { generation: { maximumTokens: 20, temperature: 2, seed } });
    const texts = [await sampled(5), await sampled(5), await sampled(6)].map(
      ({ answers }) => answers[0]!.text,
    );
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).not.toBe(texts[2]);
  });

  it('stops in the middle of an answer when it is aborted, and can answer again', async () => {
    const abort = new AbortController();
    const seen: string[] = [];
    const whole = async () => {
      const options = {
        signal: abort.signal,
        generation: { maximumTokens: 500, temperature: 3, seed: 1 },
      };
      for await (const event of model.answer(image, words('ball'), options)) {
        seen.push(event.kind);
        if (seen.filter((kind) => kind === 'token').length === 2) abort.abort();
      }
    };
    await expect(whole()).rejects.toMatchObject({ code: 'cancelled' });
    expect(seen).not.toContain('result');
    await expect(resultOf(segmentation([box]))).resolves.toHaveProperty('answers');
  });

  it('stops when the caller leaves the loop', async () => {
    for await (const event of model.answer(image, words('ball'))) {
      if (event.kind === 'token') break;
    }
    await expect(resultOf(segmentation([box]))).resolves.toHaveProperty('answers');
  });

  it('looks closely where the checkpoint asks for it, and keeps masks inside that cut', async () => {
    const zooming = await loadModel(join(folder, 'zoom'), { device: 'cpu', threads: 1 });
    const small: PromptMark = { kind: 'box', box: [20, 12, 12, 8] };
    const masks = await masksOf(segmentation([small], [point]), short, zooming);
    await zooming.dispose();
    expect(masks.map(({ region }) => region)).toEqual([0, 1]);
    const [left, top, width, height] = masks[0]!.bbox;
    expect(left).toBeGreaterThanOrEqual(17);
    expect(top).toBeGreaterThanOrEqual(9);
    expect(left + width).toBeLessThanOrEqual(35);
    expect(top + height).toBeLessThanOrEqual(23);
  });

  it('sees the mirror image of what a mirrored photo shows, and gives the mask back unmirrored', async () => {
    const masks = async (mirrored: boolean, photo: RgbImage, mark: PromptMark) => {
      const checkpoint = join(folder, `checkpoint ${mirrored}`);
      await cp(join(folder, 'checkpoint'), checkpoint, { recursive: true });
      const path = join(checkpoint, 'config.json');
      const config = JSON.parse(await readFile(path, 'utf8')) as object;
      const zoom = { margin: 0.25, side: 64, mirrored };
      await writeFile(path, JSON.stringify({ ...config, pixel_sail_studio: { zoom } }));
      const target = join(folder, `mirrored ${mirrored}`);
      await convertCheckpoint(checkpoint, target, { precision: 'fp32', id: 'm', title: 'M' });
      const zooming = await loadModel(target, { device: 'cpu', threads: 1 });
      const last = (await collect(zooming.answer(photo, segmentation([mark]), short))).at(-1);
      await zooming.dispose();
      return last?.kind === 'result' ? decodeRle(last.result.answers[0]!.masks[0]!.rle) : null;
    };
    const { width } = image;
    const pixels = mirrorPixels(image.pixels, image);
    const mirrorImage = { ...image, pixels, key: 'mirror image' };
    const [x, y, w, h] = [12, 10, 24, 16];
    const plain = await masks(false, image, { kind: 'box', box: [x, y, w, h] });
    const mirrored = await masks(true, mirrorImage, { kind: 'box', box: [width - x - w, y, w, h] });
    const differing = plain!.data.filter((pixel, index) => {
      const column = index % width;
      return pixel !== mirrored!.data[index - column + width - 1 - column];
    });
    expect(plain!.data.includes(1)).toBe(true);
    expect(differing.length).toBeLessThanOrEqual(4);
  });

  it('finds everything that a grid of points meets, each once, the best first', async () => {
    const grid: ModelRequest = { task: 'everything', pointsPerSide: 4, regions: [] };
    const zooming = await loadModel(join(folder, 'zoom'), { device: 'cpu', threads: 1 });
    for (const of of [model, zooming]) {
      const events = await eventsOf(grid, short, of);
      const masks = await masksOf(grid, short, of);
      expect(masks.length).toBeGreaterThan(0);
      expect(masks.length).toBeLessThanOrEqual(16);
      const scores = masks.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      for (const [index, mask] of masks.entries()) {
        expect(mask.area).toBeGreaterThan(0);
        for (const better of masks.slice(0, index)) {
          expect(rleIou(better.rle, mask.rle)).toBeLessThan(0.7);
        }
      }
      const passes = events.filter((event) => event.kind === 'stage' && event.stage === 'mask');
      // 16 points share four passes; only a zooming model looks at what is left again.
      if (of === model) expect(passes.length).toBeLessThanOrEqual(4);
      else expect(passes.length).toBeGreaterThan(4);
    }
    await zooming.dispose();
  });

  it('looks for what a point means in every window that the checkpoint names', async () => {
    const zooming = await zoomingWith({ points: { windows: [1, 0.5] } });
    const passesFor = async (...marks: PromptMark[]) => {
      const events = await eventsOf(segmentation(marks), short, zooming);
      return events.filter((event) => event.kind === 'stage' && event.stage === 'encode').length;
    };
    const passes = [await passesFor(point), await passesFor(box)];
    await zooming.dispose();
    // Whole image, window and one or two close looks; a box needs one look.
    expect(passes[0]).toBeGreaterThanOrEqual(3);
    expect(passes[1]).toBe(1);
  });

  it('promises less of a mask that one point alone asked for, where the checkpoint says so', async () => {
    const score = { bias: 0, probability: 1, stability: 1, share: 0, agreement: 1, onlyLook: 0 };
    const scoresWith = async (pointed: number, request: ModelRequest) => {
      const scoring = await zoomingWith({ score: { ...score, pointed } });
      const masks = await masksOf(request, short, scoring);
      await scoring.dispose();
      expect(masks.length).toBeGreaterThan(0);
      return masks.map((mask) => mask.score);
    };
    const grid: ModelRequest = { task: 'everything', pointsPerSide: 4, regions: [] };
    for (const asked of [segmentation([point]), grid]) {
      const [all, less] = [await scoresWith(0, asked), await scoresWith(-2, asked)];
      for (const [index, value] of less.entries()) expect(value).toBeLessThan(all[index]!);
    }
    for (const asked of [segmentation([box]), segmentation([box, point])]) {
      expect(await scoresWith(-2, asked)).toEqual(await scoresWith(0, asked));
    }
  });

  it('lets clicks correct a mask, and those that agree with it change nothing', async () => {
    const zooming = await loadModel(join(folder, 'zoom'), { device: 'cpu', threads: 1 });
    const rle = encodeRle(drawMarks([box], image));
    const corrected = async (at: [number, number], positive: boolean) => {
      const marks: PromptMark[] = [
        { kind: 'mask', rle },
        { kind: 'point', at, positive },
      ];
      return (await masksOf(segmentation(marks), short, zooming))[0]!;
    };
    const inside: [number, number] = [20, 15];
    const outside: [number, number] = [50, 40];
    expect((await corrected(inside, true)).rle).toEqual(rle);
    expect((await corrected(outside, false)).rle).toEqual(rle);
    const larger = await corrected(outside, true);
    expect(rleArea(rleIntersect(larger.rle, rle))).toBe(rleArea(rle));
    expect(larger.bbox).toEqual(rleBox(larger.rle));
    await zooming.dispose();
  });

  it('gives drafts of a region that it looks at, and none of several or of what clicks agree with', async () => {
    const zooming = await loadModel(join(folder, 'zoom'), { device: 'cpu', threads: 1 });
    const draftsOf = async (request: ModelRequest) => {
      const drafts: MaskCandidate[] = [];
      await masksOf(request, { ...short, onDraft: (draft) => drafts.push(draft) }, zooming);
      return drafts;
    };
    const drafts = await draftsOf(segmentation([point]));
    expect(drafts.length).toBeGreaterThan(0);
    for (const { rle, area, bbox } of drafts) {
      expect(rle.size).toEqual([image.height, image.width]);
      expect(area).toBe(rleArea(rle));
      expect(bbox).toEqual(rleBox(rle));
    }
    expect(await draftsOf(segmentation([point], [box]))).toEqual([]);
    expect(await draftsOf(segmentation([point])), 'asked again').toEqual([]);
    await zooming.dispose();
  });

  it('averages all looks that the checkpoint asks for, unless the first one is enough', async () => {
    const manifest = JSON.parse(
      await readFile(join(folder, 'zoom', 'manifest.json'), 'utf8'),
    ) as PixelSailManifest;
    const studio = manifest.config.pixel_sail_studio;
    const stages: number[] = [];
    const second = { margin: 0.5, side: 48, mirrored: true };
    for (const looks of [
      { also: [] },
      { also: [second] },
      { also: [second], enough: 0 },
      { also: [second], enough: 1 },
    ]) {
      const zoom = { ...studio.zoom!, ...looks };
      const config = { ...manifest.config, pixel_sail_studio: { ...studio, zoom } };
      await writeFile(
        join(folder, 'zoom', 'manifest.json'),
        JSON.stringify({ ...manifest, config }),
      );
      const zooming = await loadModel(join(folder, 'zoom'), { device: 'cpu', threads: 1 });
      const events = await eventsOf(segmentation([box]), short, zooming);
      stages.push(
        events.filter((event) => event.kind === 'stage' && event.stage === 'mask').length,
      );
      await zooming.dispose();
    }
    await writeFile(join(folder, 'zoom', 'manifest.json'), JSON.stringify(manifest));
    expect(stages).toEqual([1, 2, 1, 2]);
  });

  it('refuses requests that cannot be answered, saying why', async () => {
    const outside: PromptMark = { kind: 'point', at: [600, 2], positive: true };
    await expect(resultOf(segmentation([outside]))).rejects.toMatchObject({
      code: 'prompt-outside-image',
    });
    await expect(resultOf(segmentation())).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(resultOf(words(' '))).rejects.toMatchObject({ code: 'invalid-input' });
    await expect(resultOf(segmentation([exclusion]))).rejects.toMatchObject({
      code: 'invalid-input',
    });
    const crowd = Array.from({ length: 15 }, () => [point, exclusion]);
    await expect(resultOf(segmentation(...crowd))).rejects.toThrow(/At most 15 prompts/);
    const choices = Array.from({ length: 27 }, (_, index) => `choice ${index}`);
    await expect(
      resultOf({ task: 'ask', question: 'Which?', choices, regions: [] }),
    ).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('tells what it runs on and which model answered', async () => {
    const { device, model: identity } = await resultOf(segmentation([box]));
    expect(device).toMatchObject({ requested: 'cpu', used: 'cpu', threads: 1, fallbacks: [] });
    expect(device.selfTestMs).toBeGreaterThan(0);
    expect(identity).toEqual({ id: 'tiny', hash: model.hash });
    expect(model.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('shares its sessions between two loads and survives the end of one', async () => {
    const second = await loadModel(join(folder, 'plain'), { device: 'cpu', threads: 1 });
    const before = await masksOf(segmentation([box]), short, second);
    await second.dispose();
    await second.dispose();
    expect(await masksOf(segmentation([box]))).toEqual(before);
    await expect(resultOf(segmentation([box]), short, second)).rejects.toMatchObject({
      code: 'model-not-loaded',
    });
  });

  it('refuses a damaged package', async () => {
    const damaged = join(folder, 'damaged');
    await cp(join(folder, 'plain'), damaged, { recursive: true });
    await appendFile(join(damaged, 'text.onnx'), 'x');
    await expect(loadModel(damaged)).rejects.toMatchObject({ code: 'package-invalid' });
  });

  it('refuses a package whose weights are not numbers, though its hashes are right', async () => {
    const diverged = join(folder, 'diverged');
    await cp(join(folder, 'plain'), diverged, { recursive: true });
    const path = join(diverged, 'manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as PixelSailManifest;
    const weights = manifest.files.find((file) => /\.(bin|data|weights)$/.test(file.path))!;
    const bytes = await readFile(join(diverged, weights.path));
    new Float32Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.length / 4)).fill(NaN);
    await writeFile(join(diverged, weights.path), bytes);
    Object.assign(weights, { sha256: hash('sha256', bytes, 'hex') });
    await writeFile(path, JSON.stringify(manifest));
    await expect(loadModel(diverged, { device: 'cpu' })).rejects.toMatchObject({
      code: 'package-invalid',
      sentence: 'selfTestNotFinite',
    });
  });

  it('refuses a package whose graphs are not those of its manifest', async () => {
    const changed = join(folder, 'changed');
    await cp(join(folder, 'plain'), changed, { recursive: true });
    const path = join(changed, 'manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as PixelSailManifest;
    manifest.graphs.mask.inputs['seg_states']!.dtype = 'float16';
    await writeFile(path, JSON.stringify(manifest));
    const attempt = loadModel(changed, { device: 'cpu' });
    await expect(attempt).rejects.toMatchObject({ code: 'package-invalid' });
    await expect(attempt).rejects.toThrow(
      /seg_states \(float16, rank 2\).*seg_states \(float32, rank 2\)/,
    );
  });
});
