import { createHash } from 'node:crypto';
import type { Tensor } from '../../../onnx/tensor.ts';
import { chatPrompt, stopTokens } from '../processor/chat.ts';
import { patchGrid, patchify } from '../processor/patches.ts';
import { largestFirst, promptIndex, type DrawnPrompt } from '../processor/prompts.ts';
import { segmentationAnswer } from '../processor/templates.ts';
import { mirrorPixels, resizeBilinear } from '../../../image/resize.ts';
import type { Tokenizer } from '../processor/tokenizer.ts';
import type { View } from '../processor/view.ts';
import { segLabels, TextStream, type SegLabel } from './answers.ts';
import { rest, throwIfCancelled } from '../../../cancellation.ts';
import { generate, readInPieces, type Generated, type NextTokens } from '../network/generate.ts';
import { constrainAtClicks, type HeldPlace } from './constrain-at-clicks.ts';
import { ByteCache } from '../../../answer/byte-cache.ts';
import { meanLogProbabilities } from '../network/likelihood.ts';
import { nameAnswer, readName } from './name-answer.ts';
import type { EncodedImage, Network } from '../network/network.ts';
import type { AnswerEvent, AnswerOptions } from '../../../model.ts';
import type { RgbImage } from '../../../image/rgb-image.ts';
import { tokenChoice } from '../network/sampling.ts';
import type { LogitMap } from '../../../answer/logit-map.ts';
import { mirrorMap } from './soft-mask.ts';
import { upsamplingFactor, type Edges } from '../config.ts';
import type { CutMask } from './cut-mask.ts';
import { edgeGuide, type EdgeGuide } from './follow-edges.ts';
import type { Stopwatch } from '../../../answer/stopwatch.ts';

/** One look at an image: what is shown, what is marked in it, and what is asked. */
export interface Pass {
  readonly view: View;
  readonly prompts: readonly DrawnPrompt[];
  readonly question: string;
  /** The beginning of the answer, where it is given. */
  readonly answerPrefix: string;
  /** 0 reads the question and the prefix only. */
  readonly maximumTokens: number;
  /**
   * For a question about a name: the answer is one of two fixed ones (`name-answer.ts`). Absent =
   * it is generated freely.
   */
  readonly absenceThreshold?: number | undefined;
  /** Places of the view, before it is mirrored, that every mask is made to agree with. */
  readonly held?: readonly HeldPlace[];
}

/** A mask that came out of a pass, not yet scaled to the image; the view's mirroring is undone. */
export interface PassMask extends SegLabel {
  readonly map: LogitMap;
}

export interface PassResult {
  /** The generated words with their special tokens. */
  readonly text: string;
  readonly masks: readonly PassMask[];
}

/** The mask that a view gives for a name, whether it is there or not. */
export interface NamedMask {
  /** By how much the answer would rather begin with "It" than with "No", in logits. */
  readonly affirmed: number;
  /** Of "It is [SEG].". */
  readonly found: PassResult;
}

/** Values of an answer as a whole. */
export interface AnswerContext {
  readonly image: RgbImage;
  readonly options: AnswerOptions;
  readonly stopwatch: Stopwatch;
}

/**
 * An encoded image; once a mask was asked for, its feature map; and the answers that generate
 * nothing, by question.
 */
interface CachedImage {
  readonly encoded: EncodedImage;
  features: Tensor | null;
  readonly read: Map<string, PassResult>;
  /** By question about a name. */
  readonly named: Map<string, NamedMask>;
  readonly bytes: number;
}

interface CachedPixels {
  readonly pixels: Uint8Array;
  readonly bytes: number;
}

interface CachedPatches {
  readonly patches: Float32Array;
  readonly bytes: number;
}

interface CachedMask {
  readonly mask: CutMask;
  readonly bytes: number;
}

