import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import { rasterizeBox, rasterizeScribble } from '../../core/geometry/raster.ts';
import { encodeRle, rleArea, rleBox } from '../../core/geometry/rle.ts';
import type { Bitmap, Box } from '../../core/geometry/shapes.ts';
import type {
  AnswerMask,
  DeviceReport,
  ModelAnswer,
  ModelRequest,
  RegionPrompt,
} from '../../core/prompt.ts';
import {
  pixelSailManifestSchema,
  type PixelSailManifest,
} from '../../models/families/pixel-sail/manifest.ts';
import { loadModel } from '../../models/load-model.ts';
import type { AnswerEvent, AnswerOptions, LoadOptions, Model } from '../../models/model.ts';
import type { RgbImage } from '../../models/image/rgb-image.ts';

/**
 * A model without a network. Its masks are the prompts themselves (a point becomes a disc, a box
 * its inside, text the middle of the image); under another id than `fake`, those of boxes are
 * smaller. Some texts steer it: "die" ends the process, "wait" answers only when cancelled, "block"
 * is deaf for a minute as native code is, "slow" takes 50 ms, "fail" throws, "fail ID" throws in
 * the model of that id.
 */
export async function loadFakeModel(directory: string, options: LoadOptions): Promise<Model> {
  const text = await readFile(join(directory, 'manifest.json'), 'utf8');
  const json = JSON.parse(text) as { family: string };
  // Models on servers are real: the server is the test's own.
  if (json.family === 'chat') return loadModel(directory, options);
  const manifest = pixelSailManifestSchema.parse(json);
  if (manifest.version === 'dies-on-load') process.exit(3);
  const device: DeviceReport = {
    requested: options.device ?? 'auto',
    used: 'cpu',
    name: 'made up',
    selfTestMs: 1,
    threads: 1,
    fallbacks: [],
  };
  const timings = timingsOf(process.env['PIXELSAIL_FAKE_TIMINGS']);
  const model = { id: manifest.id, hash: 'f'.repeat(64) };
  return {
    manifest,
    device,
    hash: model.hash,
    requireReadable: () => undefined,
    prepare: () => Promise.resolve(),
    async *answer(image, request, answerOptions): AsyncGenerator<AnswerEvent> {
      yield { kind: 'stage', stage: 'encode' };
      const answer = answerTo(image, request, model.id === 'fake' ? 1 : 0.7);
      const [first] = answer.masks;
      if (first) await wait(timings.draftMs);
      if (first) answerOptions?.onDraft?.(first);
      await wait(timings.answerMs - timings.draftMs);
      const words = wordsOf(request);
      await obey(words === `fail ${model.id}` ? 'fail' : words, answerOptions);
      yield { kind: 'stage', stage: 'generate' };
      for (const word of answer.text.split(/(?<= )/)) yield { kind: 'token', text: word };
      yield { kind: 'result', result: { answers: [answer], device, timings: { total: 1 }, model } };
    },
    dispose: () => Promise.resolve(),
  };
}

/**
 * The times to the first mask and to the last, in milliseconds, of a real model; none where nobody
 * measures.
 */
function timingsOf(words = '0,0') {
  const [draftMs = 0, answerMs = 0] = words.split(',').map(Number);
  return { draftMs, answerMs };
}

async function obey(words: string, options?: AnswerOptions): Promise<void> {
  if (words === 'die') process.exit(9);
  if (words === 'fail') throw new Error('The made-up model was told to fail.');
  if (words === 'slow') await wait(50);
  if (words === 'block') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
  if (words === 'wait') {
    await wait(60_000, undefined, options?.signal ? { signal: options.signal } : {});
  }
}

function wordsOf(request: ModelRequest): string {
  switch (request.task) {
    case 'segment':
      return request.text ?? '';
    case 'describe':
    case 'everything':
      return '';
    case 'ask':
      return request.question;
  }
}

function answerTo(image: RgbImage, request: ModelRequest, boxScale: number): ModelAnswer {
  switch (request.task) {
    case 'segment':
      return {
        text: 'It is [SEG].',
        masks:
          request.regions.length > 0
            ? request.regions.map((region, index) =>
                toMask(drawRegion(image, region, boxScale), index),
              )
            : [toMask(drawMiddle(image), null)],
        choice: null,
      };
    case 'everything':
      return { text: '', masks: [toMask(drawMiddle(image), null)], choice: null };
    case 'describe':
      return { text: 'a made up description', masks: [], choice: null };
    case 'ask':
      return {
        text: request.choices[0] ?? 'yes',
        masks: [],
        choice: request.choices.length > 0 ? 0 : null,
      };
  }
}

function drawMiddle({ width, height }: RgbImage): Bitmap {
  return rasterizeBox([width / 4, height / 4, width / 2, height / 2], width, height);
}

function drawRegion({ width, height }: RgbImage, region: RegionPrompt, boxScale: number): Bitmap {
  const mark = region.marks.find((candidate) => !('positive' in candidate) || candidate.positive);
  switch (mark?.kind) {
    case 'point':
      return rasterizeScribble([mark.at], Math.min(width, height) / 5, width, height);
    case 'scribble':
      return rasterizeScribble(mark.points, mark.width, width, height);
    case 'box':
      return rasterizeBox(scaled(mark.box, boxScale), width, height);
    default:
      return rasterizeBox([0, 0, width / 2, height / 2], width, height);
  }
}

/** A box around the same centre. */
function scaled([x, y, width, height]: Box, scale: number): Box {
  const margin = (1 - scale) / 2;
  return [x + margin * width, y + margin * height, scale * width, scale * height];
}

function toMask(bitmap: Bitmap, region: number | null): AnswerMask {
  const rle = encodeRle(bitmap);
  return {
    rle,
    area: rleArea(rle),
    bbox: rleBox(rle),
    score: 0.9,
    threshold: 0.5,
    region,
    label: null,
  };
}

/** The sha256 of an empty file. */
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const emptyFiles = ['none.onnx', 'tokenizer.json'];
const noGraph = { file: 'none.onnx', inputs: {}, outputs: {} };

/** Writes a package of the made-up model into `catalog/fake` and returns the catalog. */
export async function writeFakeCatalog(catalog: string, version = '1.0.0'): Promise<string> {
  const manifest: PixelSailManifest = {
    formatVersion: 1,
    family: 'pixel-sail',
    id: 'fake',
    version,
    title: 'Made-up model',
    description: 'Draws the prompt.',
    license: 'Apache-2.0',
    source: { url: 'https://example.org', revision: '1' },
    precision: 'fp32',
    tasks: ['segment', 'describe', 'ask'],
    config: pixelSailManifestSchema.shape.config.parse({
      hidden_size: 8,
      num_hidden_layers: 1,
      num_attention_heads: 1,
      num_key_value_heads: 1,
      intermediate_size: 8,
      vocab_size: 8,
      mask_dim: 8,
      special_token_ids: {},
      prompt_token_ids: [],
    }),
    graphs: { image: noGraph, text: noGraph, features: noGraph, mask: noGraph },
    tokenizer: 'tokenizer.json',
    files: emptyFiles.map((path) => ({ path, sha256: emptyHash, bytes: 0 })),
    memory: { weightsBytes: 0, workingBytes: 0 },
  };
  await mkdir(join(catalog, 'fake'), { recursive: true });
  for (const path of emptyFiles) await writeFile(join(catalog, 'fake', path), '');
  await writeFile(join(catalog, 'fake', 'manifest.json'), JSON.stringify(manifest));
  return catalog;
}
