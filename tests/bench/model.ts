import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InferenceSession } from 'onnxruntime-node';
import sharp from 'sharp';
import { askModel } from '../../models/ask-model.ts';
import type { GraphKind, ModelRequest, PromptMark } from '../../core/prompt.ts';
import {
  graphRoles,
  pixelSailManifestSchema,
  type GraphRole,
  type PixelSailManifest,
} from '../../models/families/pixel-sail/manifest.ts';
import { manifestFile } from '../../models/package/package.ts';
import { loadModel } from '../../models/load-model.ts';
import type { Model } from '../../models/model.ts';
import type { RgbImage } from '../../models/image/rgb-image.ts';
import type { Arithmetic } from '../../models/onnx/cpu-choice.ts';
import { graphFile } from '../../models/onnx/session.ts';
import { BareSession } from './bare-session.ts';
import { LineChild, pythonWith } from './line-child.ts';
import { median, milliseconds, type BenchRow } from './statistics.ts';

const imageSize = { width: 512, height: 384 };
const photo = fileURLToPath(new URL('../../demo/photos/pavilion.jpg', import.meta.url));
const eager = fileURLToPath(new URL('pytorch_eager.py', import.meta.url));
const openVino = fileURLToPath(new URL('openvino_encode.py', import.meta.url));

export interface ModelBenchOptions {
  readonly directory: string;
  readonly threads: number;
  readonly rounds: number;
}

/** One call of a graph, kept to be run again without anything around it. */
interface GraphCall {
  readonly role: GraphRole;
  readonly feeds: InferenceSession.FeedsType;
  /** The outputs that it asked for; absent = all. */
  readonly fetches?: readonly string[] | undefined;
}

/** The timed operations: the call of the product, and the equivalent request to PyTorch. */
interface Operation {
  readonly name: string;
  /** Not timed. */
  readonly before?: (round: number) => Promise<unknown>;
  readonly run: (round: number) => Promise<unknown>;
  readonly inPyTorch: (calls: readonly GraphCall[]) => string;
  /** Whether OpenVINO is asked for the same. */
  readonly isInOpenVino?: boolean;
}

/** Other runtimes, each alone in a process; null where they are not installed. */
interface Beside {
  readonly pyTorch: LineChild | null;
  readonly openVino: LineChild | null;
}

/**
 * Times the runtime on an image of 512 x 384 pixels that is not rescaled, each round one after
 * another: the product's call, the bare `session.run`s that it made (replayed, each session alone
 * in a process), and PyTorch eager with the same configuration.
 */