/** Runs passes, keeping what the next one can reuse. */
export class PassRunner {
  readonly network: Network;
  readonly #tokenizer: Tokenizer;
  readonly #images: ByteCache<CachedImage>;
  readonly #patches: ByteCache<CachedPatches>;
  readonly #pixels: ByteCache<CachedPixels>;
  readonly #guides: ByteCache<EdgeGuide>;
  readonly #masks: ByteCache<CachedMask>;
  readonly #stopIds: ReadonlySet<number>;

  constructor(network: Network, tokenizer: Tokenizer, cacheBytes: number) {
    this.network = network;
    this.#tokenizer = tokenizer;
    this.#images = new ByteCache(cacheBytes);
    this.#patches = new ByteCache(cacheBytes / 8);
    this.#pixels = new ByteCache(cacheBytes / 16);
    this.#guides = new ByteCache(cacheBytes / 16);
    this.#masks = new ByteCache(cacheBytes / 16);
    this.#stopIds = new Set(stopTokens.map((token) => network.config.special_token_ids[token]!));
  }

  /** Reads a view without prompts, so that a text about it is answered at once. */
  async prepare(context: AnswerContext, view: View): Promise<void> {
    await this.#features(context, await this.#encode(context, view, []));
  }

  /** @throws AppError `cancelled` when the signal aborts. */
  async *run(context: AnswerContext, pass: Pass): AsyncGenerator<AnswerEvent, PassResult> {
    const { signal } = context.options;
    await rest(signal);
    yield { kind: 'stage', stage: 'encode' };
    const image = await this.#encode(context, pass.view, pass.prompts);
    throwIfCancelled(signal);

    const question = chatPrompt(pass.question, pass.answerPrefix);
    // Requests without generation give the same text again, for example after a further click.
    const isFixed = pass.maximumTokens === 0;
    const known = isFixed ? image.read.get(question) : undefined;
    const read = known ?? (yield* this.#read(context, pass, image, question));
    if (isFixed) image.read.set(question, read);

    const maps = await this.#hold(image, read.masks, pass);
    const { mirrored } = pass.view;
    const masks = read.masks.map((mask, index) => {
      const map = maps[index]!;
      return { ...mask, map: mirrored ? mirrorMap(map) : map };
    });
    return { text: read.text, masks };
  }

  /**
   * The mask of a name in a view that is not mirrored and shows no prompts, and how far the model
   * says that it is there.
   * @throws AppError `cancelled` when the signal aborts.
   */
  async *runName(
    context: AnswerContext,
    view: View,
    question: string,
  ): AsyncGenerator<AnswerEvent, NamedMask> {
    const { options, stopwatch } = context;
    await rest(options.signal);
    yield { kind: 'stage', stage: 'encode' };
    const image = await this.#encode(context, view, []);
    const known = image.named.get(question);
    if (known) return known;
    throwIfCancelled(options.signal);
    yield { kind: 'stage', stage: 'prefill' };
    const { affirmed, state } = await stopwatch.time('prefill', () =>
      readName(this.network, this.#tokenizer, image.encoded.past, question, options.signal),
    );
    throwIfCancelled(options.signal);
    yield { kind: 'stage', stage: 'mask' };
    const [map] = await this.#maps(context, image, [state]);
    const mask = { map: map!, label: null, promptId: null, isAbsent: false };
    const named = { affirmed, found: { text: segmentationAnswer, masks: [mask] } };
    image.named.set(question, named);
    return named;
  }

  /** The answer to a question about an encoded image, its masks as the view shows it. */
  async *#read(
    context: AnswerContext,
    pass: Pass,
    image: CachedImage,
    question: string,
  ): AsyncGenerator<AnswerEvent, PassResult> {
    yield { kind: 'stage', stage: 'prefill' };
    const promptIds = this.#tokenizer.encode(question);
    const generated = yield* this.#generate(context, pass, image, promptIds);
    throwIfCancelled(context.options.signal);

    const words = generated.ids.filter((id) => !this.#stopIds.has(id));
    const text = this.#tokenizer.decode(words);
    if (generated.segStates.length === 0) return { text, masks: [] };
    yield { kind: 'stage', stage: 'mask' };
    const maps = await this.#maps(context, image, generated.segStates);
    const segId = this.network.config.special_token_ids['[SEG]']!;
    const labels = segLabels([...promptIds, ...generated.ids], segId, this.#tokenizer);
    return { text, masks: maps.map((map, index) => ({ ...labels[index]!, map })) };
  }

  /**
   * How likely each answer to a question about a view is: the mean log-probability of its tokens
   * and of the end after them.
   * @throws AppError `cancelled` when the signal aborts.
   */
  async answerLikelihoods(
    context: AnswerContext,
    pass: Pick<Pass, 'view' | 'prompts' | 'question'>,
    answers: readonly string[],
  ): Promise<number[]> {
    const { signal } = context.options;
    await rest(signal);
    const image = await this.#encode(context, pass.view, pass.prompts);
    const [end] = stopTokens;
    const endId = this.network.config.special_token_ids[end]!;
    const continuations = answers.map((answer) => [...this.#tokenizer.encode(answer), endId]);
    return context.stopwatch.time('choose', async () => {
      const questionIds = this.#tokenizer.encode(chatPrompt(pass.question));
      const read = await readInPieces(this.network, questionIds, image.encoded.past, signal);
      return meanLogProbabilities(this.network, read, continuations, signal);
    });
  }

  async *#generate(
    { options, stopwatch }: AnswerContext,
    pass: Pass,
    image: CachedImage,
    promptIds: readonly number[],
  ): AsyncGenerator<AnswerEvent, Generated> {
    const tokens = generate(this.network, image.encoded.past, promptIds, {
      next: this.#nextTokens(options, pass),
      stopIds: this.#stopIds,
      maximumTokens: pass.maximumTokens,
      segId: this.network.config.special_token_ids['[SEG]']!,
      signal: options.signal,
    });
    let next = await stopwatch.time('prefill', () => tokens.next());
    if (!next.done) yield { kind: 'stage', stage: 'generate' };
    const ids: number[] = [];
    const stream = new TextStream();
    while (!next.done) {
      ids.push(next.value);
      const text = stream.next(this.#tokenizer.decode(ids));
      if (text !== '') yield { kind: 'token', text };
      next = await stopwatch.time('generate', () => tokens.next());
    }
    return next.value;
  }

  #nextTokens({ generation = {} }: AnswerOptions, { absenceThreshold }: Pass): NextTokens {
    if (absenceThreshold !== undefined) return nameAnswer(this.#tokenizer, absenceThreshold);
    const choose = tokenChoice(generation);
    return (logits) => [choose(logits)];
  }

  async #encode(
    { image, options: { signal }, stopwatch }: AnswerContext,
    view: View,
    prompts: readonly DrawnPrompt[],
  ): Promise<CachedImage> {
    const patchSize = this.network.config.patch_size;
    const grid = patchGrid(view.size, patchSize);
    const index = promptIndex(largestFirst(prompts), grid.rows * grid.columns);
    const viewKey = `${image.key} ${JSON.stringify(view)}`;
    const key = `${viewKey} ${createHash('sha256').update(index).digest('hex')}`;
    const known = this.#images.get(key);
    if (known) return known;

    return stopwatch.time('encode', async () => {
      const patches = this.#patchesOf(image, view, viewKey);
      await rest(signal);
      const encoded = await this.network.encodeImage(patches, index, grid);
      const bytes = this.network.encodedBytes(grid);
      const entry: CachedImage = {
        encoded,
        features: null,
        read: new Map(),
        named: new Map(),
        bytes,
      };
      this.#images.set(key, entry);
      return entry;
    });
  }

  #patchesOf(image: RgbImage, view: View, key: string): Float32Array {
    const known = this.#patches.get(key);
    if (known) return known.patches;
    const pixels = this.pixelsOf(image, view);
    const shown = view.mirrored ? mirrorPixels(pixels, view.size) : pixels;
    const patches = patchify(shown, view.size, this.network.config.patch_size);
    this.#patches.set(key, { patches, bytes: patches.byteLength });
    return patches;
  }

  /** The pixels that a view shows, not mirrored. */
  pixelsOf(image: RgbImage, { part, size }: View): Uint8Array {
    const key = `${image.key} ${JSON.stringify([part, size])}`;
    const known = this.#pixels.get(key);
    if (known) return known.pixels;
    const pixels = resizeBilinear(image, part, size);
    this.#pixels.set(key, { pixels, bytes: pixels.byteLength });
    return pixels;
  }

  /**
   * The edges that a view shows, to fit masks of its part to.
   * @param reduction how many times smaller than the view the image of the edges is
   */
  edgeGuide({ image }: AnswerContext, view: View, edges: Edges, reduction = 1): EdgeGuide {
    const { part } = view;
    const size = { width: view.size.width / reduction, height: view.size.height / reduction };
    const key = `${image.key} ${JSON.stringify([part, size, edges])}`;
    const known = this.#guides.get(key);
    if (known) return known;
    const { config } = this.network;
    const cell = config.patch_size / upsamplingFactor(config) / reduction;
    const guide = edgeGuide({ part, size }, this.pixelsOf(image, { part, size }), edges, cell);
    this.#guides.set(key, guide);
    return guide;
  }

  /**
   * A mask that was found before, or what `find` gives: each click on an object builds on all that
   * were made before it.
   * @param question plain data that says everything `find` depends on beside the image and the
   * threshold
   */
  async *remembered(
    { image, options: { threshold } }: AnswerContext,
    question: unknown,
    find: () => AsyncGenerator<AnswerEvent, CutMask>,
  ): AsyncGenerator<AnswerEvent, CutMask> {
    const asked = JSON.stringify([threshold ?? null, question]);
    const key = `${image.key} ${createHash('sha256').update(asked).digest('hex')}`;
    const known = this.#masks.get(key);
    if (known) return known.mask;
    const mask = yield* find();
    this.#masks.set(key, { mask, bytes: mask.rle.counts.length + 512 });
    return mask;
  }

  async #features(
    { options: { signal }, stopwatch }: AnswerContext,
    image: CachedImage,
  ): Promise<Tensor> {
    throwIfCancelled(signal);
    image.features ??= await stopwatch.time('mask', () => this.network.featureMap(image.encoded));
    return image.features;
  }

  async #maps(
    context: AnswerContext,
    image: CachedImage,
    segStates: readonly Float32Array[],
  ): Promise<LogitMap[]> {
    const features = await this.#features(context, image);
    throwIfCancelled(context.options.signal);
    const { logits, count, width, height } = await context.stopwatch.time('mask', () =>
      this.network.maskLogits(segStates, features),
    );
    const cells = width * height;
    return Array.from({ length: count }, (_, index) => ({
      logits: logits.subarray(index * cells, (index + 1) * cells),
      width,
      height,
    }));
  }

  async #hold(
    { features }: CachedImage,
    masks: readonly PassMask[],
    { held = [], view: { mirrored } }: Pass,
  ): Promise<readonly LogitMap[]> {
    const maps = masks.map(({ map }) => map);
    if (held.length === 0 || maps.length === 0) return maps;
    const values = (await features!.getData()) as Float32Array;
    const places = mirrored ? held.map((place) => ({ ...place, x: 1 - place.x })) : held;
    const channels = features!.dims[0]!;
    return maps.map((map) => constrainAtClicks(map, { values, channels }, places));
  }

  /** Forgets all images. */
  clear(): void {
    this.#images.clear();
    this.#patches.clear();
    this.#pixels.clear();
    this.#guides.clear();
    this.#masks.clear();
  }
}