export async function benchModel(options: ModelBenchOptions): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'pixel-sail-bench-'));
  const directory = join(folder, 'package');
  try {
    const manifest = await packageWithoutScaling(options.directory, directory);
    await writeFile(join(folder, 'config.json'), JSON.stringify(manifest.config));
    const beside = {
      pyTorch: startPyTorch(folder, manifest, options.threads),
      openVino: startOpenVino(directory, manifest, options.threads),
    };
    const rows: BenchRow[] = [];
    for (const arithmetic of ['float32', 'int8'] as const) {
      const { threads, rounds } = options;
      const model = await loadModel(directory, { device: 'cpu', threads, cpu: { arithmetic } });
      const bare = startBareSessions(directory, manifest, threads, model.device.kind!);
      for (const operation of operations(model, await readPhoto())) {
        rows.push(...inArithmetic(arithmetic, await compare(operation, bare, beside, rounds)));
      }
      const words = await tokensPerSecond(model, await readPhoto(), beside.pyTorch, rounds);
      rows.push(...inArithmetic(arithmetic, words));
      for (const session of Object.values(bare)) session.end();
      await model.dispose();
    }
    beside.pyTorch?.end();
    beside.openVino?.end();
    for (const arithmetic of ['float32', 'int8'] as const) {
      rows.push(...inArithmetic(arithmetic, await promptsAsShipped(options, arithmetic)));
    }
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function inArithmetic(arithmetic: Arithmetic, rows: readonly BenchRow[]): BenchRow[] {
  return rows.map((row) => ({ ...row, name: `${arithmetic}: ${row.name}` }));
}

/** The same package without the settings that scale images, so that 512 pixels stay 512 pixels. */
async function packageWithoutScaling(from: string, to: string): Promise<PixelSailManifest> {
  const manifest = pixelSailManifestSchema.parse(
    JSON.parse(await readFile(join(from, manifestFile), 'utf8')),
  );
  await cp(from, to, { recursive: true });
  const plain = { ...manifest, config: { ...manifest.config, pixel_sail_studio: {} } };
  await writeFile(join(to, manifestFile), JSON.stringify(plain));
  return plain;
}

function startPyTorch(
  folder: string,
  { config }: PixelSailManifest,
  threads: number,
): LineChild | null {
  const python = pythonWith('torch', 'safetensors', 'tokenizers');
  const words = [eager, folder, ...gridWords(config), String(threads)];
  return python === null ? null : new LineChild(python, words);
}

function startOpenVino(
  directory: string,
  { config }: PixelSailManifest,
  threads: number,
): LineChild | null {
  const python = pythonWith('openvino');
  const words = [openVino, directory, ...gridWords(config), String(threads)];
  return python === null ? null : new LineChild(python, words);
}

function gridWords(config: PixelSailManifest['config']): string[] {
  return [imageSize.height, imageSize.width].map((side) => String(side / config.patch_size));
}

type BareSessions = Readonly<Record<GraphRole, BareSession>>;

function startBareSessions(
  directory: string,
  manifest: PixelSailManifest,
  threads: number,
  kind: GraphKind,
): BareSessions {
  const start = (role: GraphRole) => {
    return new BareSession(join(directory, graphFile(manifest.graphs[role], kind)), threads);
  };
  return Object.fromEntries(graphRoles.map((role) => [role, start(role)])) as BareSessions;
}

async function readPhoto(): Promise<RgbImage> {
  const { data } = await sharp(photo)
    .resize(imageSize.width, imageSize.height, { fit: 'cover' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { key: 'bench', ...imageSize, pixels: new Uint8Array(data) };
}

function operations(model: Model, image: RgbImage): Operation[] {
  const textSteps = (calls: readonly GraphCall[]) =>
    calls.flatMap(({ feeds }) => feeds['input_ids']?.dims[1] ?? []).join(' ');
  const text: ModelRequest = { task: 'segment', text: 'building', regions: [] };
  return [
    {
      name: 'image encode (with feature map)',
      run: (round) => model.prepare({ ...image, key: `encode ${round}` }),
      inPyTorch: () => 'encode',
      isInOpenVino: true,
    },
    {
      name: 'text prompt to mask, cached image',
      before: (round) => model.prepare({ ...image, key: `text ${round}` }),
      run: (round) => askModel(model, { ...image, key: `text ${round}` }, text),
      inPyTorch: (calls) => `text ${textSteps(calls)}`,
    },
    {
      name: 'visual prompt to mask',
      run: (round) => {
        const box: [number, number, number, number] = [60 + 16 * (round % 8), 60, 200, 260];
        const regions = [{ marks: [{ kind: 'box' as const, box }] }];
        const fresh = { ...image, key: `visual ${round}` };
        return askModel(model, fresh, { task: 'segment', text: null, regions });
      },
      inPyTorch: (calls) => `visual ${textSteps(calls)}`,
    },
  ];
}

/**
 * Each round times the product's call and the bare calls that it made, in turns: which of the two
 * goes first changes from round to round, for what runs second finds warmer caches. The first call
 * of a round is not timed; it only tells which calls there are.
 */
async function compare(
  { name, before, run, inPyTorch, isInOpenVino = false }: Operation,
  bareSessions: BareSessions,
  { pyTorch, openVino }: Beside,
  rounds: number,
): Promise<BenchRow[]> {
  const times: Record<'product' | 'bare' | 'pyTorch' | 'openVino', number[]> = {
    ...{ product: [], bare: [], pyTorch: [], openVino: [] },
  };
  for (let round = -2; round < rounds; round++) {
    await before?.(2 * round);
    await before?.(2 * round + 1);
    const calls = await recordCalls(() => run(2 * round));
    const timed = {
      product: () => milliseconds(() => run(2 * round + 1)),
      bare: async () => {
        let sum = 0;
        for (const { role, ...call } of calls) sum += await bareSessions[role].time(call);
        return sum;
      },
    };
    const order = round % 2 === 0 ? (['product', 'bare'] as const) : (['bare', 'product'] as const);
    const found = { product: 0, bare: 0 };
    for (const part of order) found[part] = await timed[part]();
    const eagerly = pyTorch ? Number(await pyTorch.ask(inPyTorch(calls))) : NaN;
    const inOpenVino = isInOpenVino && openVino ? Number(await openVino.ask('encode')) : NaN;
    if (round < 0) continue;
    times.openVino.push(inOpenVino);
    times.product.push(found.product);
    times.bare.push(found.bare);
    times.pyTorch.push(eagerly);
  }
  const [product, bare, eagerly] = [times.product, times.bare, times.pyTorch].map(median);
  const inOpenVino = median(times.openVino);
  const overhead = 100 * (product! / bare! - 1);
  return [
    {
      name,
      value: product!,
      unit: 'ms',
      baseline: `bare sessions, each alone ${bare!.toFixed(1)} ms`,
    },
    { name: `${name}: overhead over bare sessions`, value: overhead, unit: '%' },
    ...(pyTorch
      ? [
          {
            name: `${name}: PyTorch eager / ours`,
            value: eagerly! / product!,
            unit: 'x',
            baseline: `PyTorch ${eagerly!.toFixed(1)} ms`,
          },
        ]
      : []),
    ...(isInOpenVino && openVino
      ? [
          {
            name: `${name}: OpenVINO in float32 / ours`,
            value: inOpenVino / product!,
            unit: 'x',
            baseline: `OpenVINO ${inOpenVino.toFixed(1)} ms`,
          },
        ]
      : []),
  ];
}

/**
 * Prompts as a person gives them: the package unchanged, with all its looks; marks on a photo not
 * seen before, a text on one that the model has looked at, a "not this" where the first click
 * found a mask.
 */
async function promptsAsShipped(
  { directory, threads, rounds }: ModelBenchOptions,
  arithmetic: Arithmetic,
): Promise<BenchRow[]> {
  const model = await loadModel(directory, { device: 'cpu', threads, cpu: { arithmetic } });
  const image = await readPhoto();
  const marked = (...marks: PromptMark[]): ModelRequest => {
    return { task: 'segment', text: null, regions: [{ marks }] };
  };
  const point: PromptMark = { kind: 'point', at: [160, 190], positive: true };
  const prompts: { kind: string; request: ModelRequest; before?: ModelRequest }[] = [
    { kind: 'box', request: marked({ kind: 'box', box: [60, 60, 200, 260] }) },
    { kind: 'point', request: marked(point) },
    {
      kind: 'second click',
      request: marked(point, { kind: 'point', at: [150, 170], positive: false }),
      before: marked(point),
    },
    { kind: 'text', request: { task: 'segment', text: 'building', regions: [] } },
  ];
  const rows: BenchRow[] = [];
  for (const { kind, request, before } of prompts) {
    const times: number[] = [];
    const firsts: number[] = [];
    for (let round = -2; round < rounds; round++) {
      const fresh = { ...image, key: `${kind} as shipped ${round}` };
      if (kind === 'text') await model.prepare(fresh);
      if (before) await askModel(model, fresh, before);
      const begin = performance.now();
      let first: number | null = null;
      const onDraft = () => (first ??= performance.now() - begin);
      const time = await milliseconds(() => askModel(model, fresh, request, { onDraft }));
      if (round < 0) continue;
      times.push(time);
      if (first !== null) firsts.push(first);
    }
    if (firsts.length > 0) {
      rows.push({ name: `${kind} to first mask as shipped`, value: median(firsts), unit: 'ms' });
    }
    rows.push({ name: `${kind} to mask as shipped`, value: median(times), unit: 'ms' });
  }
  await model.dispose();
  return rows;
}

/** How fast words come, from descriptions: graph calls that read one token. */
async function tokensPerSecond(
  model: Model,
  image: RgbImage,
  pyTorch: LineChild | null,
  rounds: number,
): Promise<BenchRow[]> {
  let tokens = 0;
  let generateMs = 0;
  const eagerly: number[] = [];
  await model.prepare(image);
  for (let round = 0; round < rounds; round++) {
    const calls = await recordCalls(async () => {
      const result = await askModel(model, image, { task: 'describe', regions: [] });
      generateMs += result.timings['generate'] ?? 0;
    });
    tokens += calls.filter(({ feeds }) => feeds['input_ids']?.dims[1] === 1).length;
    if (pyTorch) eagerly.push(Number(await pyTorch.ask('token')));
  }
  if (tokens === 0) return [];
  const value = (1000 * tokens) / generateMs;
  const other = 1000 / median(eagerly);
  return [
    { name: 'words', value, unit: 'tokens/s' },
    ...(pyTorch
      ? [
          {
            name: 'words: ours / PyTorch eager',
            value: value / other,
            unit: 'x',
            baseline: `PyTorch ${other.toFixed(0)} tokens/s`,
          },
        ]
      : []),
  ];
}

/** The base class of all sessions; the types call it a factory. */
const graphSessions = (InferenceSession as unknown as { prototype: RunnableSession }).prototype;
interface RunnableSession {
  run(
    feeds: InferenceSession.FeedsType,
    fetches?: readonly string[],
  ): ReturnType<InferenceSession['run']>;
}

/** Runs the work and returns the calls of graphs that it made. */
async function recordCalls(work: () => Promise<unknown>): Promise<GraphCall[]> {
  const calls: GraphCall[] = [];
  const { run } = graphSessions;
  graphSessions.run = function (this: RunnableSession, feeds, ...fetches) {
    calls.push({ role: roleOf(feeds), feeds, fetches: fetches[0] });
    return run.call(this, feeds, ...fetches);
  };
  try {
    await work();
  } finally {
    graphSessions.run = run;
  }
  return calls;
}

/** Which graph takes these inputs; each takes one that no other does. */
function roleOf(feeds: InferenceSession.FeedsType): GraphRole {
  if ('patches' in feeds) return 'image';
  if ('input_ids' in feeds) return 'text';
  return 'states' in feeds ? 'features' : 'mask';
}
